using FsCheck;
using FsCheck.Fluent;

namespace Drift.Alerts.Tests.Engine;

/// <summary>What holds for every history of windows.</summary>
public class AlertMachineLaws
{
    const string Rules = """
        "drift": { "measure": "ks", "above": 0.1, "clear_at": 0.08, "p_adjusted_below": 0.01, "for": "2 of 3", "clear_for": 2, "severity": "warning" },
        "drift-strong": { "measure": "ks", "above": 0.2, "clear_at": 0.16, "for": "2 of 3", "clear_for": 3, "severity": "critical" },
        "drift-broken": { "measure": "ks", "above": 0.4, "clear_at": 0.16, "severity": "critical" },
        "silence": { "measure": "rows", "below": 1, "no_data": "alert", "for": "2 of 2", "severity": "critical" }
        """;

    static readonly Policy policy = Make.Policy($$"""
        { "rules": { {{Rules}} },
          "routes": [ { "severity": "critical", "group_by": ["model"], "repeat": "3.00:00:00", "channels": ["pager"], "continue": true },
                      { "models": "*", "group_by": ["alertname", "column"], "repeat": "2.00:00:00", "channels": ["log"] } ],
          "channels": { "pager": { "kind": "console" }, "log": { "kind": "console" } } }
        """);

    static readonly string[] columns = ["amount", "age", "country"];

    /// <summary>One step: which day, and what each column read.</summary>
    sealed record Step(int Day, int Revision, double[] Values)
    {
        public Window Window => Make.Day(Day, Revision) with { Rows = Values.All(v => v < 0) ? 0 : 1000 };

        // Below zero: not enough data.
        public Reading[] Readings => [.. Values.Select((v, i) => Make.Drift(columns[i], Math.Abs(v), p: v == 0.15 ? 0.5 : 1e-9, status: v < 0 ? ReadingStatus.InsufficientData : ReadingStatus.Ok))];

        public override string ToString() => $"{Day}.{Revision}: {string.Join(' ', Values)}";
    }

    // Days in order, some of them judged again, now and then an older one.
    static readonly Arbitrary<Step[]> histories = Gen.Zip(Gen.Choose(0, 9), Gen.ArrayOf(Gen.Elements(-1.0, 0.0, 0.05, 0.09, 0.15, 0.15001, 0.25, 0.3, 0.5), columns.Length))
        .ListOf().Select(steps =>
        {
            var day = 0;
            return steps.Select((s, i) => s.Item1 switch
            {
                0 => new Step(day, i, s.Item2),
                1 => new Step(Math.Max(0, day - 2), i, s.Item2),
                _ => new Step(++day, 0, s.Item2),
            }).ToArray();
        }).ToArbitrary();

    static Run Replay(IEnumerable<Step> steps)
    {
        var run = new Run(policy);
        foreach (var step in steps) run.Judge(step.Window, step.Readings);
        return run;
    }

    static void Holds(Action<Step[]> law) => Prop.ForAll(histories, law).QuickCheckThrowOnFailure();

    [Fact]
    public void An_episode_is_in_one_firing_notice_and_in_one_resolved_notice_of_a_channel_in_that_order() => Holds(steps =>
    {
        var told = new Dictionary<(string Channel, string Episode), List<NoticeReason>>();
        foreach (var notice in Replay(steps).Notices)
        {
            foreach (var alert in notice.Alerts)
            {
                Assert.NotEmpty(alert.Episode);
                Assert.Equal(notice.Reason == NoticeReason.Resolved ? AlertStatus.Resolved : AlertStatus.Firing, alert.Status);
                if (!told.TryGetValue((notice.Channel, alert.Episode), out var reasons)) told[(notice.Channel, alert.Episode)] = reasons = [];
                reasons.Add(notice.Reason);
            }
        }
        foreach (var reasons in told.Values)
        {
            Assert.Equal(NoticeReason.Firing, reasons[0]);
            Assert.DoesNotContain(NoticeReason.Firing, reasons.Skip(1));
            Assert.DoesNotContain(NoticeReason.Resolved, reasons.SkipLast(1));
            Assert.True(reasons.Count(r => r == NoticeReason.Escalation) <= 1);
        }
    });

    [Fact]
    public void Every_step_from_firing_to_resolved_is_told_and_nothing_else_is() => Holds(steps =>
    {
        var run = Replay(steps);
        var log = run.Notices.Where(n => n.Channel == "log").ToList();
        int Told(NoticeReason reason) => log.Where(n => n.Reason == reason).Sum(n => n.Alerts.Count);
        Assert.Equal(run.Transitions.Count(t => t.To == AlertStatus.Firing && t.From != AlertStatus.Firing), Told(NoticeReason.Firing));
        Assert.Equal(run.Transitions.Count(t => t.To == AlertStatus.Resolved), Told(NoticeReason.Resolved));
        Assert.Equal(run.Notices.Count, run.Notices.Select(n => n.Id).Distinct().Count());
    });

    [Fact]
    public void A_window_judged_again_with_the_same_readings_changes_nothing() => Holds(steps =>
    {
        var run = new Run(policy);
        foreach (var step in steps)
        {
            run.Judge(step.Window, step.Readings);
            var before = AlertFormat.Write(run.States);
            var again = run.Judge(step.Window, step.Readings);
            Assert.Equal(before, AlertFormat.Write(run.States));
            Assert.Empty(again.Notices);
            Assert.Empty(again.Transitions);
        }
    });

    [Fact]
    public void The_same_history_gives_the_same_bytes_whatever_the_order_of_readings() => Holds(steps =>
    {
        var one = Replay(steps);
        var two = new Run(policy);
        foreach (var step in steps) two.Judge(step.Window, [.. step.Readings.Reverse()]);
        Assert.Equal(AlertFormat.Write(one.States), AlertFormat.Write(two.States));
        Assert.Equal(one.Notices.Select(AlertFormat.Write), two.Notices.Select(AlertFormat.Write));
        Assert.Equal(AlertFormat.Write(one.States), AlertFormat.Write(AlertFormat.ReadStates(AlertFormat.Write(one.States))));
        Assert.All(one.Notices, n => Assert.Equal(AlertFormat.Write(n), AlertFormat.Write(AlertFormat.ReadNotice(AlertFormat.Write(n)))));
    });

    [Fact]
    public void What_other_columns_read_does_not_matter() => Holds(steps =>
    {
        var together = Replay(steps);
        var alone = new Run(policy);
        foreach (var step in steps)
        {
            // Whether they were judged at all does: it says which window is the latest.
            var quiet = step with { Values = [step.Values[0], .. step.Values.Skip(1).Select(v => v < 0 ? v : 0)] };
            alone.Judge(quiet.Window, quiet.Readings);
        }
        Assert.Equal(
            together.Transitions.Where(t => t.Alert.Column == columns[0]).Select(t => (t.Alert.Key, t.From, t.To, t.WindowStart, t.Alert.Severity)),
            alone.Transitions.Where(t => t.Alert.Column == columns[0]).Select(t => (t.Alert.Key, t.From, t.To, t.WindowStart, t.Alert.Severity)));
    });

    [Fact]
    public void What_fires_is_what_the_definition_says() => Holds(steps =>
    {
        // Written out for windows in order and one rule: all marks kept, nothing trimmed.
        var simple = Make.Rules(""" "drift": { "measure": "ks", "above": 0.1, "clear_at": 0.08, "for": "2 of 3", "clear_for": 2 } """);
        var run = new Run(simple);
        var marks = new List<Outcome>();
        var firing = false;
        var day = 0;
        foreach (var value in steps.Select(s => s.Values[0]))
        {
            run.Day(day++, Make.Drift("amount", Math.Abs(value), status: value < 0 ? ReadingStatus.InsufficientData : ReadingStatus.Ok));
            if (value >= 0) marks.Add(value > 0.1 ? Outcome.Breached : value > 0.08 ? Outcome.Between : Outcome.Clear);
            var enough = marks.TakeLast(3).Count(m => m == Outcome.Breached) >= 2;
            var clear = marks.Count >= 2 && marks.TakeLast(2).All(m => m == Outcome.Clear);
            firing = firing ? enough || !clear : enough;
            Assert.Equal(firing, run.States.Current.Any(a => a.Status == AlertStatus.Firing));
        }
    });
}
