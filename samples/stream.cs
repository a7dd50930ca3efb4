// Where does a stream of errors change? Run: dotnet run samples/stream.cs
#:project ../src/Drift.Core/Drift.Core.csproj
#:property PublishAot=false
using Drift;

var random = new Random(11);
double[] errors = [.. Enumerable.Range(0, 6_000).Select(i => random.NextDouble() < (i < 3_000 ? .1 : .25) ? 1.0 : 0.0)];
foreach (var name in new[] { "adwin", "hddm_a", "page_hinkley" })
{
    var found = ChangeDetector.Create(name).Scan(errors).Where(p => p.Kind == ChangeKind.Drift);
    Console.WriteLine($"{name}: {string.Join(", ", found.Select(p => p.Index))}");
}
