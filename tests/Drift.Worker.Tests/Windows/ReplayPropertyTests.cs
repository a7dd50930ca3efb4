using System.Text.RegularExpressions;
using Drift.Worker.Configuration;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;
using FsCheck;
using FsCheck.Fluent;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Windows;

/// <summary>
/// Any way of cutting logs into commits, crashes, unknown outcomes and changes of owner gives the same rows: thousands of random histories against one
/// straight pass.
/// </summary>
public sealed class ReplayPropertyTests
{
    const int Partitions = 3;

    enum Step { Take, Commit, CrashBefore, CrashAfter, NewOwner, Zombie }

    sealed record History(byte[][][] Logs, (Step Step, int Partition)[] Steps);

    static readonly Step[] often = [Step.Take, Step.Take, Step.Take, Step.Take, Step.Take, Step.Take, Step.Take, Step.Take, Step.Commit, Step.Commit, Step.Commit, Step.CrashBefore, Step.CrashAfter, Step.NewOwner, Step.Zombie];

    /// <summary>A history from a seed: the seed is what FsCheck varies and prints.</summary>
    static History Of(int seed)
    {
        var random = new Random(seed);
        var logs = Enumerable.Range(0, Partitions).Select(_ => Enumerable.Range(0, random.Next(41)).Select(i => Message(random, i)).ToArray()).ToArray();
        return new History(logs, [.. Enumerable.Range(0, 200).Select(_ => (often[random.Next(often.Length)], random.Next(Partitions)))]);
    }

    /// <summary>Times rise with some disorder, so that windows close on the way and some records come late.</summary>
    static byte[] Message(Random random, int i) => random.Next(16) switch
    {
        0 => "{"u8.ToArray(),
        1 => """{"model":"m","ts":"never"}"""u8.ToArray(),
        2 => Row(1000, model: "other"),
        _ => Row(Math.Max(0, i * 2 + random.Next(-12, 5)), random.Next(-10, 111), "abe"[random.Next(3)].ToString(), "112"[random.Next(3)].ToString(), id: $"r{random.Next(30)}"),
    };

    static readonly SourcePartition[] all = [.. Enumerable.Range(0, Partitions).Select(P)];

    static async Task<string> Straight(History history, ModelConfig config)
    {
        using var store = new MemoryStore();
        var models = Models(config);
        store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
        var engine = Engine(store, models);
        foreach (var p in all) engine.Claim(p);
        for (var p = 0; p < Partitions; p++)
            foreach (var record in history.Logs[p]) engine.Take(p, record);
        engine.Commit(all);
        return await Finish(engine, store);
    }

    static async Task<string> Finish(WindowEngine engine, MemoryStore store)
    {
        foreach (var p in all) engine.Find(p)!.End();
        engine.Commit(all);
        return await Describe(store);
    }

    static async Task<string> Cut(History history, ModelConfig config)
    {
        using var store = new MemoryStore();
        var models = Models(config);
        store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
        // Two workers; a partition's messages go to whoever claimed it last. The other may still think that it owns it.
        WindowEngine[] workers = [Engine(store, models, owner: "a"), Engine(store, models, owner: "b")];
        var owner = new int[Partitions];
        foreach (var p in all) workers[0].Claim(p);
        foreach (var (step, p) in history.Steps)
        {
            var worker = workers[owner[p]];
            switch (step)
            {
                case Step.Take: Next(worker, p); break;
                case Step.Commit: worker.Commit(all); break;
                case Step.CrashBefore: Restart(owner[p]); break;
                case Step.CrashAfter:
                    worker.Commit(all);
                    Restart(owner[p]);
                    break;
                case Step.NewOwner:
                    owner[p] = 1 - owner[p];
                    workers[owner[p]].Claim(P(p));
                    break;
                case Step.Zombie: // the former owner goes on with what it remembers, and tries to commit it
                    var zombie = workers[1 - owner[p]];
                    if (zombie.Find(P(p)) is not null) Next(zombie, p);
                    zombie.Commit(all);
                    break;
            }
            Assert.Equal(workers[owner[p]].Find(P(p))?.Source, P(p));
        }
        for (var p = 0; p < Partitions; p++)
            while (Next(workers[owner[p]], p)) { }
        foreach (var worker in workers) worker.Commit(all);
        var last = Engine(store, models, owner: "last");
        foreach (var p in all) last.Claim(p);
        return await Finish(last, store);

        bool Next(WindowEngine worker, int p)
        {
            var at = worker.Find(P(p))!.Position ?? 0;
            if (at >= history.Logs[p].Length) return false;
            worker.Take(p, history.Logs[p][at]);
            return true;
        }

        void Restart(int which)
        {
            workers[which] = Engine(store, models, owner: which == 0 ? "a" : "b");
            for (var p = 0; p < Partitions; p++)
                if (owner[p] == which) workers[which].Claim(P(p));
        }
    }

    /// <summary>How often a window was revised on the way, and what alerts made of that, depends on when it was looked at; what it holds in the end does not.</summary>
    static string Final(string text) => Regex.Replace(string.Join('\n', text.Split('\n').Where(l => !l.Contains("->", StringComparison.Ordinal))), @" r\d+ rows", " rows");

    static void Check(ModelConfig config, int cases) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var history = Of(seed);
        var (expected, actual) = (Straight(history, config).GetAwaiter().GetResult(), Cut(history, config).GetAwaiter().GetResult());
        if (config.Late == LatePolicy.Revise) (expected, actual) = (Final(expected), Final(actual));
        return (expected == actual).Label($"only straight:\n{Only(expected, actual)}\nonly cut:\n{Only(actual, expected)}");

        static string Only(string a, string b) => string.Join('\n', a.Split('\n').Except(b.Split('\n')));
    }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true));

    [Fact]
    public void Tumbling_windows_do_not_depend_on_how_the_log_was_cut() => Check(Config(), 400);

    [Fact]
    public void Each_id_counts_once_however_the_log_was_cut() => Check(Config() with { Deduplicate = true }, 400);

    [Fact]
    public void Late_rows_that_revise_do_not_depend_on_how_the_log_was_cut() => Check(Config(graceMinutes: 0) with { Late = LatePolicy.Revise, ReviseFor = TimeSpan.FromMinutes(15), Deduplicate = true }, 400);

    [Fact]
    public void Windows_grown_by_row_counts_do_not_depend_on_how_the_log_was_cut() => Check(Config() with { LeastRows = 20 }, 200);

    [Fact]
    public void Sliding_windows_do_not_depend_on_how_the_log_was_cut() => Check(Config(windowMinutes: 12, slideMinutes: 4), 150);

    [Fact]
    [Trait("Campaign", "chaos")]
    public void Thousands_of_histories_give_what_the_straight_pass_gives()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DRIFT_CHAOS") == "1", "a campaign: set DRIFT_CHAOS=1, or run ./build.sh chaos");
        Check(Config(), 3000);
        Check(Config(graceMinutes: 0) with { Late = LatePolicy.Revise, ReviseFor = TimeSpan.FromMinutes(15), Deduplicate = true }, 3000);
    }
}
