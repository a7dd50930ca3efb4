// The bare functions: counts or samples in, a number out. Run: dotnet run samples/functions.cs
#:project ../src/Drift.Core/Drift.Core.csproj
#:property PublishAot=false
using Drift;

long[] before = [500, 300, 200];
long[] now = [200, 150, 100];

Console.WriteLine($"psi {Divergence.Psi(before, now):F4}, js {Divergence.Js(before, now):F4}, hellinger {Divergence.Hellinger(before, now):F4}");

double[] x = [.. Enumerable.Range(1, 1000).Select(i => Math.Sqrt(i))];
double[] y = [.. Enumerable.Range(1, 600).Select(i => 1.1 * Math.Sqrt(i) + .3)];
var test = KolmogorovSmirnov.Test(x, y);
Console.WriteLine($"ks {test.Statistic:F3}, p {test.PValue:E2}");
Console.WriteLine($"a window of {Power.RowsNeeded(n: 50_000, cells: 10):N0} rows finds a psi of 0.1 in four of five windows");
