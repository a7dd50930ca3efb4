// A reference, a window, a report: as text, and as an HTML file that opens anywhere. Run: dotnet run samples/compare.cs
#:project ../src/Drift.Core/Drift.Core.csproj
#:property PublishAot=false
using Drift;

var random = new Random(7);
double[] Amounts(int n, double factor) => [.. Enumerable.Range(0, n).Select(_ => factor * Math.Exp(3 + .8 * (random.NextDouble() + random.NextDouble() - 1)))];
string[] Countries(int n, double german) => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() < german ? "DE" : random.Next(2) == 0 ? "FR" : "IT")];

var schema = Schema.Of(ColumnSpec.Numeric("amount"), ColumnSpec.Categorical("country"));
var reference = ProfileBuilder.ForReference(schema).Add("amount", Amounts(20_000, 1)).Add("country", Countries(20_000, .5)).ToProfile();
var today = ProfileBuilder.ForWindow(reference).Add("amount", Amounts(4_000, 1.5)).Add("country", Countries(4_000, .5)).ToProfile();

var report = DriftReport.Compare(reference, today);
Console.WriteLine(report);
File.WriteAllText("drift.html", report.ToHtml());
