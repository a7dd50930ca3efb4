using Drift.Alerts;
using Drift.Worker.Commands.Demo;

namespace Drift.Worker.Tests.Commands.Demo;

public sealed class DemoTrafficTests
{
    static readonly DateTimeOffset start = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_columns_have_the_shapes_that_make_monitoring_hard()
    {
        var reference = new DemoTraffic(1, start).Reference();
        Assert.True(reference.Columns.Count(c => c.Spec.Role == ColumnRole.Feature) >= 12);
        Assert.Equal(ColumnRole.Prediction, reference.Find("score")!.Spec.Role);
        Assert.Equal(1, reference.Find("api_version")!.Histogram!.Binning.Count);
        Assert.Single(reference.Find("currency")!.Categories!.Categories);
        Assert.True(reference.Find("merchant")!.Categories!.Vocabulary.Singletons > 100);
        Assert.True(reference.Find("age")!.Null > 0);
        Assert.True(reference.Find("session_seconds")!.Histogram!.NaN > 0);
        var zeros = reference.Find("chargeback_sum")!.Histogram!;
        Assert.True(zeros.Counts[0] > .9 * zeros.Rows);
    }

    [Fact]
    public void The_same_seed_gives_the_same_traffic_and_other_seeds_other_columns()
    {
        byte[][] Records(int seed) => [.. new DemoTraffic(seed, start).Day(0).Take(100).Select(r => r.ToRecord("x"))];
        Assert.Equal(Records(3), Records(3));
        Assert.NotEqual(Records(3), Records(4));
        Assert.True(Enumerable.Range(1, 6).Select(s => string.Join(',', new DemoTraffic(s, start).Drifted.Select(c => c.Name))).Distinct().Count() >= 5);
    }

    /// <summary>The whole sample through comparison and policy, without a broker: many seeds in little time.</summary>
    [Fact]
    public void The_built_in_policy_names_exactly_the_drifted_columns()
    {
        for (var seed = 1; seed <= 6; seed++)
        {
            var traffic = new DemoTraffic(seed, start);
            var reference = traffic.Reference();
            var states = AlertStates.Empty;
            var fired = new HashSet<string>();
            for (var day = 0; day < DemoTraffic.Days; day++)
            {
                var profile = DemoTraffic.ProfileOf(ProfileBuilder.ForWindow(reference), [.. traffic.Day(day)]);
                var window = new Window { Model = DemoTraffic.Model, Version = DemoTraffic.Version, Start = start.AddDays(day), End = start.AddDays(day + 1), Rows = profile.Rows };
                var judgement = AlertMachine.Judge(Policy.Default, window, Comparison.Compare(reference, profile), states);
                states = judgement.States;
                var firing = states.Current.Where(a => a.Status == AlertStatus.Firing).Select(a => a.Column).ToHashSet();
                if (day < DemoTraffic.DriftDay) Assert.True(firing.Count == 0, $"seed {seed}, day {day}: {string.Join(", ", firing)}");
                fired.UnionWith(firing);
            }
            Assert.Equal((seed, string.Join(", ", traffic.Drifted.Select(c => c.Name).Order(StringComparer.Ordinal))), (seed, string.Join(", ", fired.Order(StringComparer.Ordinal))));
        }
    }
}
