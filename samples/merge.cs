// Profiles travel, rows need not: every pod counts for itself, saving and adding lose nothing. Run: dotnet run samples/merge.cs
#:project ../src/Drift.Core/Drift.Core.csproj
#:property PublishAot=false
using Drift;

var random = new Random(3);
double[] Draw(int n) => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())];
var reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x"))).Add("x", Draw(10_000)).ToProfile();

var all = Draw(3_000);
Profile Pod(int at) => ProfileBuilder.ForWindow(reference).Add("x", all.AsSpan(1_000 * at, 1_000)).ToProfile();
byte[][] sent = [ProfileFormat.Write(Pod(0)), ProfileFormat.Write(Pod(1)), ProfileFormat.Write(Pod(2))];

var merged = sent.Select(bytes => ProfileFormat.Read(bytes)).Aggregate((a, b) => a + b);
var together = ProfileBuilder.ForWindow(reference).Add("x", all).ToProfile();
Console.WriteLine($"{merged.Rows} rows; the same counts: {merged.Find("x")!.Histogram!.Counts.SequenceEqual(together.Find("x")!.Histogram!.Counts)}");
