using Drift.Worker.Configuration;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Windows;

/// <summary>Late rows that revise, ids that count once, windows that grow.</summary>
public sealed class TimeTests : IDisposable
{
    readonly MemoryStore store = new();
    readonly FakeTime time = new(Start);
    readonly List<Judged> judged = [];

    public void Dispose() => store.Dispose();

    WindowEngine Claimed(ModelConfig config)
    {
        var models = Models(config);
        store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
        var engine = Engine(store, models, time, judged: judged);
        engine.Claim(P(0));
        return engine;
    }

    string Windows() => string.Join("; ", judged.Select(j => $"{j.All.Window.Start:HH:mm} {j.All.Window.Rows}{(j.All.Window.Revision > 0 ? " r" + j.All.Window.Revision : "")}"));

    PartitionState State() => store.SourcesAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult().Single();

    [Fact]
    public void A_late_row_revises_its_window_until_that_is_over()
    {
        var engine = Claimed(Config() with { Late = LatePolicy.Revise, ReviseFor = TimeSpan.FromMinutes(30) });
        engine.Take(0, Row(5));
        engine.Take(0, Row(12));
        engine.Commit([P(0)]);
        Assert.Equal("00:00 1", Windows());
        engine.Take(0, Row(6, x: 50));
        engine.Commit([P(0)]);
        Assert.Equal("00:00 1; 00:00 2 r1", Windows());
        Assert.Equal(2, judged[^1].All.Readings.Single(r => r.Measure == "rows").Value);
        engine.Take(0, Row(41.99)); // 10 + 2 + 30 minutes are not over
        engine.Take(0, Row(7));
        engine.Take(0, Row(42));    // now they are
        engine.Take(0, Row(8));
        time.Now += TimeSpan.FromSeconds(11);
        engine.Commit([P(0)]);
        Assert.Equal((3L, 1L), (judged.Last(j => j.All.Window.Start == Start).All.Window.Rows, State().Late));
        Assert.Equal(2, judged.Last(j => j.All.Window.Start == Start).All.Window.Revision);
    }

    [Fact]
    public void Late_rows_that_trickle_in_cost_a_window_one_revision_in_ten_seconds_and_none_is_forgotten()
    {
        var engine = Claimed(Config() with { Late = LatePolicy.Revise });
        engine.Take(0, Row(5));
        engine.Take(0, Row(12));
        engine.Commit([P(0)]);
        for (var i = 0; i < 20; i++)
        {
            engine.Take(0, Row(6));
            engine.Commit([P(0)]);
        }
        Assert.Equal("00:00 1; 00:00 2 r1", Windows());
        time.Now += TimeSpan.FromSeconds(10);
        engine.Commit([P(0)]);
        Assert.Equal("00:00 1; 00:00 2 r1; 00:00 21 r2", Windows());
    }

    [Fact]
    public void A_revision_changes_what_the_alert_says()
    {
        var engine = Claimed(Config() with { Late = LatePolicy.Revise, Measures = ["psi_corrected"] });
        for (var i = 0; i < 400; i++) engine.Take(0, Row(i / 50.0, x: i % 100, c: "abcd"[i % 4].ToString()));
        engine.Take(0, Row(12));
        engine.Commit([P(0)]);
        Assert.Empty(judged[^1].Judgement.Breaches);
        for (var i = 0; i < 2000; i++) engine.Take(0, Row(9, x: 1, c: "d"));
        engine.Commit([P(0)]);
        Assert.Equal((1, true), (judged[^1].All.Window.Revision, judged[^1].Judgement.Breaches.Count > 0));
    }

    [Fact]
    public void An_id_counts_once_in_a_window_also_after_a_restart()
    {
        var engine = Claimed(Config() with { Deduplicate = true });
        foreach (var id in (string[])["a", "b", "a"]) engine.Take(0, Row(1, id: id));
        engine.Take(0, Row(1)); // nobody can say whether these two are one
        engine.Take(0, Row(1));
        engine.Commit([P(0)]);
        engine.Take(0, Row(2, id: "c"));
        engine.Commit([P(0)]);
        engine = Engine(store, Models(Config() with { Deduplicate = true }), time, judged: judged);
        engine.Claim(P(0));
        foreach (var id in (string[])["b", "c", "d"]) engine.Take(0, Row(3, id: id));
        engine.Take(0, Row(11, id: "a")); // another window
        engine.Take(0, Row(40, id: "z"));
        engine.Commit([P(0)]);
        Assert.Equal("00:00 6; 00:10 1; 00:20 0", Windows());
        Assert.Equal((3L, 8L), (State().Skipped[PartitionFold.Duplicate], State().Rows));
        Assert.Equal([40.0], store.Claim(P(0), "next").Ids.Select(i => TimeSpan.FromTicks(i.Pane.Start - Start.UtcTicks).TotalMinutes)); // what closed has been forgotten
    }

    [Fact]
    public void Doubles_count_unless_they_are_not_wanted()
    {
        var engine = Claimed(Config());
        for (var i = 0; i < 3; i++) engine.Take(0, Row(1, id: "a"));
        engine.Commit([P(0)]);
        Assert.Equal(3, State().Rows);
    }

    static string Group(Judged j) => j.All.Readings.SingleOrDefault(r => r.Measure == "comparison") is { } waits ? $"waits {waits.Detail!.Reason!.Split(' ')[0]}"
        : $"{j.All.Readings.Single(r => r is { Measure: "psi", Column: "x" }).Rows} of {j.All.Readings.Single(r => r.Measure == "rows").Detail?.Numbers[0].Value ?? 1}";

    /// <summary>One window an hour with so many rows.</summary>
    string Grown(int least, params int[] rows)
    {
        var engine = Claimed(Config(windowMinutes: 60, graceMinutes: 0) with { LeastRows = least, Measures = ["psi"] });
        for (var hour = 0; hour < rows.Length; hour++)
            for (var i = 0; i < rows[hour]; i++) engine.Take(0, Row(hour * 60 + i * 50.0 / rows[hour], x: i % 100));
        engine.Find(P(0))!.End();
        engine.Commit([P(0)]);
        return string.Join("; ", judged.Where(j => j.All.Window.Rows > 0).Select(Group));
    }

    [Fact]
    public void A_window_too_small_is_compared_together_with_those_before_it_and_counts_once() =>
        Assert.Equal("waits 30; waits 30; 110 of 3; 100 of 1; waits 99; 100 of 2", Grown(100, 30, 30, 50, 100, 99, 1));

    [Fact]
    public void A_group_ends_with_the_day()
    {
        var rows = new int[26];
        Array.Fill(rows, 10, 20, 6);
        Assert.Equal("waits 10; waits 10; waits 10; 40 of 24; waits 10; waits 10", Grown(1000, rows));
    }

    [Fact]
    public void What_waits_raises_no_alert()
    {
        var engine = Claimed(Config(windowMinutes: 60, graceMinutes: 0) with { LeastRows = 1000 });
        for (var hour = 0; hour < 2; hour++)
            for (var i = 0; i < 900; i++) engine.Take(0, Row(hour * 60 + i / 20.0, x: 500));
        engine.Find(P(0))!.End();
        engine.Commit([P(0)]);
        Assert.Empty(judged[0].Judgement.Breaches);
        Assert.NotEmpty(judged[1].Judgement.Breaches);
    }
}
