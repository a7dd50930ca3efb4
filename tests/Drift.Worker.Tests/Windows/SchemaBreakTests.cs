using Drift.Alerts;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;
using Drift.Worker.Sources.Formats;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Windows;

/// <summary>A producer that changes its format must not be met with silence.</summary>
public sealed class SchemaBreakTests
{
    static readonly byte[] unreadable = """{"model":"m","when":"2026-11-20","features":{}}"""u8.ToArray();

    static void Take(WindowEngine engine, byte[] message, double minutes) =>
        engine.Take(engine.Find(P(0))!, new LogMessage(message, Start.AddMinutes(minutes).UtcTicks), tombstone: false, engine.Find(P(0))!.Position ?? 0);

    [Fact]
    public async Task A_log_that_can_no_longer_be_read_closes_its_windows_by_the_clock_and_says_why()
    {
        using var store = new MemoryStore();
        var time = new FakeTime(Start);
        var models = Models();
        store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
        var engine = Engine(store, models, time);
        engine.Claim(P(0));
        for (var i = 0; i < 60; i++) Take(engine, Row(i / 60.0, i), i / 60.0);
        // Records keep coming, so the partition is never idle; but none of them moves the watermark.
        for (var i = 0; i < 400; i++) Take(engine, unreadable, 1 + i / 20.0);
        time.Now = Start.AddMinutes(21);
        engine.Commit([P(0)]);
        Assert.Equal(400, (await store.SourcesAsync(CancellationToken.None)).Single().InvalidRun);
        var window = (await store.WindowsAsync(new WindowQuery("m"), CancellationToken.None))[0];
        Assert.Equal((60L, "idle"), (window.Window.Rows, window.Window.ClosedBy));
        Assert.Equal(1, window.Readings.Single(r => r.Measure == OwnReadings.SchemaBreak).Value);
        var alerts = (await store.AlertStatesAsync(CancellationToken.None)).SelectMany(s => s.Value.Current).ToList();
        Assert.Contains(alerts, a => a is { Name: OwnReadings.SchemaBreak, Status: AlertStatus.Firing, Severity: Severity.Critical });
        // What the few readable rows look like is kept, and not told.
        Assert.Contains(alerts, a => a.Name == "unreadable" && a.Status == AlertStatus.Firing);
        var told = store.Notices.SelectMany(n => n.Alerts.Select(a => a.Name)).ToList();
        Assert.Contains(OwnReadings.SchemaBreak, told);
        Assert.DoesNotContain("unreadable", told);

        // One record that can be read closes the circuit.
        Take(engine, Row(22), 22);
        engine.Commit([P(0)]);
        Assert.Equal(0, (await store.SourcesAsync(CancellationToken.None)).Single().InvalidRun);
    }

    [Fact]
    public async Task A_few_bad_records_among_many_break_nothing()
    {
        using var store = new MemoryStore();
        var models = Models();
        store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
        var engine = Engine(store, models);
        engine.Claim(P(0));
        for (var i = 0; i < 300; i++) Take(engine, i % 3 == 0 ? unreadable : Row(i / 60.0, i % 100), i / 60.0);
        Take(engine, Row(30), 30);
        engine.Commit([P(0)]);
        var window = (await store.WindowsAsync(new WindowQuery("m"), CancellationToken.None))[0];
        Assert.Equal(0, window.Readings.Single(r => r.Measure == OwnReadings.SchemaBreak).Value);
    }

    [Fact]
    public async Task More_versions_or_windows_at_a_time_than_allowed_are_invalid_and_counted()
    {
        using var store = new MemoryStore();
        var models = Models();
        store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
        var judge = new Judge(models, () => Policy.Default, new FakeTime(Start));
        var engine = new WindowEngine(store, models, judge, new RecordLimits(), "w") { Options = new LogOptions { Versions = 2, Windows = 3 } };
        engine.Claim(P(0));
        foreach (var version in (string[])["1", "2", "3", "1"]) engine.Take(0, Row(1, version: version));
        engine.Take(0, Row(11, version: "1"));
        engine.Take(0, Row(11, version: "2"));
        // The panes of the first window close with this one, so there is room again.
        engine.Take(0, Row(25, version: "3"));
        engine.Find(P(0))!.End();
        engine.Commit([P(0)]);
        var source = (await store.SourcesAsync(CancellationToken.None)).Single();
        Assert.Equal("too_many_versions=1,too_many_windows=1", string.Join(",", source.Invalid.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => $"{i.Key}={i.Value}")));
        Assert.Equal(5, source.Rows);
    }
}
