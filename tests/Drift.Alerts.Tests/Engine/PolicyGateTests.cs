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
}
