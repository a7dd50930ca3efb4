namespace Drift.Core.Tests.Histograms;

public sealed class BinningTests
{
    static double[] Normal(int n, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()))];
    }

    [Fact]
    public void Deciles_of_a_continuous_column()
    {
        var values = Normal(10_000);
        var binning = Binning.Default(values);
        Assert.Equal(10, binning.Count);
        var histogram = Histogram.Of(binning, values);
        foreach (var count in histogram.Counts) Assert.InRange(count, 999, 1001);
        Assert.Equal(0, histogram.Below + histogram.Above);
    }

    [Fact]
    public void Few_values_are_cells_of_their_own()
    {
        var binning = Binning.Default([3, 1, 2, 2, 1, 3, 3]);
        Assert.Equal([1, 2, 3, Math.BitIncrement(3.0)], binning.Edges.ToArray());
        Assert.Equal([2L, 2L, 3L], Histogram.Of(binning, [3, 1, 2, 2, 1, 3, 3]).Counts.ToArray());
        Assert.True(binning.IsPoint(2));
    }

    [Fact]
    public void A_constant_has_one_point_cell_so_that_below_and_above_tell()
    {
        var binning = Binning.Default([0.5, 0.5, 0.5]);
        Assert.Equal([0.5, Math.BitIncrement(0.5)], binning.Edges.ToArray());
        var changed = Histogram.Of(binning, [0.4, 0.5, 0.6]);
        Assert.Equal((1, 1, 1), (changed.Below, changed.Counts[0], changed.Above));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(5.0)]
    public void A_value_with_most_of_the_rows_is_a_cell_of_its_own_among_ten(double heavy)
    {
        var values = Normal(10_000).Select((x, i) => i % 5 == 0 ? Math.Abs(x) : heavy).ToArray();
        var binning = Binning.Default(values);
        var histogram = Histogram.Of(binning, values);
        var cell = binning.BinOf(heavy);
        Assert.Equal(10, binning.Count);
        Assert.True(binning.IsPoint(cell));
        Assert.Equal(8000, histogram.Counts[cell]);
        Assert.Equal(0, histogram.Counts.Count(0L));
    }

    [Fact]
    public void Many_heavy_values_leave_three_cells_for_the_others()
    {
        var values = Enumerable.Range(0, 10_000).Select(i => i % 100 < 95 ? i % 9 : 9 + i / 10_000.0).ToArray();
        var binning = Binning.Default(values);
        Assert.Equal(9 + 3, binning.Count);
        var histogram = Histogram.Of(binning, values);
        for (var heavy = 0; heavy < 9; heavy++) Assert.Equal(values.Count(x => x == heavy), histogram.Counts[binning.BinOf(heavy)]);
        Assert.Equal(0, histogram.Counts.Count(0L));
    }

    [Fact]
    public void Quantiles_follow_the_linear_rule() =>
        // Positions 0, 1, 2, 3 of five values are 0, 4/3, 8/3, 4: 1, 2 + 2/3, 4 + 2/3 * 4, 16.
        Assert.Equal([1, 2 + 2 / 3.0, 4 + 8 / 3.0, 16], Quantiles.Cuts([1, 2, 4, 8, 16], 3).Select(x => Math.Round(x, 12)), (a, b) => Math.Abs(a - b) < 1e-11);

    [Fact]
    public void Sturges_counts_cells_as_its_rule_says() => Assert.Equal(11, Binning.Choose(BinningRule.Sturges, Normal(1000)).Count);

    [Fact]
    public void Doane_has_more_cells_for_skew() =>
        Assert.True(Binning.Choose(BinningRule.Doane, [.. Normal(1000).Select(Math.Exp)]).Count > Binning.Choose(BinningRule.Doane, Normal(1000)).Count);

    [Theory]
    [InlineData(0.0, 1.0, 10)]
    [InlineData(-1.7976931348623157E+308, 1.7976931348623157E+308, 7)]
    [InlineData(0.0, 5E-324, 10)]
    public void Uniform_edges_run_from_the_smallest_to_the_largest(double min, double max, int bins)
    {
        var edges = Binning.Uniform(min, max, bins).Edges;
        Assert.Equal((min, max), (edges[0], edges[^1]));
    }

    [Fact]
    public void Bad_edges_are_refused_with_their_place()
    {
        Assert.Contains("edge 2", Assert.Throws<ArgumentException>(() => Binning.Of([0, 1, 1])).Message);
        Assert.Contains("edge 1", Assert.Throws<ArgumentException>(() => Binning.Of([0, double.NaN])).Message);
        Assert.Throws<ArgumentException>(() => Binning.Of([1]));
        Assert.Throws<ArgumentException>(() => Binning.Default([double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Binning.Default([1, 2], 0));
    }
}
