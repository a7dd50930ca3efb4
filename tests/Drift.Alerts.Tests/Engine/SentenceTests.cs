namespace Drift.Alerts.Tests.Engine;

public class SentenceTests
{
    [Fact]
    public void The_default_policy_says_the_whole_sentence()
    {
        var run = new Run(Policy.Default, new AlertContext { Link = "http://127.0.0.1:5080/models/{model}" });
        Reading[] readings =
        [
            Make.Drift("amount", 0.31, "psi") with { Detail = new ReadingDetail { Cells = [new CellShare("120..250", 0.1, 0.24, 0.12), new CellShare("below", 0, 0.01, 0.02)] } },
            Make.Drift("amount", 0.30, "psi_corrected"),
            Make.Drift("amount", 0.12),
            new() { Measure = "estimated_auc", Kind = ReadingKind.Performance, Value = 0.88, ReferenceValue = 0.91, Rows = 18240 },
        ];
        run.Day(0, readings);
        run.Day(1, readings.Select(r => r with { Value = 0 }).ToArray());
        run.Day(2, readings);
        var notice = Assert.Single(run.Notices);
        Assert.Equal(
            "fraud v3: amount drifted, psi 0.31 (0.30 above sampling noise; alert over 0.10), 18,240 rows, since 2026-11-19 (2 of 3 days). " +
            "Most of it: 120..250 went from 10 % to 24 %. Estimated AUC 0.91 -> 0.88. http://127.0.0.1:5080/models/fraud", notice.Text);
        Assert.Equal("team", notice.Channel);
        Assert.Equal(("drift", Severity.Critical), (notice.Alerts[0].Name, notice.Alerts[0].Severity));
    }

    [Fact]
    public void Rates_are_said_in_percent_and_against_the_reference()
    {
        var run = new Run(Policy.Default);
        var judged = run.Day(0, Make.Rate("age", 0.25, 0.01));
        Assert.Equal("fraud v3: age missing_rate 25 % (1.0 % in the reference; alert over a change of 20 points), 18,240 rows, since 2026-11-19 (1 of 1 days).", judged.Notices.Single().Text);
    }

    [Fact]
    public void What_is_over_is_said_with_the_value_that_it_came_back_to()
    {
        var run = new Run(Policy.Default);
        run.Day(0, Make.Rate("age", 0.25, 0.01));
        for (var day = 1; day < 4; day++) run.Day(day, Make.Rate("age", 0.011, 0.01));
        Assert.Equal("fraud v3: age is back, missing_rate 1.1 %; it fired since 2026-11-19.", run.Notices[^1].Text);
    }

    [Theory]
    [InlineData(0.1, "0.10")]
    [InlineData(0.0123, "0.012")]
    [InlineData(0, "0")]
    [InlineData(0.00001, "1.0e-5")]
    [InlineData(123.456, "123.5")]
    [InlineData(1234567.8, "1,234,568")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void Numbers_are_short_and_the_same_everywhere(double value, string expected) => Assert.Equal(expected, Say.Number(value));
}
