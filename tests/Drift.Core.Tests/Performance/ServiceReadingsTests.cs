using FsCheck;
using FsCheck.Fluent;

namespace Drift.Core.Tests.Performance;

public sealed class ServiceReadingsTests
{
    static readonly Schema schema = Schema.Of(ColumnSpec.Numeric("latency_ms", ColumnRole.Service), ColumnSpec.Categorical("error", ColumnRole.Service), ColumnSpec.Numeric("revenue", ColumnRole.Service), ColumnSpec.Numeric("x"));

    static readonly Profile reference = ProfileBuilder.ForReference(schema).Add("latency_ms", [.. Enumerable.Range(0, 1000).Select(i => i / 10.0)]).Add("error", Enumerable.Range(0, 1000).Select(i => i % 100 == 0 ? "timeout" : null))
        .Add("revenue", [.. Enumerable.Range(0, 1000).Select(i => i % 10.0)]).Add("x", new double[1000]).ToProfile();

    [Fact]
    public void Percentiles_lie_between_their_bounds_and_so_does_the_order_statistic() => Prop.ForAll<int[]>(seeds =>
    {
        if (seeds.Length == 0) return true;
        var latencies = Array.ConvertAll(seeds, s => Math.Abs(s % 3000) / 20.0 - 10);
        var window = ProfileBuilder.ForWindow(reference).Add("latency_ms", latencies).ToProfile();
        Array.Sort(latencies);
        var readings = ServiceReadings.Of(window, reference, TimeSpan.Zero).ToDictionary(r => r.Measure);
        return new[] { 50, 95, 99 }.All(p =>
        {
            var (r, exact) = (readings[$"p{p}_ms"], latencies[(int)Math.Floor(p / 100.0 * (latencies.Length - 1))]);
            return r.Detail!.Lower <= exact && exact <= r.Detail.Upper && r.Detail.Lower <= r.Value && r.Value <= r.Detail.Upper;
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Errors_metrics_throughput_and_limits()
    {
        var window = ProfileBuilder.ForWindow(reference).Add("error", ["timeout", null, "new", null]).Add("revenue", [1.5, 2.5, double.NaN, 3]).AddRows(4).ToProfile();
        var readings = ServiceReadings.Of(window, reference, TimeSpan.FromSeconds(8), new Dictionary<string, double> { ["error_rate"] = 0.1 }).ToDictionary(r => r.Measure);
        Assert.Equal(0.5, readings["error_rate"].Value);
        Assert.Equal(0.01, readings["error_rate"].ReferenceValue);
        Assert.Equal(0.1, readings["error_rate"].Detail!.Numbers.Single(n => n.Key == "sla").Value);
        Assert.Equal(7.0 / 3, readings["metric_revenue_mean"].Value, 1e-12);
        Assert.Equal(7, readings["metric_revenue_sum"].Value, 1e-12);
        Assert.Equal(4.5, readings["metric_revenue_mean"].ReferenceValue!.Value, 1e-12);
        foreach (var (percent, exact) in ((int, double)[])[(50, 2.5), (95, 2.5), (99, 2.5)])
            Assert.InRange(exact, readings[$"metric_revenue_p{percent}"].Detail!.Lower!.Value, readings[$"metric_revenue_p{percent}"].Detail!.Upper!.Value);
        Assert.Equal(0.5, readings["throughput_rps"].Value);
        Assert.DoesNotContain(readings.Keys, k => k.Contains("_x_", StringComparison.Ordinal));
        Assert.DoesNotContain("p99_ms", readings.Keys);
    }
}
