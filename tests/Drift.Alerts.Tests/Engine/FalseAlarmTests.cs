using Drift.Core.Tests.Measures;

namespace Drift.Alerts.Tests.Engine;

/// <summary>What the built-in policy calls out on a model whose data never change: every alert is false. Readings as the worker makes them, judged by the alert machine window after window.</summary>
public sealed class FalseAlarmTests
{
    [Fact]
    public void Fifty_stable_columns_alert_at_most_once_in_two_months() => Assert.InRange(Onsets(60), 0, 1);

    [Fact]
    [Trait("Campaign", "statistics")]
    public void Fifty_stable_columns_alert_at_most_eight_times_in_forty_years()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DRIFT_CHAOS") == "1", "40 simulated years take minutes: set DRIFT_CHAOS=1");
        Assert.InRange(Onsets(40 * 365), 0, 8);
    }

    /// <summary>What <see cref="Presets"/> says about its two policies.</summary>
    [Theory]
    [Trait("Campaign", "statistics")]
    [InlineData("calibrated", 250, 50_000, 10)]
    [InlineData("calibrated", 500, 500, 10)]
    [InlineData("calibrated", 1000, 1000, 10)]
    [InlineData("checklist", 200, 200, 1)]
    [InlineData("checklist", 500, 500, 1)]
    [InlineData("checklist", 1000, 50_000, 1)]
    public void Fifty_stable_columns_never_alert_in_these_years(string preset, int rows, int referenceRows, int years)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DRIFT_CHAOS") == "1", "simulated years take a minute: set DRIFT_CHAOS=1");
        Assert.Equal(0, Onsets(years * 365, Presets.Read(Presets.Find(preset)!), rows, referenceRows));
    }

    static int Onsets(int windows, Policy? policy = null, int rows = 1000, int referenceRows = 50_000)
    {
        var random = new Random(2026);
        var world = new StableWorld(random, rows, referenceRows);
        var (states, onsets, day) = (AlertStates.Empty, 0, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        for (var i = 0; i < windows; i++, day = day.AddDays(1))
        {
            var drawn = world.Window(random);
            var window = new Window { Model = "stable", Version = "1", Start = day, End = day.AddDays(1), Rows = drawn.Rows, ClosedBy = "watermark", Reference = world.Reference.Id };
            var judgement = AlertMachine.Judge(policy ?? Policy.Default, window, Comparison.Compare(world.Reference, drawn), states);
            states = judgement.States;
            onsets += judgement.Transitions.Count(t => t.To == AlertStatus.Firing && t.From != AlertStatus.Firing);
        }
        return onsets;
    }
}
