using System.Globalization;
using System.Text;
using Drift.Alerts;
using Drift.Worker.Hosting;
using Drift.Worker.References;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Windows;

/// <summary>What people silence, and what a service promises, in the transaction that judges.</summary>
public sealed class AlertsInEngineTests : IDisposable
{
    readonly MemoryStore store = new();
    readonly FakeTime time = new(Start);
    readonly List<Judged> judged = [];

    public void Dispose() => store.Dispose();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Policy Policy(string rules) => PolicyFormat.Read(Encoding.UTF8.GetBytes($$"""
        { "rules": { {{rules}} }, "routes": [{ "repeat": "00:00:00", "channels": ["log"] }], "channels": { "log": { "kind": "console" } } }
        """)).Policy!;

    WindowEngine Judging(WatchedModels models, Policy policy)
    {
        var engine = new WindowEngine(store, models, new Judge(models, () => policy, time), new RecordLimits(), "w") { OnJudged = judged.AddRange };
        engine.Claim(P(0));
        return engine;
    }

    [Fact]
    public async Task A_silenced_alert_fires_untold_and_is_told_when_the_silence_is_taken_back()
    {
        var engine = Judging(Models(), Policy(""" "drift": { "measure": "ks", "above": 0.3, "for": "1 of 1" } """));
        var operations = new Operations(store, time);
        var silence = await operations.SilenceAsync("ada", new Silence
        {
            Match = new Selector { Labels = new Dictionary<string, Globs> { ["model"] = new(["m"]), ["column"] = new(["x"]) } }, Ends = Start.AddHours(1), Author = "ada", Reason = "known",
        }, Cancel);
        for (var i = 0; i < 400; i++) engine.Take(0, Row(i / 40.0, 99, "abcd"[i % 4].ToString()));
        engine.Take(0, Row(12));
        engine.Commit([P(0)]);
        Assert.Equal(AlertStatus.Firing, Assert.Single(judged).Judgement.Transitions.Single().To);
        Assert.Empty(store.Notices);
        Assert.True(await operations.UnsilenceAsync("bob", silence!.Id, Cancel));
        time.Now += TimeSpan.FromSeconds(11);
        engine.Commit([P(0)]);
        Assert.Equal((NoticeReason.Firing, "x"), (Assert.Single(store.Notices).Reason, store.Notices[0].Alerts.Single().Column));
        var audit = await store.AuditAsync(new AuditQuery(), Cancel);
        Assert.Null(AuditChain.Verify(audit));
        Assert.Equal(["silence.create", "window.judge", "alert.firing", "silence.delete"], audit.Select(e => e.Action));
        Assert.Contains(judged[0].All.Policy, audit[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_level_is_an_alert_when_two_windows_of_three_break_it()
    {
        var reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x"), ColumnSpec.Numeric("latency_ms", ColumnRole.Service)))
            .Add("x", Enumerable.Range(0, 2000).Select(i => i % 100.0).ToArray()).Add("latency_ms", Enumerable.Range(0, 2000).Select(i => 10.0 + i % 20).ToArray()).ToProfile();
        var models = new WatchedModels([new WatchedModel("m", Config() with { Sla = new Dictionary<string, double> { ["p99_ms"] = 50 } }, reference)]);
        var engine = Judging(models, Alerts.Policy.Default);
        for (var window = 0; window < 3; window++)
            for (var i = 0; i < 400; i++)
                engine.Take(0, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                    $$$"""{"ts":"{{{EventTime.Format(Start.AddMinutes(window * 10 + i / 40.0).UtcTicks)}}}","model":"m","version":"1","features":{"x":{{{i % 100}}}},"latency_ms":{{{(window > 0 && i % 20 == 0 ? 90 : 10 + i % 20)}}}}""")));
        engine.Take(0, Row(32.1));
        engine.Commit([P(0)]);
        Assert.Equal(3, judged.Count);
        var told = Assert.Single(store.Notices).Alerts.Single();
        Assert.Equal(("sla", "p99_ms", Severity.Warning, 2), (told.Name, told.Measure, told.Severity, told.Breached));
        Assert.Contains("service level at most 50", told.Text, StringComparison.Ordinal);
        Assert.All(judged, j => Assert.Equal(50, j.All.Readings.Single(r => r.Measure == "p99_ms").Detail!.Numbers.Single(n => n.Key == ReadingLimits.Sla).Value));
    }
}
