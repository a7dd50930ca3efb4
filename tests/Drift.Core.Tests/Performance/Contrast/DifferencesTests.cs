namespace Drift.Core.Tests.Performance.Contrast;

public sealed class DifferencesTests
{
    [Fact]
    public void Welch_agrees_with_the_test_of_the_measures_and_its_interval_with_its_p_value()
    {
        var random = new Random(5);
        double[] x = [.. Enumerable.Range(0, 30).Select(_ => random.NextDouble())], y = [.. Enumerable.Range(0, 50).Select(_ => random.NextDouble() * 2)];
        var d = Differences.Means(x, y);
        Assert.Equal(TTest.Welch(x, y).PValue, d.PValue, 1e-12);
        // At the level 1 - p one end of the interval is 0.
        var edge = Differences.Means(x, y, 1 - d.PValue);
        Assert.Equal(0, edge.Lower, 1e-9);
    }

    [Fact]
    public void Constants_are_equal_with_p_1_or_different_with_p_0_and_never_NaN()
    {
        Assert.Equal((1, 0, 0), (Differences.Means([2, 2], [2, 2, 2]).PValue, Differences.Means([2, 2], [2, 2]).Lower, Differences.Means([2, 2], [2, 2]).Upper));
        Assert.Equal((0, 1), (Differences.Means([2, 2], [3, 3]).PValue, Differences.Means([2, 2], [3, 3]).Value));
        Assert.Equal(1, Differences.PairedMeans([1, 2, 3], [1, 2, 3]).PValue);
        Assert.True(double.IsNaN(Differences.Means([1], [2, 3]).PValue));
    }

    [Fact]
    public void Pairs_without_a_value_on_either_side_count_on_neither()
    {
        var d = Differences.PairedMeans([1, double.NaN, 3, 4], [2, 5, double.NaN, 6]);
        Assert.Equal((2.5, 4, 1.5), (d.First, d.Second, d.Value));
    }

    [Fact]
    public void McNemar_rests_on_the_rows_that_differ()
    {
        // Exact mid-p of 3 against 9: twice P(K < 3) + P(K = 3)/2 for K binomial(12, 1/2).
        var expected = 2 * (1 + 12 + 66 + 220 / 2.0) / 4096;
        Assert.Equal(expected, Differences.PairedRates(50, 3, 9, 100).PValue, 1e-12);
        Assert.Equal(1, Differences.PairedRates(50, 0, 0, 100).PValue);
        Assert.Equal(1, Differences.PairedRates(50, 7, 7, 100).PValue, 1e-12);
        Assert.Equal(SpecialFunctions.ChiSquareSurvival(25, 1), Differences.PairedRates(0, 75, 25, 200).PValue, 1e-12);
        var d = Differences.PairedRates(50, 3, 9, 100);
        Assert.Equal(0.06, d.Value, 1e-12);
        Assert.InRange(0, d.Lower, d.Upper);
    }

    [Fact]
    public void Rates_without_rows_cannot_be_compared() => Assert.True(double.IsNaN(Differences.Rates(0, 0, 1, 2).PValue));
}
