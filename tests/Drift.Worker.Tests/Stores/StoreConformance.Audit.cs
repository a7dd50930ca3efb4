using Drift.Alerts;
using Drift.Worker.Stores;

namespace Drift.Worker.Tests.Stores;

public abstract partial class StoreConformance
{
    static readonly DateTimeOffset noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    static Silence Silence(string id, int hours) => new()
    {
        Id = id, Match = new Selector { Labels = new Dictionary<string, Globs> { ["model"] = new(["fraud"]) } }, Starts = noon, Ends = noon.AddHours(hours), Author = "ada", Reason = "migration",
    };

    void Write(Action<IStoreTransaction> work, bool commit = true)
    {
        using var transaction = Store.Begin();
        work(transaction);
        if (commit) transaction.Commit();
    }

    [Fact]
    public async Task Silences_are_kept_until_they_are_taken_back()
    {
        Write(t =>
        {
            t.SaveSilence(Silence("b", 2));
            t.SaveSilence(Silence("a", 1));
        });
        Write(t => t.SaveSilence(Silence("never", 9)), commit: false);
        Assert.Equal(["a", "b"], (await Store.SilencesAsync(Cancel)).Select(s => s.Id));
        Assert.Equal(["b"], Read(t => t.Silences(noon.AddHours(1))).Select(s => s.Id));
        var kept = (await Store.SilencesAsync(Cancel))[0];
        Assert.Equal(("ada", "migration", noon, noon.AddHours(1), "fraud"), (kept.Author, kept.Reason, kept.Starts, kept.Ends, kept.Match.Labels["model"].ToString()));
        Write(t => Assert.Equal((true, false), (t.RemoveSilence("a"), t.RemoveSilence("a"))));
        Assert.Equal(["b"], (await Store.SilencesAsync(Cancel)).Select(s => s.Id));
    }

    [Fact]
    public async Task The_audit_is_one_chain_and_what_is_rolled_back_leaves_no_gap()
    {
        Write(t =>
        {
            t.Audit(new AuditEvent(noon, "ada", "silence.create", "s1", """{"why":"a \u0000 b"}"""));
            t.Audit(new AuditEvent(noon.AddTicks(1), "ada\0", "silence.delete", "s1"));
        });
        Write(t => t.Audit(new AuditEvent(noon, "x", "lost", "")), commit: false);
        Write(t => t.Audit(new AuditEvent(noon.AddHours(1), "bob", "alert.ack", "k")));
        var all = await Store.AuditAsync(new AuditQuery(), Cancel);
        Assert.Equal([1, 2, 3], all.Select(e => e.Sequence));
        Assert.Null(AuditChain.Verify(all));
        Assert.Equal(noon.AddTicks(1), all[1].At);
        Assert.Equal([2, 3], (await Store.AuditAsync(new AuditQuery { Newest = true, Limit = 2 }, Cancel)).Select(e => e.Sequence));
        Assert.Equal([2], (await Store.AuditAsync(new AuditQuery { From = noon.AddTicks(1), To = noon.AddHours(1) }, Cancel)).Select(e => e.Sequence));
        Assert.Equal([3], (await Store.AuditAsync(new AuditQuery { After = 2 }, Cancel)).Select(e => e.Sequence));
        Assert.Equal(new AuditVerification(3, all[2].Hash, null, true), await AuditVerification.OfAsync(Store, all[0].Hash, Cancel));
        Assert.False((await AuditVerification.OfAsync(Store, new string('a', 64), Cancel)).Holds);
    }

    [Fact]
    public async Task Writers_at_the_same_time_make_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 25; i++) Write(t => t.Audit(new AuditEvent(noon, $"w{writer}", "test", $"{i}")));
        }, Cancel)));
        var found = await AuditVerification.OfAsync(Store, null, Cancel);
        Assert.Equal((100L, (AuditProblem?)null), (found.Entries, found.Problem));
        var entries = await Store.AuditAsync(new AuditQuery(), Cancel);
        Assert.All(entries.GroupBy(e => e.Actor), g => Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{i}"), g.Select(e => e.Subject)));
    }
}
