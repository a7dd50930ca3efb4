namespace Drift.Core.Tests.Measures;

public sealed class RatesTests
{
    /// <summary>Expected values were computed with 30 digits by enumeration.</summary>
    [Theory]
    [InlineData(0, 50, 3, 50, 0.12121212121212122)]
    [InlineData(3, 50000, 4, 1000, 4.964298409463294e-06)]
    [InlineData(45, 50000, 9, 1000, 1.0850024948679188e-06)]
    [InlineData(49999, 50000, 990, 1000, 8.699901999748788e-17)]
    [InlineData(10, 100, 10, 100, 1.0)]
    [InlineData(0, 10, 0, 10, 1.0)]
    [InlineData(5, 10, 0, 3, 0.1958041958041958)]
    [InlineData(100, 1000000, 5, 1000, 8.901472365111348e-08)]
    [InlineData(7, 50, 49, 60, 3.7915877270465864e-13)]
    [InlineData(12, 1000000, 40, 1000000, 8.169699154232406e-05)]
    [InlineData(2, 3, 1, 40, 0.009885746697998542)]
    public void Exact_mid_p_equals_the_sum_over_all_tables(long k1, long n1, long k2, long n2, double expected) =>
        Near.Equal(expected, Rates.Test(k1, n1, k2, n2).PValue, 1e-12, "p");

    [Fact]
    public void Large_expected_counts_take_the_normal_law()
    {
        Assert.Equal(Rates.ZTest(120, 10_000, 150, 10_000), Rates.Test(120, 10_000, 150, 10_000));
        Assert.NotEqual(Rates.ZTest(40, 10_000, 50, 10_000).PValue, Rates.Test(40, 10_000, 50, 10_000).PValue);
    }

    [Fact]
    public void Z_agrees_with_statsmodels()
    {
        foreach (var oracleCase in Oracle.Cases("proportions"))
        {
            long Of(string name) => oracleCase.GetProperty(name).GetInt64();
            var expected = oracleCase.GetProperty("out").GetProperty("statsmodels.proportions_ztest").EnumerateArray().Select(Oracle.Number).ToArray();
            var actual = Rates.ZTest(Of("k1"), Of("n1"), Of("k2"), Of("n2"));
            Near.Equal(expected[0], -actual.Statistic, 1e-12, oracleCase.Id());
            Near.Equal(expected[1], actual.PValue, 1e-12, oracleCase.Id());
        }
    }

    [Fact]
    public void Swapping_sides_or_counting_the_others_changes_only_the_sign()
    {
        foreach (var (k1, n1, k2, n2) in ((long, long, long, long)[])[(3, 500, 9, 200), (0, 10, 3, 10), (700, 1000, 60, 100), (5, 5, 2, 4)])
        {
            var test = Rates.Test(k1, n1, k2, n2);
            var swapped = Rates.Test(k2, n2, k1, n1);
            var others = Rates.Test(n1 - k1, n1, n2 - k2, n2);
            Near.Equal(test.PValue, swapped.PValue, 1e-12, "swapped p");
            Near.Equal(test.PValue, others.PValue, 1e-12, "others p");
            Near.Equal(-test.Statistic, swapped.Statistic, 1e-12, "swapped z");
            Near.Equal(-test.Statistic, others.Statistic, 1e-12, "others z");
        }
    }

    [Fact]
    public void Degenerate_sides_are_defined()
    {
        Assert.Equal(new TwoSampleTest(0, 1), Rates.Test(0, 10, 0, 20));
        Assert.Equal(new TwoSampleTest(0, 1), Rates.Test(10, 10, 20, 20));
        Assert.True(double.IsNaN(Rates.Test(0, 0, 1, 2).PValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rates.Test(3, 2, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rates.Test(-1, 2, 0, 1));
    }
}
