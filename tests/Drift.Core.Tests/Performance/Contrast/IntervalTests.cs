using Drift.Core.Tests.Measures;

namespace Drift.Core.Tests.Performance.Contrast;

public sealed class IntervalTests
{
    [Fact]
    public void Wilson_Newcombe_and_the_z_test_are_those_of_statsmodels()
    {
        var cases = Oracle.Cases("proportions");
        Assert.NotEmpty(cases);
        foreach (var c in cases)
        {
            long k1 = (long)c.Double("k1"), n1 = (long)c.Double("n1"), k2 = (long)c.Double("k2"), n2 = (long)c.Double("n2");
            void Same(string name, (double Lower, double Upper) ours, int sign = 1)
            {
                var theirs = c.GetProperty("out").Doubles(name);
                var (low, high) = sign > 0 ? (ours.Lower, ours.Upper) : (-ours.Upper, -ours.Lower);
                Near.Equal(theirs[0], low, 1e-12, $"{c.Id()} {name} lower", 1e-15);
                Near.Equal(theirs[1], high, 1e-12, $"{c.Id()} {name} upper", 1e-15);
            }
            Same("statsmodels.ci_wilson", Intervals.Wilson(k1, n1));
            // Theirs is first minus second, ours second minus first.
            Same("statsmodels.diff_ci_newcomb", Intervals.Newcombe(k1, n1, k2, n2), -1);
            var z = c.GetProperty("out").Doubles("statsmodels.proportions_ztest");
            Near.Equal(z[1], Rates.ZTest(k1, n1, k2, n2).PValue, 1e-12, $"{c.Id()} z test");
        }
    }

    [Fact]
    public void The_ratio_is_symmetric_on_the_log_scale_and_survives_zero()
    {
        var ((lower, upper), (back, forth)) = (Intervals.Ratio(30, 100, 45, 100), Intervals.Ratio(45, 100, 30, 100));
        Assert.Equal(lower, 1 / forth, 1e-12);
        Assert.Equal(upper, 1 / back, 1e-12);
        Assert.Equal(Math.Log(2.0 / 3), (Math.Log(lower) + Math.Log(upper)) / 2, 1e-12);
        Assert.Equal(Intervals.Quantile(0.95) * Math.Sqrt(1 / 30.0 - 0.01 + 1 / 45.0 - 0.01), (Math.Log(upper) - Math.Log(lower)) / 2, 1e-12);
        Assert.All(new[] { Intervals.Ratio(0, 50, 3, 50), Intervals.Ratio(50, 50, 50, 50), Intervals.Ratio(0, 50, 0, 50) }, i => Assert.True(i.Lower > 0 && i.Upper > i.Lower && double.IsFinite(i.Upper)));
    }

    [Theory]
    [InlineData(0.95, 1, 12.706204736432095)]
    [InlineData(0.95, 10, 2.2281388519649385)]
    [InlineData(0.99, 99, 2.6264054563851857)]
    public void Student_quantiles(double level, double degrees, double expected) => Assert.Equal(expected, Intervals.StudentQuantile(level, degrees), 1e-9);

    [Fact]
    public void Groups_are_compared_at_their_extremes_and_small_ones_left_out()
    {
        var groups = new DecidedGroup[]
        {
            new("a", 40, 100, new(30, 10, 10, 50)), new("b", 60, 100, new(45, 15, 5, 35)), new("c", 55, 100, new(40, 15, 10, 35)), new("few", 20, 20, new(20, 0, 0, 0)),
        };
        var readings = GroupGaps.Of("country", groups).ToDictionary(r => r.Measure);
        var parity = readings["demographic_parity_difference"];
        Assert.Equal(0.2, parity.Value, 1e-12);
        Assert.Equal(Intervals.Newcombe(40, 100, 60, 100), (parity.Detail!.Lower!.Value, parity.Detail.Upper!.Value));
        Assert.Equal(["a", "c", "b"], parity.Detail.Cells.Select(cell => cell.Cell));
        Assert.Contains("few", parity.Detail.Reason, StringComparison.Ordinal);
        Assert.Equal(2 / 3.0, readings["disparate_impact_ratio"].Value, 1e-12);
        Assert.Equal(0.15, readings["equal_opportunity_difference"].Value, 1e-12);
        // False positive rates 10/60, 15/50, 15/50: their gap is smaller than that of the true positive rates.
        Assert.Equal(0.15, readings["equalized_odds_difference"].Value, 1e-12);
        Assert.All(GroupGaps.Of("country", groups[3..]), r => Assert.Equal(ReadingStatus.InsufficientData, r.Status));
    }

    [Fact]
    public void Rows_that_a_plan_asks_for()
    {
        // The textbook's sample size for 10 % against 12 % at 80 % power.
        Assert.Equal(3839, ContrastPlan.RowsForRates(0.10, 0.12));
        Assert.Equal(1570, ContrastPlan.RowsForMeans(0.1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContrastPlan.RowsForMeans(0, 1, 1));
    }
}
