using Drift.Alerts;
using Drift.Worker.Stores;
using Drift.Worker.Tests.Windows;
using Drift.Worker.Windows;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Stores;

/// <summary>What every store must do, whatever database it is. Each adapter derives a class.</summary>
public abstract partial class StoreConformance : IDisposable
{
    protected abstract IDriftStore Store { get; }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public abstract void Dispose();

    static PaneState Pane(long start, long rows, bool open = true, string segment = "", int missed = 0, string version = "1") =>
        new(new PaneKey("m", version, "ref", start, 10, missed, segment), rows, 3, 4, open, [(byte)rows, 2, 3]);

    void Save(Claim claim, params PaneState[] panes)
    {
        using var transaction = Store.Begin();
        Assert.True(transaction.TrySavePartition(claim.State));
        transaction.SavePanes(claim.State.Source, panes);
        transaction.Commit();
    }

    T Read<T>(Func<IStoreTransaction, T> read)
    {
        using var transaction = Store.Begin();
        return read(transaction);
    }

    [Fact]
    public async Task A_claim_starts_empty_and_raises_the_epoch_every_time()
    {
        var first = Store.Claim(P(0), "a");
        Assert.Equal((1, "a", null, null), (first.State.Epoch, first.State.Owner, first.State.Position, first.State.Watermark));
        Assert.Empty(first.Open);
        Assert.Equal((2, "b"), (Store.Claim(P(0), "b").State.Epoch, "b"));
        Assert.Equal(1, Store.Claim(P(1), "a").State.Epoch);
        Assert.Equal([P(0), P(1)], (await Store.SourcesAsync(Cancel)).Select(s => s.Source));
    }

    [Fact]
    public async Task A_partition_comes_back_as_it_was_saved()
    {
        var quiet = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var state = Store.Claim(P(0), "a").State with
        {
            Position = 5, Watermark = 6, WatermarkSetAt = 7, Records = 8, Rows = 9, Late = 10, Gaps = 11, Invalid = new Dictionary<string, long> { ["bad_ts"] = 1 },
            Skipped = new Dictionary<string, long> { ["tombstone"] = 2 }, QuietSince = quiet, QuietCheckedAt = quiet.AddSeconds(1), Ended = true,
        };
        using (var transaction = Store.Begin())
        {
            Assert.True(transaction.TrySavePartition(state));
            transaction.Commit();
        }
        Assert.Equivalent(state, (await Store.SourcesAsync(Cancel)).Single(), strict: true);
        var next = Store.Claim(P(0), "b").State;
        Assert.Equal((5, 2, null), (next.Position, next.Epoch, next.QuietSince));
    }

    [Fact]
    public async Task A_stale_epoch_saves_nothing()
    {
        var stale = Store.Claim(P(0), "a");
        var current = Store.Claim(P(0), "b");
        using (var transaction = Store.Begin())
        {
            Assert.False(transaction.TrySavePartition(stale.State with { Position = 99 }));
            transaction.Commit();
        }
        using (var transaction = Store.Begin())
        {
            Assert.False(transaction.TrySavePartition(stale.State with { Source = P(7) }));
            Assert.True(transaction.TrySavePartition(current.State with { Position = 1 }));
            transaction.Commit();
        }
        Assert.Equal(1, (await Store.SourcesAsync(Cancel)).Single().Position);
    }

    [Fact]
    public async Task Of_several_partitions_those_that_were_taken_over_are_left_out()
    {
        var claims = Enumerable.Range(0, 5).Select(p => Store.Claim(P(p), "a")).ToList();
        Store.Claim(P(1), "b");
        Store.Claim(P(3), "b");
        using (var transaction = Store.Begin())
        {
            // One that was never claimed, too: and in no order.
            var states = claims.Append(claims[0] with { State = claims[0].State with { Source = P(9) } }).Select((c, i) => c.State with { Position = 10 + i, Watermark = i % 2 == 0 ? i : null, Waiting = [(byte)i] }).Reverse();
            Assert.Equal([P(0), P(2), P(4)], transaction.SavePartitions([.. states]).OrderBy(s => s.Partition));
            Assert.Empty(transaction.SavePartitions([]));
            transaction.Commit();
        }
        var saved = (await Store.SourcesAsync(Cancel)).OrderBy(s => s.Source.Partition).ToList();
        Assert.Equal([10, null, 12, null, 14], saved.Select(s => s.Position));
        Assert.Equal([0, null, 2, null, 4], saved.Select(s => s.Watermark));
        Assert.Equal([0, 2, 4], ((int[])[0, 2, 4]).Select(p => (int)Store.Claim(P(p), "c").State.Waiting.Single()));
    }

    [Fact]
    public async Task What_is_not_committed_leaves_no_trace()
    {
        var claim = Store.Claim(P(0), "a");
        using (var transaction = Store.Begin())
        {
            transaction.TrySavePartition(claim.State with { Position = 5 });
            transaction.SavePanes(P(0), [Pane(0, 1)]);
            transaction.AddLate(P(0), [new LateCount("m", "1", 0, 1)]);
            Assert.Single(transaction.Unsettled());
        }
        Assert.Null((await Store.SourcesAsync(Cancel)).Single().Position);
        Assert.Empty(Read(t => t.Unsettled()));
        Assert.Empty(Store.Claim(P(0), "b").Open);
    }

    [Fact]
    public void Panes_are_rewritten_as_a_whole_and_only_open_ones_are_handed_to_the_next_owner()
    {
        var claim = Store.Claim(P(0), "a");
        Save(claim, Pane(0, 1), Pane(10, 2), Pane(10, 2, segment: "c=ü"), Pane(20, 5, missed: 1));
        Save(claim, Pane(0, 7, open: false), Pane(10, 3));
        Save(Store.Claim(P(1), "a"), Pane(0, 50));
        var open = Store.Claim(P(0), "b").Open;
        Assert.Equal(["10//0:3", "10/c=ü/0:2", "20//1:5"], open.Select(p => $"{p.Key.Start}/{p.Key.Segment}/{p.Key.Missed}:{p.Rows}").Order(StringComparer.Ordinal));
        Assert.Equivalent(Pane(20, 5, missed: 1) with { Source = P(0) }, open.Single(p => p.Key.Start == 20), strict: true);
        var like = new PaneKey("m", "1", "ref", 0, 10);
        Assert.Equal(["0/0:7", "0/1:50", "10/0:3", "10/0:2"], Read(t => t.Panes(like, 0, 20)).OrderBy(p => p.Key.Start).ThenBy(p => p.Key.Segment, StringComparer.Ordinal).ThenBy(p => p.Source.Partition)
            .Select(p => $"{p.Key.Start}/{p.Source.Partition}:{p.Rows}"));
        Assert.Empty(Read(t => t.Panes(like with { Version = "2" }, 0, 20)));
        Assert.Empty(Read(t => t.Panes(like with { Length = 11 }, 0, 20)));
    }

    [Fact]
    public void A_pane_is_settled_until_it_grows()
    {
        var claim = Store.Claim(P(0), "a");
        Save(claim, Pane(0, 1), Pane(0, 1, segment: "c=a"), Pane(10, 2));
        Assert.Equal([0L, 10L], Read(t => t.Unsettled()).Select(k => k.Start).Order());
        void Settle(long rows)
        {
            using var transaction = Store.Begin();
            transaction.Settle([Pane(0, rows) with { Source = P(0) }, Pane(0, 1, segment: "c=a") with { Source = P(0) }]);
            transaction.Commit();
        }

        Settle(1);
        Assert.Equal([10L], Read(t => t.Unsettled()).Select(k => k.Start));
        Save(claim, Pane(0, 1, open: false));
        Assert.Equal([10L], Read(t => t.Unsettled()).Select(k => k.Start));
        Save(claim, Pane(0, 2));
        Assert.Equal(2, Read(t => t.Unsettled()).Count);
        Settle(1); // rows that were not read are not settled by it
        Assert.Equal(2, Read(t => t.Unsettled()).Count);
        Settle(2);
        Assert.Single(Read(t => t.Unsettled()));
    }

    JudgedWindow Window(int start, long rows = 5, int revision = 0, string segment = "", string version = "1") => new()
    {
        Window = new Window
        {
            Model = "m", Version = version, Reference = "ref", Start = Start.AddMinutes(start), End = Start.AddMinutes(start + 10), Revision = revision, Rows = rows, ClosedBy = "idle", Partitions = 2,
            Tags = new Dictionary<string, string> { ["team"] = "a" },
        },
        Segment = segment, Policy = "hash", JudgedAt = Start.AddDays(1).AddMinutes(revision), Counts = [1, 2],
        Readings = [new Reading { Measure = "psi", Column = "x", Value = 0.5, PValue = double.NaN, Rows = rows, Detail = new ReadingDetail { Reason = "why" } }],
    };

    void Judge(params JudgedWindow[] windows)
    {
        using var transaction = Store.Begin();
        foreach (var window in windows) transaction.SaveJudgement(new Judged(window, [], new Judgement { States = AlertStates.Empty }));
        transaction.Commit();
    }

    [Fact]
    public async Task Judged_windows_come_back_with_their_readings()
    {
        Judge(Window(0));
        using (var transaction = Store.Begin())
        {
            transaction.AddLate(P(0), [new LateCount("m", "1", Start.UtcTicks, 3)]);
            transaction.AddLate(P(1), [new LateCount("m", "1", Start.UtcTicks, 4)]);
            transaction.AddLate(P(0), [new LateCount("m", "1", Start.UtcTicks, 1)]);
            transaction.Commit();
        }
        var expected = Window(0) with { Window = Window(0).Window with { Late = 8 } };
        Assert.Equivalent(expected, (await Store.WindowsAsync(new WindowQuery("m"), Cancel)).Single());
        Assert.Equivalent(expected.Window, (await Store.WindowsAsync(new WindowQuery("m") { Heads = true }, Cancel)).Single().Window);
        Assert.Equivalent(expected, await Store.WindowAsync("m", "1", Start, "", null, Cancel));
        Assert.Null(await Store.WindowAsync("m", "2", Start, "", null, Cancel));
        Assert.Null(await Store.WindowAsync("m", "1", Start, "", 1, Cancel));
    }

    [Fact]
    public async Task Listings_show_latest_revisions_in_order_within_bounds()
    {
        Judge(Window(20), Window(0), Window(10, version: "2"), Window(10), Window(0, 6, 1), Window(0, segment: "c=a"));
        async Task<string> List(WindowQuery query) => string.Join(" ", (await Store.WindowsAsync(query, Cancel)).Select(w => $"{w.Window.Start:mm}v{w.Window.Version}r{w.Window.Revision}"));
        Assert.Equal("00v1r1 10v1r0 10v2r0 20v1r0", await List(new WindowQuery("m")));
        Assert.Equal("10v1r0 10v2r0", await List(new WindowQuery("m") { From = Start.AddMinutes(10), To = Start.AddMinutes(20) }));
        Assert.Equal("00v1r1 10v1r0", await List(new WindowQuery("m") { Version = "1", Limit = 2 }));
        Assert.Equal("20v1r0 10v1r0", await List(new WindowQuery("m") { Version = "1", Limit = 2, NewestFirst = true }));
        Assert.Equal("00v1r0", await List(new WindowQuery("m") { Segment = "c=a" }));
        Assert.Equal("", await List(new WindowQuery("other")));
        Assert.Equal(["1", "2"], await Store.VersionsOfAsync("m", Start.AddMinutes(10), Cancel));
        Assert.Equal(["m/1:3@20", "m/2:1@10"], (await Store.VersionsAsync(Cancel)).Select(v => $"{v.Model}/{v.Version}:{v.Windows}@{v.Last!.Start:mm}"));
        Assert.Equal((1, 6L), Read(t => t.LatestRevision("m", "1", "ref", Start.UtcTicks)));
        Assert.Null(Read(t => t.LatestRevision("m", "1", "other", Start.UtcTicks)));
    }

    [Fact]
    public void The_last_windows_are_the_latest_and_the_latest_with_rows()
    {
        Assert.Equal((null, null), Read(t => t.LastWindows("m")));
        Judge(Window(0), Window(10, version: "10"), Window(10, version: "9"), Window(20, rows: 0));
        var (any, rows) = Read(t => t.LastWindows("m"));
        Assert.Equal((20, 10, "9"), (any!.Start.Minute, rows!.Start.Minute, rows.Version));
    }

    [Fact]
    public void Ids_of_open_panes_come_back_with_the_claim_until_they_are_forgotten()
    {
        var claim = Store.Claim(P(0), "a");
        Assert.Empty(claim.Ids);
        var (one, two) = (Pane(0, 1).Key, Pane(10, 1).Key);
        using (var transaction = Store.Begin())
        {
            transaction.SaveIds(P(0), [new PaneIds(one, 5, [1, 2, 3, 4, 5, 6, 7, 8]), new PaneIds(two, 5, [9, 9, 9, 9, 9, 9, 9, 9])]);
            transaction.SaveIds(P(0), [new PaneIds(one, 7, [8, 7, 6, 5, 4, 3, 2, 1])]);
            transaction.SaveIds(P(1), [new PaneIds(one, 5, [0, 0, 0, 0, 0, 0, 0, 0])]);
            transaction.ForgetIds(P(0), [two]);
            transaction.Commit();
        }
        var ids = Store.Claim(P(0), "b").Ids;
        Assert.Equal([(one, 5L, (byte)1), (one, 7L, (byte)8)], ids.OrderBy(i => i.UpTo).Select(i => (i.Pane, i.UpTo, i.Hashes[0])));
    }

    int Retire(int minutes, params string[] references)
    {
        using var transaction = Store.Begin();
        var went = transaction.Retire(Start.AddDays(1).AddMinutes(minutes), references, 2);
        transaction.Commit();
        return went;
    }

    [Fact]
    public async Task Windows_that_are_too_old_go_with_everything_that_was_kept_for_them()
    {
        Store.SaveReference("ref", "m", Models().All[0].Document);
        var claim = Store.Claim(P(0), "a");
        PaneState At(int minute, bool open = false) => Pane(0, 5, open) with { Key = new PaneKey("m", "1", "ref", Start.AddMinutes(minute).UtcTicks, TimeSpan.FromMinutes(10).Ticks) };
        Save(claim, At(0), At(10), At(20), At(30, open: true), At(40));
        using (var transaction = Store.Begin())
        {
            transaction.Settle([.. ((int[])[0, 10, 20, 30]).Select(m => At(m) with { Source = P(0) })]);
            transaction.Commit();
        }
        Judge(Window(0), Window(0, 6, 1), Window(0, segment: "c=a"), Window(10), Window(10, 9, revision: 30), Window(20), Window(30));
        Assert.Equal(0, Retire(0));
        Assert.Equal(2, Retire(10)); // 0 and 20; of 10 there is a younger revision, and 30 is the last
        Assert.Equal(0, Retire(10));
        Assert.Equal(["10", "30"], (await Store.WindowsAsync(new WindowQuery("m"), Cancel)).Select(w => $"{w.Window.Start:mm}"));
        Assert.Empty(await Store.WindowsAsync(new WindowQuery("m") { Segment = "c=a" }, Cancel));
        Assert.Equal([10, 30, 40], Read(t => t.Panes(At(0).Key, 0, long.MaxValue)).Select(p => (int)TimeSpan.FromTicks(p.Key.Start - Start.UtcTicks).TotalMinutes).Order());
        Assert.NotNull(await Store.ReferenceAsync("ref", Cancel));
        Assert.Equal(1, Retire(1000)); // 10
        Assert.Equal([30], (await Store.WindowsAsync(new WindowQuery("m"), Cancel)).Select(w => w.Window.Start.Minute));
    }

    [Fact]
    public async Task References_without_a_window_go_unless_they_are_in_use_or_captured()
    {
        foreach (var id in (string[])["ref", "used", "unused", "captured/m/1"]) Store.SaveReference(id, "m", Models().All[0].Document);
        Judge(Window(0), Window(10));
        Assert.Equal(1, Retire(10, "used"));
        foreach (var id in (string[])["ref", "used", "captured/m/1"]) Assert.NotNull(await Store.ReferenceAsync(id, Cancel));
        Assert.Null(await Store.ReferenceAsync("unused", Cancel));
    }

    [Fact]
    public void History_is_the_latest_windows_with_rows_of_one_kind_the_newest_first()
    {
        Judge(Window(0), Window(10), Window(20, rows: 0), Window(30), Window(30, 9, 1), Window(40), Window(30, version: "2"), Window(30, segment: "c=a"), Window(60));
        var like = new PaneKey("m", "1", "ref", 0, 0);
        string List(HistoryQuery query) => string.Join(" ", Read(t => t.History(query)).Select(w => $"{w.Window.Start:mm}r{w.Window.Revision}n{w.Window.Rows}c{w.Counts.Length}"));
        long At(int minute) => Start.AddMinutes(minute).UtcTicks;
        Assert.Equal("40r0n5c2 30r1n9c2 10r0n5c2 00r0n5c2", List(new HistoryQuery(like, 0, At(60))));
        Assert.Equal("30r1n9c2 10r0n5c2", List(new HistoryQuery(like, At(10), At(49))));
        Assert.Equal("40r0n5c2 00r0n5c2", List(new HistoryQuery(like, 0, At(60)) { Anchor = At(80), Every = TimeSpan.FromMinutes(40).Ticks }));
        Assert.Equal("40r0n5c2", List(new HistoryQuery(like, 0, At(60)) { Limit = 1 }));
        Assert.Equal("30r0n5c2", List(new HistoryQuery(like with { Segment = "c=a" }, 0, At(90))));
        Assert.Equal("", List(new HistoryQuery(like with { Reference = "other" }, 0, At(90))));
    }

    [Fact]
    public async Task References_are_kept_by_id()
    {
        var model = Models().All[0];
        Store.SaveReference(model.ReferenceId, "m", model.Document);
        Store.SaveReference(model.ReferenceId, "m", model.Document);
        Assert.Equal(model.Document, Read(t => t.Reference(model.ReferenceId)));
        Assert.Equal(Reference.Id, (await Store.ReferenceAsync(model.ReferenceId, Cancel))!.Id);
        Assert.Null(await Store.ReferenceAsync("other", Cancel));
        Assert.Null(Read(t => t.Reference("other")));
    }

    static Notice Notice(string id, string group = "g", string channel = "team") =>
        new() { Id = id, Channel = channel, GroupKey = group, At = Start, Alerts = [new Alert { Key = "k", Name = "drift", Model = "m", Text = "x \u00fc" }] };

    [Fact]
    public async Task Alerts_and_notices_are_saved_with_the_window()
    {
        var alert = new Alert { Key = "k", Name = "drift", Model = "m", Status = AlertStatus.Firing, Value = double.NaN };
        var states = AlertStates.Empty with { Alerts = new Dictionary<string, AlertState> { ["k"] = new() { Alert = alert } } };
        var judgement = new Judgement
        {
            States = states, Notices = [Notice("1")], Transitions = [new Transition(alert, AlertStatus.Pending, AlertStatus.Firing, Start, 0), new Transition(alert with { Key = "l" }, AlertStatus.Firing, AlertStatus.Resolved, Start, 1)],
            Breaches = [new Breach { Rule = "drift", Key = "k", Measure = "psi" }],
        };
        using (var transaction = Store.Begin())
        {
            transaction.SaveJudgement(new Judged(Window(0), [Window(0, segment: "c=a")], judgement));
            transaction.Commit();
        }
        Assert.Equal(AlertFormat.Write(states), AlertFormat.Write(Read(t => t.AlertStates("m"))));
        Assert.Empty(Read(t => t.AlertStates("other")).Alerts);
        Assert.Equal("m", (await Store.AlertStatesAsync(Cancel)).Single().Key);
        Assert.Equal(["l Resolved", "k Firing"], (await Store.TransitionsAsync(null, 10, Cancel)).Select(t => $"{t.Alert.Key} {t.To}"));
        Assert.Equal(["k"], (await Store.TransitionsAsync("k", 10, Cancel)).Select(t => t.Alert.Key));
        Assert.Equal(["team"], await Store.ChannelsAsync(Cancel));
        Assert.Equal("c=a", (await Store.WindowAsync("m", "1", Start, "c=a", 0, Cancel))!.Segment);
    }

    [Fact]
    public async Task Notices_leave_in_order_once_and_come_back_when_they_fail()
    {
        using (var transaction = Store.Begin())
        {
            transaction.SaveJudgement(new Judged(Window(0), [], new Judgement { States = AlertStates.Empty, Notices = [Notice("1"), Notice("2"), Notice("3", "h"), Notice("4", channel: "mail")] }));
            transaction.Commit();
        }
        var now = Start;
        async Task<string> Lease() => string.Join(" ", (await Store.LeaseAsync("team", now, TimeSpan.FromMinutes(1), 10, Cancel)).Select(i => $"{i.Notice.Id}:{i.Failures}"));
        Assert.Equal("1:0 3:0", await Lease());
        Assert.Equal("", await Lease()); // leased, and 2 waits for 1
        now += TimeSpan.FromMinutes(1);
        var again = await Store.LeaseAsync("team", now, TimeSpan.FromMinutes(1), 1, Cancel);
        Assert.Equal("1", again.Single().Notice.Id);
        await Store.RetryAsync(again[0], now.AddMinutes(5), "slow", Cancel);
        Assert.Equal("3:0", await Lease());
        now += TimeSpan.FromMinutes(5);
        var retried = await Store.LeaseAsync("team", now, TimeSpan.FromMinutes(1), 10, Cancel);
        Assert.Equal((1, 1), (retried[0].Failures, int.Parse(retried[0].Notice.Id, System.Globalization.CultureInfo.InvariantCulture)));
        await Store.DoneAsync(retried[0], now, Cancel);
        var second = (await Store.LeaseAsync("team", now, TimeSpan.FromMinutes(1), 10, Cancel)).Single();
        Assert.Equal("2", second.Notice.Id);
        await Store.DeadAsync(second, "gone", Cancel);
        await Store.DoneAsync(retried[1], now, Cancel);
        Assert.Equal(["mail"], await Store.ChannelsAsync(Cancel));
        await Store.PingAsync(Cancel);
    }

    /// <summary>The whole engine on this store gives what it gives on the in-memory one.</summary>
    [Fact]
    public async Task The_engine_gives_the_same_on_every_store()
    {
        using var memory = new Drift.Worker.Stores.Memory.MemoryStore();
        Assert.Equal(await Run(memory), await Run(Store));

        static async Task<string> Run(IDriftStore store)
        {
            var models = Models();
            store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
            var random = new Random(3);
            var engine = Engine(store, models);
            engine.Claim(P(0));
            engine.Claim(P(1));
            for (var i = 0; i < 300; i++)
            {
                engine.Take(random.Next(2), i % 20 == 0 ? "{"u8.ToArray() : Row(Math.Max(0, i * 0.3 + random.Next(-14, 3)), random.Next(-10, 90) + (i > 150 ? 40 : 0), "abe"[random.Next(3)].ToString()));
                if (i % 37 == 0) engine.Commit([P(0), P(1)]);
                if (i % 101 != 0) continue;
                engine = Engine(store, models, owner: $"w{i}");
                engine.Claim(P(0));
                engine.Claim(P(1));
            }
            engine.Find(P(0))!.End();
            engine.Find(P(1))!.End();
            engine.Commit([P(0), P(1)]);
            return await Describe(store);
        }
    }
}
