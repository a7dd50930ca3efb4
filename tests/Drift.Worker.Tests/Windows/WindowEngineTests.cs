using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Windows;

/// <summary>The rules of event time, one by one, on the in-memory store.</summary>
public sealed class WindowEngineTests : IDisposable
{
    readonly MemoryStore store = new();
    readonly FakeTime time = new(Start);
    readonly List<Judged> judged = [];
    WindowEngine engine;

    public WindowEngineTests() => engine = Engine(store, Models(), time, judged: judged);

    public void Dispose() => store.Dispose();

    void Claim(params int[] partitions)
    {
        foreach (var p in partitions) engine.Claim(P(p));
    }

    void Commit(params int[] expected) => engine.Commit([.. expected.Select(P)]);

    string Windows() => string.Join("; ", judged.Select(j => $"{j.All.Window.Start:HH:mm} {j.All.Window.Rows}{(j.All.Window.Revision > 0 ? " r" + j.All.Window.Revision : "")}{(j.All.Window.ClosedBy == "watermark" ? "" : " " + j.All.Window.ClosedBy)}"));

    async Task<PartitionState> State(int partition) => (await store.SourcesAsync(TestContext.Current.CancellationToken)).Single(s => s.Source == P(partition));

    [Fact]
    public async Task A_record_is_late_exactly_when_end_plus_grace_has_passed_the_watermark()
    {
        Claim(0);
        engine.Take(0, Row(5));
        engine.Take(0, Row(11.99)); // end 10 + grace 2 is not reached
        engine.Take(0, Row(9));
        engine.Take(0, Row(12));    // reached, by this very record
        engine.Take(0, Row(9.5));
        engine.Take(0, Row(11));    // the next window is still open
        Commit(0);
        Assert.Equal("00:00 2", Windows());
        var state = await State(0);
        Assert.Equal((6, 5, 1, Start.AddMinutes(12).UtcTicks), (state.Records, state.Rows, state.Late, state.Watermark));
        Assert.Equal(1, (await store.WindowsAsync(new WindowQuery("m"), TestContext.Current.CancellationToken)).Single().Window.Late);
    }

    [Fact]
    public async Task Invalid_and_unknown_records_never_move_the_watermark()
    {
        Claim(0);
        engine.Take(0, Row(5));
        engine.Take(0, "nonsense"u8.ToArray());
        engine.Take(0, Row(500, model: "other"));
        engine.Take(engine.Find(P(0))!, Row(500), tombstone: false, 3, Start.UtcTicks); // 8 hours ahead of its message
        engine.Take(engine.Find(P(0))!, default, tombstone: true, 4, Start.UtcTicks);
        Commit(0);
        var state = await State(0);
        Assert.Equal((Start.AddMinutes(5).UtcTicks, 5L, 1L), (state.Watermark, state.Records, state.Rows));
        Assert.Equal(new Dictionary<string, long> { [RecordReason.NotJson] = 1, [RecordReason.Future] = 1 }, state.Invalid);
        Assert.Equal(new Dictionary<string, long> { [RecordReason.UnknownModel] = 1, [RecordReason.Tombstone] = 1 }, state.Skipped);
        Assert.Empty(judged);
    }

    [Fact]
    public void The_slowest_partition_decides_and_one_never_claimed_holds_everything()
    {
        Claim(0, 1);
        engine.Take(0, Row(5));
        engine.Take(1, Row(6));
        engine.Take(0, Row(40));
        Commit(0, 1);
        Assert.Equal("", Windows());
        engine.Take(1, Row(12));
        Commit(0, 1, 2);
        Assert.Equal("", Windows());
        Commit(0, 1);
        Assert.Equal("00:00 2", Windows());
    }

    [Fact]
    public void Nothing_is_judged_before_the_partitions_are_known()
    {
        Claim(0);
        engine.Take(0, Row(5));
        engine.Take(0, Row(50));
        engine.Commit(null);
        engine.Commit([]);
        Assert.Empty(judged);
    }

    [Fact]
    public void Empty_windows_between_records_are_judged_as_silence()
    {
        Claim(0);
        engine.Take(0, Row(5));
        engine.Take(0, Row(45));
        Commit(0);
        Assert.Equal("00:00 1; 00:10 0; 00:20 0; 00:30 0", Windows());
        Assert.Contains(judged[2].Judgement.Breaches, b => b.Rule == "silence");
    }

    [Fact]
    public void A_long_gap_is_not_judged_window_by_window_for_ever()
    {
        Claim(0);
        engine.Take(0, Row(5));
        engine.Take(0, Row(10 * 5000 + 5));
        engine.Take(0, Row(10 * 5001 + 5));
        Commit(0);
        Assert.Equal(1 + WindowPlan.MostEmpty + 1, judged.Count);
        Assert.Equal(Start.AddMinutes(50_000), judged[^1].All.Window.Start);
    }

    [Fact]
    public void An_idle_partition_is_left_out_and_its_rows_become_a_revision()
    {
        Claim(0, 1);
        engine.Take(0, Row(5));
        engine.Take(1, Row(6));
        engine.Take(0, Row(13));
        engine.Find(P(1))!.Quiet(time.Now);
        Commit(0, 1);
        Assert.Equal("", Windows());
        time.Now += TimeSpan.FromSeconds(29);
        engine.Find(P(1))!.Quiet(time.Now);
        Commit(0, 1);
        Assert.Equal("", Windows());
        time.Now += TimeSpan.FromSeconds(1);
        Commit(0, 1);
        Assert.Equal("00:00 2 idle", Windows());
        engine.Take(1, Row(7)); // not late by its own partition's log
        engine.Take(1, Row(30));
        engine.Take(0, Row(30));
        Commit(0, 1);
        Assert.Equal("00:00 2 idle; 00:00 3 r1; 00:10 1", Windows());
    }

    [Fact]
    public void A_dead_owners_silence_says_nothing()
    {
        Claim(0, 1);
        engine.Take(0, Row(5));
        engine.Take(0, Row(13));
        engine.Find(P(1))!.Quiet(time.Now);
        time.Now += TimeSpan.FromMinutes(1);
        Commit(0, 1);
        Assert.Equal("", Windows());
        engine.Find(P(1))!.Quiet(time.Now);
        Commit(0, 1);
        Assert.Equal("00:00 1", Windows());
    }

    [Fact]
    public void When_all_is_quiet_the_clock_closes_what_is_over()
    {
        time.Now = Start.AddMinutes(6);
        Claim(0);
        engine.Take(engine.Find(P(0))!, Row(5), false, 0, time.Now.UtcTicks);
        engine.Find(P(0))!.Quiet(time.Now);
        void Wait(double minutes)
        {
            time.Now += TimeSpan.FromMinutes(minutes);
            engine.Find(P(0))!.Quiet(time.Now);
            Commit(0);
        }

        Wait(5.9);
        Assert.Equal("", Windows());
        Wait(0.1); // 00:12, end plus grace
        Assert.Equal("00:00 1 idle", Windows());
        Wait(10); // a live stream that falls silent is noticed
        Assert.Equal("00:00 1 idle; 00:10 0 idle", Windows());
    }

    [Fact]
    public void The_years_after_a_backfill_are_not_silence()
    {
        time.Now = Start.AddYears(3);
        Claim(0);
        engine.Take(engine.Find(P(0))!, Row(5), false, 0, time.Now.UtcTicks);
        engine.Take(engine.Find(P(0))!, Row(15), false, 1, time.Now.UtcTicks);
        engine.Find(P(0))!.Quiet(time.Now);
        Commit(0);
        time.Now += TimeSpan.FromMinutes(1);
        engine.Find(P(0))!.Quiet(time.Now);
        Commit(0);
        Assert.Equal("00:00 1; 00:10 1 idle", Windows().Replace("00:00 1 idle", "00:00 1", StringComparison.Ordinal));
    }

    [Fact]
    public void An_input_that_ends_closes_everything()
    {
        Claim(0, 1);
        engine.Take(0, Row(5));
        engine.Take(0, Row(15));
        engine.Take(1, Row(3));
        engine.Find(P(1))!.End();
        Commit(0, 1);
        Assert.Equal("00:00 2 end", Windows());
        engine.Find(P(0))!.End();
        Commit(0, 1);
        Assert.Equal("00:00 2 end; 00:10 1 end", Windows());
    }

    [Fact]
    public void Versions_are_judged_apart()
    {
        Claim(0);
        engine.Take(0, Row(5, version: "2"));
        engine.Take(0, Row(6, version: "1"));
        engine.Take(0, Row(7, version: "2"));
        engine.Take(0, Row(13));
        Commit(0);
        Assert.Equal(["1:1", "2:2"], judged.Select(j => $"{j.All.Window.Version}:{j.All.Window.Rows}"));
    }

    [Fact]
    public async Task Unreadable_records_are_counted_in_the_window_where_the_watermark_stands()
    {
        Claim(0);
        engine.Take(0, "{"u8.ToArray()); // before any watermark: only in the totals
        engine.Take(0, Row(5));
        engine.Take(0, Row(6));
        engine.Take(0, "{"u8.ToArray());
        engine.Take(0, """{"model":"m"}"""u8.ToArray());
        engine.Take(0, Row(13));
        engine.Take(0, "{"u8.ToArray());
        Commit(0);
        Assert.Equal(0.5, judged.Single().All.Readings.Single(r => r.Measure == "invalid_rate").Value);
        Assert.Equal(4, (await State(0)).Invalid.Values.Sum());
    }

    [Fact]
    public async Task Gaps_in_the_log_are_counted_and_going_back_is_refused()
    {
        Claim(0);
        engine.Take(engine.Find(P(0))!, Row(5), false, 10, Later);
        engine.Take(engine.Find(P(0))!, Row(6), false, 14, Later);
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Take(engine.Find(P(0))!, Row(6), false, 14, Later));
        Commit(0);
        var state = await State(0);
        Assert.Equal((15L, 3L), (state.Position, state.Gaps));
    }

    [Fact]
    public async Task A_new_owner_fences_the_old_one_and_goes_on_from_the_stored_state()
    {
        Claim(0);
        engine.Take(0, Row(5));
        Commit(0);
        engine.Take(0, Row(6));
        var fenced = new List<SourcePartition>();
        var models = Models();
        var other = Engine(store, models, time, "other");
        Assert.Equal(1, other.Claim(P(0)).Position);
        other.Take(0, Row(6));
        other.Take(0, Row(7));
        other.Commit([P(0)]);
        engine = new WindowEngine(store, models, new Judge(models, () => Drift.Alerts.Policy.Default, time), new RecordLimits(), "w") { OnFenced = fenced.Add };
        Commit(0);
        Assert.Equal((3L, 3L, "other"), ((await State(0)).Position, (await State(0)).Rows, (await State(0)).Owner));
    }

    [Fact]
    public async Task A_stale_owner_saves_nothing()
    {
        var fenced = new List<SourcePartition>();
        var models = Models();
        var stale = new WindowEngine(store, models, new Judge(models, () => Drift.Alerts.Policy.Default, time), new RecordLimits(), "stale") { OnFenced = fenced.Add };
        stale.Claim(P(0));
        stale.Take(0, Row(5));
        Claim(0);
        stale.Commit([P(0)]);
        Assert.Equal([P(0)], fenced);
        Assert.Null(stale.Find(P(0)));
        Assert.Equal((null, 0L), ((await State(0)).Position, (await State(0)).Rows));
        engine.Take(0, Row(5));
        engine.Take(0, Row(13));
        Commit(0);
        Assert.Equal("00:00 1", Windows());
    }

    [Fact]
    public async Task A_changed_reference_closes_the_panes_of_the_old_one()
    {
        Claim(0);
        store.SaveReference(Models().All[0].ReferenceId, "m", Models().All[0].Document);
        engine.Take(0, Row(5));
        Commit(0);
        var other = ProfileBuilder.ForReference(Reference.Schema).Add("x", [1.0, 2, 3, 4]).Add("c", ["a", "b", "a", "a"]).ToProfile();
        var models = new Drift.Worker.References.WatchedModels([new Drift.Worker.References.WatchedModel("m", Config(), other)]);
        engine = Engine(store, models, time, judged: judged);
        Claim(0);
        engine.Take(0, Row(6));
        engine.Take(0, Row(13));
        Commit(0);
        Assert.Equal("00:00 1; 00:00 1", Windows());
        Assert.Equal(2, judged.Select(j => j.All.Window.Reference).Distinct().Count());
        Assert.Equal(2, (await store.WindowsAsync(new WindowQuery("m"), TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Segments_have_profiles_of_their_own_and_the_rest_shares_one()
    {
        var models = new Drift.Worker.References.WatchedModels([new Drift.Worker.References.WatchedModel("m", Config() with { Segments = ["c"] }, Reference, mostSegmentValues: 2)]);
        store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
        engine = Engine(store, models, time, judged: judged);
        Claim(0, 1);
        foreach (var (c, i) in "aabcdeab".Select((c, i) => (c.ToString(), i))) engine.Take(i % 2, Row(i, x: i, c: c));
        engine.Take(0, """{"ts":"2026-11-20T00:05:00Z","model":"m","version":"1","features":{"x":1}}"""u8.ToArray());
        Commit(0, 1);
        engine = Engine(store, models, time, judged: judged); // what was stored is taken up again
        Claim(0, 1);
        engine.Take(0, Row(9, c: "b"));
        engine.Take(0, Row(13));
        engine.Take(1, Row(13));
        Commit(0, 1);
        var window = Assert.Single(judged);
        Assert.Equal(["c=(null) 1", "c=(other) 3", "c=a 3", "c=b 3"], window.Segments.Select(s => $"{s.Segment} {s.Window.Rows}"));
        Assert.Equal(10, window.All.Window.Rows);
        var b = (await store.WindowsAsync(new WindowQuery("m") { Segment = "c=b" }, TestContext.Current.CancellationToken)).Single();
        Assert.Equal(3, (await store.ProfileAsync(b, TestContext.Current.CancellationToken))!.Find("x")!.Rows);
        Assert.Empty(b.Readings); // compared with the whole, a segment would always have drifted
        Assert.DoesNotContain(window.Judgement.Breaches, breach => breach.Segment.Length > 0);
    }

    [Fact]
    public async Task What_a_route_held_back_is_told_when_its_time_has_come()
    {
        var policy = Drift.Alerts.PolicyFormat.Read("""
            {"rules":{"unreadable":{"measure":"invalid_rate","above":0.01,"for":"1 of 1","severity":"critical"}},
             "routes":[{"severity":["critical"],"models":["*"],"group_by":["model"],"wait":"00:01:00","channels":["c"]}],"channels":{"c":{"kind":"console"}}}
            """u8).Policy!;
        var models = Models();
        engine = new WindowEngine(store, models, new Judge(models, () => policy, time), new RecordLimits(), "w") { OnJudged = judged.AddRange };
        Claim(0);
        engine.Take(0, Row(5));
        engine.Take(0, "{"u8.ToArray());
        engine.Take(0, Row(13));
        Commit(0);
        Assert.Single(judged);
        Assert.Empty(store.Notices);
        time.Now += TimeSpan.FromSeconds(59);
        Commit(0);
        Assert.Empty(store.Notices);
        time.Now += TimeSpan.FromSeconds(1);
        Commit(0);
        Assert.Equal("unreadable", Assert.Single(store.Notices).Alerts.Single().Name);
        Assert.Equal(["c"], await store.ChannelsAsync(TestContext.Current.CancellationToken));
        time.Now += TimeSpan.FromMinutes(5);
        Commit(0);
        Assert.Single(store.Notices);
    }
}
