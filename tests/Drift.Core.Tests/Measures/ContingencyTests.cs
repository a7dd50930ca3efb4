namespace Drift.Core.Tests.Measures;

public sealed class ContingencyTests
{
    [Fact]
    public void Published_chi_square()
    {
        var test = Contingency.ChiSquare([500, 300, 200, 0], [200, 150, 100, 50]);
        Assert.Equal(107.14285714285711, test.Statistic, 10);
        Assert.Equal(1, test.PValue / 4.5200578476006525e-23, 10);
    }

    [Fact]
    public void G_is_what_its_definition_says()
    {
        long[] r = [30, 14, 0, 6], c = [20, 30, 3, 7];
        double expected = 0;
        for (var i = 0; i < 4; i++)
            foreach (var (observed, side) in new[] { (r[i], r.Sum()), (c[i], c.Sum()) })
                if (observed > 0) expected += 2 * observed * Math.Log(observed * (double)(r.Sum() + c.Sum()) / ((r[i] + c[i]) * side));
        var test = Contingency.GTest(r, c);
        Assert.Equal(expected, test.Statistic, 12);
        Assert.Equal(SpecialFunctions.ChiSquareSurvival(expected, 3), test.PValue, 14);
    }

    [Fact]
    public void A_cell_that_neither_side_has_changes_nothing()
    {
        Assert.Equal(Contingency.ChiSquare([5, 9], [8, 2]), Contingency.ChiSquare([5, 0, 9], [8, 0, 2]));
        Assert.Equal(Contingency.GTest([5, 9], [8, 2]), Contingency.GTest([5, 0, 9], [8, 0, 2]));
        Assert.Equal(Contingency.CramersV([5, 9], [8, 2]), Contingency.CramersV([5, 0, 9], [8, 0, 2]));
    }

    [Fact]
    public void Cramers_v_is_1_for_sides_apart_and_0_on_average_for_equal_ones()
    {
        Assert.Equal(1, Contingency.CramersV([1000, 0], [0, 1000]), 2);
        Assert.Equal(0, Contingency.CramersV([500, 500], [500, 500]));
        Assert.Equal(0, Contingency.CramersV([5], [9]));
        // Bergsma 2013 by the letter on a 2 x 3 table.
        long[] r = [40, 30, 30], c = [20, 30, 50];
        const double N = 200, Columns = 3;
        double phi = Contingency.ChiSquare(r, c).Statistic / N, corrected = Math.Max(0, phi - (Columns - 1) / (N - 1));
        double two = 2 - 1 / (N - 1), three = Columns - (Columns - 1) * (Columns - 1) / (N - 1);
        Assert.Equal(Math.Sqrt(corrected / Math.Min(two - 1, three - 1)), Contingency.CramersV(r, c), 14);
    }

    [Fact]
    public void Degenerate_tables()
    {
        Assert.Equal(new TwoSampleTest(0, 1), Contingency.ChiSquare([5, 0], [9, 0]));
        Assert.True(double.IsNaN(Contingency.ChiSquare([0, 0], [9, 1]).PValue));
        Assert.True(double.IsNaN(Contingency.GTest([], []).Statistic));
        Assert.True(double.IsNaN(Contingency.CramersV([1, 0], [0, 1])));
        Assert.Throws<ArgumentException>(() => Contingency.ChiSquare([1, 2], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Contingency.ChiSquare([-1, 2], [1, 2]));
    }

    [Fact]
    public void The_design_effect_divides_the_statistic() =>
        Assert.Equal(Contingency.ChiSquare([10, 20], [20, 10]).PValue, Contingency.ChiSquare([50, 100], [100, 50], designEffect: 5).PValue, 12);
}
