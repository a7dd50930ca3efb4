using System.Diagnostics.Metrics;

namespace Drift.Core.Tests.Live;

public sealed class LiveMonitorTests
{
    static readonly Profile reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x"), ColumnSpec.Categorical("c"), ColumnSpec.Numeric("y")))
        .Add("x", [.. Enumerable.Range(0, 1000).Select(i => i / 1000.0)])
        .Add("c", Enumerable.Range(0, 1000).Select(i => (string?)$"c{i % 3}"))
        .Add("y", [.. Enumerable.Range(0, 1000).Select(i => i * i / 1e6)])
        .ToProfile();

    static readonly string[] texts = ["c0", "c1", "c2", "new"];

    static void Record(LiveMonitor monitor, int row) => monitor.Record([row % 997 / 997.0, row % 13 / 7.0], [row % 5 == 4 ? null : texts[row % 4]]);

    [Fact]
    public void Every_row_of_every_thread_is_in_exactly_one_window()
    {
        const int Threads = 4, Rows = 30_000;
        using var monitor = new LiveMonitor(reference, TimeProvider.System);
        using var alone = new LiveMonitor(reference, TimeProvider.System);
        for (var row = 0; row < Rows; row++)
            for (var thread = 0; thread < Threads; thread++) Record(alone, row);
        var windows = new List<Profile>();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (var row = 0; row < Rows; row++) Record(monitor, row);
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        while (threads.Any(thread => thread.IsAlive))
        {
            windows.Add(monitor.CloseWindow());
            monitor.Snapshot();
        }
        windows.Add(monitor.CloseWindow());
        var (expected, sum) = (alone.CloseWindow(), windows.Aggregate((a, b) => a + b));
        Assert.Equal(Threads * Rows, sum.Rows);
        for (var column = 0; column < 3; column++)
            if (expected.Columns[column].Histogram is { } histogram) Assert.Equal(histogram.Counts.ToArray(), sum.Columns[column].Histogram!.Counts.ToArray());
            else Assert.Equal(Text(expected.Columns[column].Categories!), Text(sum.Columns[column].Categories!));
        Assert.Equal(0, monitor.Snapshot().Rows);
    }

    static string Text(CategoryCounts counts) => $"{string.Join(',', counts.Counts.ToArray())} {counts.Unseen} {counts.Null}";

    [Fact]
    public void Recording_allocates_nothing()
    {
        using var monitor = new LiveMonitor(reference, TimeProvider.System);
        for (var row = 0; row < 2000; row++) Record(monitor, row);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var row = 0; row < 2000; row++) Record(monitor, row);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_snapshot_leaves_the_window_open_and_closing_begins_the_next()
    {
        using var monitor = new LiveMonitor(reference, TimeProvider.System);
        for (var row = 0; row < 300; row++) Record(monitor, row);
        Assert.Equal(300, monitor.Snapshot().Rows);
        Record(monitor, 1);
        var closed = monitor.CloseWindow();
        Assert.Equal((301, reference.Id), (closed.Rows, closed.Id));
        Record(monitor, 2);
        var next = monitor.CloseWindow();
        Assert.Equal(1, next.Rows);
        Assert.Equal(closed.End, next.Start);
    }

    [Fact]
    public async Task The_timer_hands_windows_off()
    {
        var handed = new TaskCompletionSource<Profile>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var monitor = new LiveMonitor(reference, TimeProvider.System, TimeSpan.FromMilliseconds(20), profile => handed.TrySetResult(profile));
        Record(monitor, 0);
        Assert.Equal(1, (await handed.Task.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken)).Rows);
    }

    [Fact]
    public void Instruments_tell_rows_windows_and_psi()
    {
        var (rows, columns) = (0L, new HashSet<string>());
        using var listener = new MeterListener();
        using var monitor = new LiveMonitor(reference, TimeProvider.System);
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == LiveMonitor.MeterName) own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => rows += instrument.Name == "drift.live.rows" && value == 523 ? value : 0);
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => columns.Add((string)tags[0].Value!));
        listener.Start();
        for (var row = 0; row < 523; row++) Record(monitor, row);
        monitor.CloseWindow();
        Assert.Equal(523, rows);
        Assert.Superset(new HashSet<string> { "x", "c", "y" }, columns);
    }

    [Fact]
    public void Rows_of_the_wrong_shape_are_refused()
    {
        using var monitor = new LiveMonitor(reference, TimeProvider.System);
        Assert.Throws<ArgumentException>(() => monitor.Record([1], ["c0"]));
        Assert.Throws<ArgumentException>(() => monitor.Record([1, 2]));
    }
}
