namespace Drift.Alerts.Tests.Engine;

/// <summary>Waiting, repeating and keeping quiet.</summary>
public class NotifierTests
{
    const string Two = """ "drift": { "measure": "ks", "above": 0.1 }, "schema": { "measure": "violation_rate", "above": 0.01, "severity": "critical" } """;

    static Reading Violations(double value) => new() { Measure = "violation_rate", Kind = ReadingKind.Quality, Value = value, Rows = 100 };

    static DateTimeOffset At(double hours) => Make.Origin.AddDays(1).AddHours(hours);

    [Fact]
    public void A_group_waits_for_company_and_then_keeps_its_beat()
    {
        var run = new Run(Make.Rules(Two, """ "wait": "01:00:00", "interval": "04:00:00", "repeat": "2.00:00:00" """), new AlertContext { Now = At(0) });
        Assert.Equal(At(1), run.Day(0, Make.Drift("amount", 0.3)).Due);
        run.Context = new AlertContext { Now = At(0.5) };
        run.Judge(Make.Day(0, 1), Make.Drift("amount", 0.3), Make.Drift("age", 0.2));
        Assert.Empty(run.Notices);
        run.Tick(At(1));
        Assert.Equal(["amount", "age"], run.Notices.Single().Alerts.Select(a => a.Column));
        run.Context = new AlertContext { Now = At(2) };
        run.Judge(Make.Day(0, 2), Make.Drift("amount", 0), Make.Drift("age", 0.2), Make.Drift("name", 0.2));
        Assert.Empty(run.Tick(At(4.9)).Notices);
        var later = run.Tick(At(5)).Notices;
        Assert.Equal([(NoticeReason.Firing, "name"), (NoticeReason.Resolved, "amount")], later.Select(n => (n.Reason, n.Alerts.Single().Column)));
        Assert.Empty(run.Tick(At(9)).Notices);
        Assert.Equal(["age"], run.Tick(At(49)).Notices.Single().Alerts.Select(a => a.Column));
    }

    [Fact]
    public void An_alert_that_comes_and_goes_before_it_was_told_is_never_told()
    {
        var run = new Run(Make.Rules(Two, """ "wait": "01:00:00" """), new AlertContext { Now = At(0) });
        run.Day(0, Make.Drift("amount", 0.3));
        run.Judge(Make.Day(0, 1), Make.Drift("amount", 0));
        run.Tick(At(2));
        Assert.Empty(run.Notices);
        Assert.Empty(run.States.Alerts);
    }

    [Fact]
    public void What_fires_again_before_its_end_was_told_goes_on_as_the_same_episode()
    {
        var run = new Run(Make.Rules(Two, """ "interval": "04:00:00" """), new AlertContext { Now = At(0) });
        run.Day(0, Make.Drift("amount", 0.3));
        run.Context = new AlertContext { Now = At(1) };
        run.Judge(Make.Day(0, 1), Make.Drift("amount", 0));
        run.Judge(Make.Day(0, 2), Make.Drift("amount", 0.3));
        run.Tick(At(4));
        Assert.Single(run.Notices);
        Assert.Equal(run.Notices[0].Alerts[0].Episode, run.Only!.Episode);
    }

    [Fact]
    public void Repeats_come_when_due_and_stop_with_an_acknowledgement()
    {
        var run = new Run(Make.Rules(Two, """ "repeat": "04:00:00" """), new AlertContext { Now = At(0) });
        Assert.Equal(At(4), run.Day(0, Make.Drift("amount", 0.3)).Due);
        Assert.Empty(run.Tick(At(3.9)).Notices);
        Assert.Equal(NoticeReason.Repeat, run.Tick(At(4)).Notices.Single().Reason);
        run.States = run.States.Acknowledge(run.Only!.Key, new Acknowledgement("ann", "on it", At(5), At(10)));
        Assert.Empty(run.Tick(At(9)).Notices);
        Assert.Equal(NoticeReason.Repeat, run.Tick(At(10)).Notices.Single().Reason);
        run.States = run.States.Acknowledge(run.Only!.Key, new Acknowledgement("ann", "on it", At(11), null));
        run.Context = new AlertContext { Now = At(30) };
        run.Day(1, Make.Drift("amount", 0));
        Assert.Equal(NoticeReason.Resolved, run.Notices[^1].Reason);
        Assert.Equal(4, run.Notices.Count);
    }

    [Fact]
    public void A_daily_repeat_does_not_miss_the_daily_window_by_a_second()
    {
        var run = new Run(Make.Rules(Two, """ "repeat": "1.00:00:00" """), new AlertContext { Now = At(0) });
        run.Day(0, Make.Drift("amount", 0.3));
        Assert.Empty(run.Tick(At(24).AddSeconds(-2)).Notices);
        run.Context = new AlertContext { Now = At(24).AddSeconds(-1) };
        Assert.Equal(NoticeReason.Repeat, run.Day(1, Make.Drift("amount", 0.3)).Notices.Single().Reason);
        run.Context = new AlertContext { Now = At(24) };
        Assert.Empty(run.Judge(Make.Day(1, 1), Make.Drift("amount", 0.3)).Notices);
    }

    [Fact]
    public void A_silence_holds_back_and_lets_go_when_it_ends()
    {
        var silence = new Silence { Match = new Selector { Labels = new Dictionary<string, Globs> { ["column"] = new(["am*"]) } }, Starts = At(0), Ends = At(6), Author = "ann" };
        var run = new Run(Make.Rules(Two), new AlertContext { Now = At(0), Silences = [silence] });
        var judged = run.Day(0, Make.Drift("amount", 0.3), Make.Drift("age", 0.3));
        Assert.Equal(["age"], judged.Notices.Single().Alerts.Select(a => a.Column));
        Assert.Equal(At(6), judged.Due);
        Assert.Empty(run.Tick(At(5)).Notices);
        Assert.Equal(["amount"], run.Tick(At(6)).Notices.Single().Alerts.Select(a => a.Column));
    }

    [Fact]
    public void What_ends_while_silenced_is_not_told()
    {
        var silence = new Silence { Match = new Selector { Labels = new Dictionary<string, Globs> { ["model"] = new(["fraud"]) } }, Starts = At(1), Ends = At(6) };
        var run = new Run(Make.Rules(Two), new AlertContext { Now = At(0), Silences = [silence] });
        run.Day(0, Make.Drift("amount", 0.3));
        run.Context = run.Context! with { Now = At(2) };
        run.Judge(Make.Day(0, 1), Make.Drift("amount", 0));
        run.Tick(At(7));
        Assert.Single(run.Notices);
        Assert.Empty(run.States.Alerts);
    }

    [Fact]
    public void Maintenance_recurs()
    {
        var policy = Make.Policy($$"""
            { "rules": { {{Two}} }, "routes": [{ "channels": ["out"] }], "channels": { "out": { "kind": "console" } },
              "maintenance": [{ "match": { "alertname": "drift" }, "schedule": "0 2 * * *", "duration": "02:00:00" }] }
            """);
        var run = new Run(policy, new AlertContext { Now = At(2.5) });
        run.Day(0, Make.Drift("amount", 0.3), Violations(0.5));
        Assert.Equal(["schema"], run.Notices.Single().Alerts.Select(a => a.Name));
        Assert.Equal(["drift"], run.Tick(At(4)).Notices.Single().Alerts.Select(a => a.Name));
    }

    [Fact]
    public void A_broken_schema_mutes_the_drift_it_causes_and_nothing_else()
    {
        var policy = Make.Policy($$"""
            { "rules": { {{Two}} }, "routes": [{ "channels": ["out"], "repeat": "00:00:00" }], "channels": { "out": { "kind": "console" } },
              "inhibit": [{ "source": { "alertname": "schema" }, "target": { "alertname": "*" }, "equal": ["model", "version"] }] }
            """);
        var run = new Run(policy);
        run.Day(0, Make.Drift("amount", 0.3), Violations(0.5));
        run.Judge(Make.Day(0, version: "4"), Make.Drift("amount", 0.3));
        Assert.Equal([("schema", "3"), ("drift", "4")], run.Notices.Select(n => (n.Alerts.Single().Name, n.Alerts.Single().Version)));
        run.Day(1, Make.Drift("amount", 0.3), Violations(0));
        Assert.Equal([NoticeReason.Firing, NoticeReason.Resolved], run.Notices.TakeLast(2).Select(n => n.Reason));
    }

    [Fact]
    public void The_first_route_takes_an_alert_unless_it_continues_and_a_group_can_be_listed_whole()
    {
        var policy = Make.Policy($$"""
            { "rules": { {{Two}} },
              "routes": [{ "severity": "critical", "channels": ["pager"] }, { "alerts": "drift", "list": "all", "continue": true, "channels": ["team"] }, { "group_by": ["column"], "channels": ["log"] }],
              "channels": { "pager": { "kind": "console" }, "team": { "kind": "console" }, "log": { "kind": "console" } } }
            """);
        var run = new Run(policy);
        run.Day(0, Make.Drift("amount", 0.3), Violations(0.5));
        Assert.Equal(["pager", "team", "log"], run.Notices.Select(n => n.Channel));
        var second = run.Day(1, Make.Drift("amount", 0), Make.Drift("age", 0.3), Violations(0.5)).Notices;
        Assert.Equal([AlertStatus.Firing, AlertStatus.Resolved], second.Single(n => n.Channel == "team").Alerts.Select(a => a.Status));
        Assert.Equal(["{}:{column=\"age\"}", "{}:{column=\"amount\"}"], second.Where(n => n.Channel == "log").Select(n => n.GroupKey).Order());
    }

    [Fact]
    public void A_new_policy_does_not_tell_again_what_a_channel_knows()
    {
        var run = new Run(Make.Rules(Two, """ "repeat": "00:00:00" """));
        run.Day(0, Make.Drift("amount", 0.3));
        run.Policy = Make.Rules(Two, """ "severity": "warning", "group_by": ["column"], "repeat": "00:00:00" """);
        run.Day(1, Make.Drift("amount", 0.3));
        Assert.Single(run.Notices);
    }
}
