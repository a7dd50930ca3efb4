namespace Drift.Core.Tests.Measures;

public sealed class MaximumMeanDiscrepancyTests
{
    static double[] Normal(int count, double mean, double deviation, long seed)
    {
        var random = new SeededRandom(seed);
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = mean + deviation * random.NextNormal();
        return values;
    }

    /// <summary>Two rows a side at distances 1 and 2: the sum written out.</summary>
    [Fact]
    public void The_statistic_is_the_unbiased_sum_over_pairs()
    {
        // Pooled squared distances of 0, 1, 3, 5: 1 9 25 4 16 4, median (4 + 9)/2 = 6.5, k = exp(-d/6.5).
        double K(double distance) => Math.Exp(-distance * distance / 6.5);
        var expected = K(1) + K(2) - 2 * (K(3) + K(5) + K(2) + K(4)) / 4;
        Near.Equal(expected, MaximumMeanDiscrepancy.Test([0, 1], [3, 5], permutations: 0).Statistic, 1e-12, "MMD2");
    }

    [Fact]
    public void Finds_what_no_mean_or_marginal_shows()
    {
        // Same marginals, opposite correlation.
        double[] z = Normal(400, 0, 1, 5), e = Normal(400, 0, 0.3, 6);
        double[] x = [.. Enumerable.Range(0, 200).SelectMany(i => new[] { z[i], z[i] + e[i] })];
        double[] y = [.. Enumerable.Range(200, 200).SelectMany(i => new[] { z[i], -z[i] + e[i] })];
        Assert.Equal(1 / 200.0, MaximumMeanDiscrepancy.Test(x, y, dimensions: 2).PValue);
        Assert.True(MaximumMeanDiscrepancy.Test(x, [.. x.Select((v, i) => v + 0.01 * e[i % 400])], dimensions: 2).PValue > 0.5);
    }

    [Fact]
    public void The_p_value_is_reproducible_never_zero_and_does_not_fire_without_drift()
    {
        var p = Enumerable.Range(0, 40).Select(i => MaximumMeanDiscrepancy.Test(Normal(30, 0, 1, 2 * i), Normal(30, 0, 1, 2 * i + 1), permutations: 99).PValue).ToArray();
        Assert.True(p.Count(v => v <= 0.05) <= 6, $"{p.Count(v => v <= 0.05)} of 40 under 0.05");
        Assert.All(p, v => Assert.True(v >= 0.01));
        Assert.Equal(MaximumMeanDiscrepancy.Test(Normal(50, 0, 1, 1), Normal(50, 1, 1, 2)), MaximumMeanDiscrepancy.Test(Normal(50, 0, 1, 1), Normal(50, 1, 1, 2)));
    }

    [Fact]
    public void Constants_ties_and_short_sides_are_defined()
    {
        Assert.Equal(1, MaximumMeanDiscrepancy.Test([1, 1, 1, 1], [1, 1, 1]).PValue);
        Assert.True(double.IsNaN(MaximumMeanDiscrepancy.Test([1], [1, 2, 3]).PValue));
        Assert.True(double.IsNaN(MaximumMeanDiscrepancy.Test([1, double.NaN, 2], [double.NaN, 3, 1], permutations: 0).PValue));
        Assert.Throws<ArgumentException>(() => MaximumMeanDiscrepancy.Test([1, 2, 3], [1, 2], dimensions: 2));
    }
}
