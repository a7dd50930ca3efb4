namespace Drift.Alerts.Tests.Engine;

public class AlertEngineTests
{
    [Fact]
    public async Task A_service_judges_delivers_and_acknowledges()
    {
        var output = new StringWriter();
        var time = new ManualTime(Make.Origin.AddDays(3));
        using var http = new ChannelHttp();
        await using var engine = new AlertEngine(Policy.Default, services: new ChannelServices { Http = http, Console = output, Time = time }, time: time);
        await engine.JudgeAsync(Make.Day(0), [Make.Rate("age", 0.25, 0.01)], TestContext.Current.CancellationToken);
        Assert.Equal(1, await engine.DeliverAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("critical: fraud v3: age missing_rate 25 %", output.ToString());

        var alert = Assert.Single(await engine.AlertsAsync("fraud", TestContext.Current.CancellationToken));
        Assert.True(await engine.AcknowledgeAsync("fraud", alert.Key, new Acknowledgement("ann", "on it", time.GetUtcNow(), null), TestContext.Current.CancellationToken));
        Assert.False(await engine.AcknowledgeAsync("fraud", "none", new Acknowledgement("ann", "", time.GetUtcNow(), null), TestContext.Current.CancellationToken));
        time.Advance(TimeSpan.FromDays(2));
        await engine.TickAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await engine.DeliverAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_repeats_while_it_runs_and_a_new_policy_counts_at_once()
    {
        var output = new StringWriter();
        var time = new ManualTime(Make.Origin.AddDays(3));
        using var http = new ChannelHttp();
        await using var engine = new AlertEngine(Policy.Default, services: new ChannelServices { Http = http, Console = output, Time = time }, time: time);
        await engine.JudgeAsync(Make.Day(0), [Make.Rate("age", 0.25, 0.01)], TestContext.Current.CancellationToken);
        await engine.DeliverAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromDays(1));
        await engine.TickAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await engine.DeliverAsync(TestContext.Current.CancellationToken));
        engine.Policy = Make.Rules(""" "schema": { "measure": "violation_rate", "above": 0.01 } """);
        await engine.JudgeAsync(Make.Day(1), [], TestContext.Current.CancellationToken);
        Assert.Empty(await engine.AlertsAsync("fraud", TestContext.Current.CancellationToken));
    }
}
