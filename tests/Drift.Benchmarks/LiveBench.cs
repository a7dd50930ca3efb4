namespace Drift.Benchmarks;

/// <summary>What recording a row of 30 features costs a service's request.</summary>
sealed class LiveBench : Bench
{
    const int Features = 30, Rows = 4096;

    public override string Name => "live";

    public override IReadOnlyList<Goal> Goals { get; } =
    [
        new("LiveMonitor.Record of 30 features: time over copying 30 doubles", 6, AtMost: true),
        new("LiveMonitor.Record: time per row with 2 threads over 1", 1.2, AtMost: true),
    ];

    public override double[] Measure(Meter meter)
    {
        var rows = Samples.Normal(Rows * Features);
        var builder = ProfileBuilder.ForReference(new(Enumerable.Range(0, Features).Select(i => ColumnSpec.Numeric($"f{i}"))));
        for (var i = 0; i < Features; i++) builder.Add($"f{i}", rows.AsSpan(i * Rows, Rows));
        using var monitor = new LiveMonitor(builder.ToProfile(), TimeProvider.System);
        var copy = new double[Features];
        var times = meter.Times(
            () =>
            {
                for (var row = 0; row < Rows; row++) rows.AsSpan(row * Features, Features).CopyTo(copy);
            },
            () => Record(monitor, rows),
            () => Parallel.Invoke(() => Record(monitor, rows), () => Record(monitor, rows)));
        return [times[1] / times[0], times[2] / times[1]];
    }

    static void Record(LiveMonitor monitor, double[] rows)
    {
        for (var row = 0; row < Rows; row++) monitor.Record(rows.AsSpan(row * Features, Features));
    }
}
