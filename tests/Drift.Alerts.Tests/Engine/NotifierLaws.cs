using FsCheck;
using FsCheck.Fluent;

namespace Drift.Alerts.Tests.Engine;

/// <summary>What is told, and how often, whatever waits, is silenced, is acknowledged, and however often nobody looks.</summary>
public class NotifierLaws
{
    const string Column = "amount";

    enum Move { Fire, Clear, Tick, Silence, Acknowledge, NewPolicy }

    sealed record Step(Move Move, int Minutes)
    {
        public override string ToString() => $"{Move}+{Minutes}";
    }

    static readonly Arbitrary<Step[]> stories = Gen.Zip(Gen.Elements(Move.Fire, Move.Clear, Move.Tick, Move.Tick, Move.Silence, Move.Acknowledge, Move.NewPolicy), Gen.Choose(0, 90))
        .Select(s => new Step(s.Item1, s.Item2)).ArrayOf().ToArbitrary();

    static Policy PolicyOf(string route) => Make.Policy($$"""
        { "rules": { "drift": { "measure": "ks", "above": 0.1 }, "drift-strong": { "measure": "ks", "above": 0.4, "severity": "critical" } },
          "routes": [{ {{route}}, "channels": ["out"] }], "channels": { "out": { "kind": "console" } } }
        """);

    static readonly Policy[] policies =
    [
        PolicyOf(""" "repeat": "02:00:00" """),
        PolicyOf(""" "wait": "00:30:00", "interval": "01:00:00", "repeat": "04:00:00" """),
        PolicyOf(""" "group_by": ["column"], "interval": "00:20:00", "repeat": "00:00:00" """),
    ];

    /// <summary>Plays a story and gives the notices with the silences that were in force at each.</summary>
    static List<(Notice Notice, bool Silenced, bool Taken)> Play(IEnumerable<Step> story)
    {
        var run = new Run(policies[0]);
        var told = new List<(Notice, bool, bool)>();
        var silences = new List<Silence>();
        var (now, window, policy) = (Make.Origin, 0, 0);
        foreach (var step in story)
        {
            now += TimeSpan.FromMinutes(step.Minutes);
            var value = step.Minutes > 60 ? 0.5 : 0.2;
            switch (step.Move)
            {
                case Move.Silence:
                    silences.Add(new Silence { Match = new Selector { Labels = new Dictionary<string, Globs> { ["column"] = new([Column]) } }, Starts = now, Ends = now.AddHours(1) });
                    break;
                case Move.Acknowledge when run.Only is { } alert:
                    run.States = run.States.Acknowledge(alert.Key, new Acknowledgement("ann", "", now, now.AddHours(3)));
                    break;
                case Move.NewPolicy:
                    run.Policy = policies[++policy % policies.Length];
                    break;
            }
            run.Context = new AlertContext { Now = now, Silences = [.. silences] };
            var taken = run.States.Alerts.Values.Any(a => a.Acknowledged?.IsActive(now) == true);
            var judgement = step.Move switch
            {
                Move.Fire => run.Judge(Make.Day(window++), Make.Drift(Column, value)),
                Move.Clear => run.Judge(Make.Day(window++), Make.Drift(Column, 0)),
                _ => run.Tick(now),
            };
            told.AddRange(judgement.Notices.Select(n => (n, silences.Any(s => s.IsActive(now)), taken)));
            // Once told, nothing is left to say at the same moment.
            Assert.Empty(AlertMachine.Tick(run.Policy, run.States, now, run.Context).Notices);
            Assert.True(judgement.Due is null || judgement.Due > now, $"due {judgement.Due} is not after {now}");
        }
        return told;
    }

    [Fact]
    public void An_episode_is_announced_once_ended_at_most_once_and_never_spoken_of_again() => Prop.ForAll(stories, story =>
    {
        foreach (var episode in Play(story).GroupBy(t => t.Notice.Alerts.Single().Episode))
        {
            var reasons = episode.Select(t => t.Notice.Reason).ToList();
            Assert.Equal(NoticeReason.Firing, reasons[0]);
            Assert.DoesNotContain(NoticeReason.Firing, reasons.Skip(1));
            Assert.DoesNotContain(NoticeReason.Resolved, reasons.SkipLast(1));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_silence_lets_nothing_through_and_an_acknowledgement_only_the_end() => Prop.ForAll(stories, story =>
    {
        var told = Play(story);
        Assert.DoesNotContain(told, t => t.Silenced);
        Assert.DoesNotContain(told, t => t.Taken && t.Notice.Reason is NoticeReason.Repeat or NoticeReason.Escalation);
        Assert.Equal(told.Count, told.Select(t => t.Notice.Id).Distinct().Count());
    }).QuickCheckThrowOnFailure();
}
