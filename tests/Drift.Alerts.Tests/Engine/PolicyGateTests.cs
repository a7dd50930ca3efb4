namespace Drift.Alerts.Tests.Engine;

public class PolicyGateTests
{
    static readonly Reading few = Make.Drift("country", 0.5, status: ReadingStatus.InsufficientData) with { Detail = new ReadingDetail { Reason = "120 rows of 200 needed" } };

    [Fact]
    public void One_window_decides_and_a_family_is_one_line()
    {
        var result = PolicyGate.Check(Policy.Default, Make.Day(0), [Make.Drift("amount", 0.3), Make.Drift("age", 0.15), Make.Drift("name", 0.05), Make.Rate("age", 0.05, 0.01)]);
        Assert.False(result.Passed);
        Assert.Equal(
            [
                "fraud v3: amount drifted, ks 0.30 (alert over 0.10), 18,240 rows.",
                "fraud v3: age drifted, ks 0.15 (alert over 0.10), 18,240 rows.",
                "fraud v3: age missing_rate 5.0 % (1.0 % in the reference; alert over a change of 1 point), 18,240 rows.",
            ],
            result.Violations.Select(v => v.Text));
        Assert.Equal([Severity.Critical, Severity.Warning, Severity.Warning], result.Violations.Select(v => v.Breach.Severity));
    }

    [Fact]
    public void Critical_alone_fails_when_that_is_asked_for()
    {
        Assert.True(PolicyGate.Check(Policy.Default, Make.Day(0), [Make.Drift("age", 0.15)], Severity.Critical).Passed);
        Assert.False(PolicyGate.Check(Policy.Default, Make.Day(0), [Make.Drift("age", 0.25)], Severity.Critical).Passed);
    }

    [Fact]
    public void What_lacks_data_fails_unless_allowed_and_says_what_is_missing()
    {
        var result = PolicyGate.Check(Policy.Default, Make.Day(0), [few]);
        Assert.False(result.Passed);
        Assert.Equal("country: drift could not be judged: 120 rows of 200 needed", Assert.Single(result.Unjudged).Text);
        Assert.True(PolicyGate.Check(Policy.Default, Make.Day(0), [few], allowInsufficient: true).Passed);
    }

    static Reading Limited(string measure, double value) => new()
    {
        Measure = measure, Kind = ReadingKind.Performance, Value = value, ReferenceValue = 100, Rows = 1000,
        Detail = new ReadingDetail { Numbers = [new(ReadingLimits.Lower, 90), new(ReadingLimits.Upper, 110)] },
    };

    [Fact]
    public void An_improvement_is_told_as_a_change_and_stops_nothing()
    {
        var better = PolicyGate.Check(Policy.Default, Make.Day(0), [Limited("rmse", 85), Limited("r2", 120)]);
        Assert.True(better.Passed);
        Assert.Empty(better.Violations);
        Assert.Equal("fraud v3: r2 improved to 120.0 (100.0 in the reference; alert outside 90.00..110.0), 1,000 rows.", Assert.Single(better.Changes).Text);
        // Beside something worse it is not what is shown, however far it went.
        var mixed = PolicyGate.Check(Policy.Default, Make.Day(0), [Limited("rmse", 10), Limited("mae", 111)]);
        Assert.False(mixed.Passed);
        Assert.Empty(mixed.Changes);
        Assert.Equal(("mae", Severity.Critical), (Assert.Single(mixed.Violations).Breach.Measure, mixed.Violations[0].Breach.Severity));
    }

    [Fact]
    public void A_column_that_one_measure_could_judge_is_judged()
    {
        var result = PolicyGate.Check(Policy.Default, Make.Day(0), [few, Make.Drift("country", 0.01, "psi_corrected")]);
        Assert.True(result.Passed);
    }

    [Fact]
    public void Nothing_to_look_at_is_no_violation()
    {
        var result = PolicyGate.Check(Policy.Default, Make.Day(0), [Make.Drift("country", 0.5, status: ReadingStatus.NotApplicable)]);
        Assert.True(result.Passed);
        Assert.Empty(result.Unjudged);
    }

    static Rule Floor(string measure, string segment = "*") => new() { Name = "quality", Measures = new([measure]), Segment = new([segment]), Below = 0.85, Severity = Severity.Critical };

    [Theory]
    [InlineData("auc", "*", false)]
    [InlineData("metric_revenue_mean", "*", false)]
    [InlineData("f1", "country=DE", false)] // f1 is there, but not of that segment
    [InlineData("f1", "*", true)]
    [InlineData("performance", "*", true)] // a group takes what there is
    [InlineData("rows", "*", true)]
    public void A_rule_of_its_own_number_about_the_answers_does_not_pass_where_they_are_unknown(string measure, string segment, bool passes)
    {
        Reading[] readings = [new() { Measure = "f1", Kind = ReadingKind.Performance, Value = 0.9, Rows = 1000 }];
        var policy = new Policy([Floor(measure, segment)]);
        var result = PolicyGate.Check(policy, Make.Day(0), readings);
        Assert.Equal(passes, result.Passed);
        Assert.Equal(passes ? 0 : 1, result.Unjudged.Count);
        Assert.True(PolicyGate.Check(policy, Make.Day(0), readings, allowInsufficient: true).Passed);
    }
}
