using System.Text.Json;

namespace Drift.Core.Tests.Measures;

public sealed class KolmogorovSmirnovTests
{
    static readonly (string Key, Alternative Alternative)[] sides =
        [("two-sided", Alternative.TwoSided), ("less", Alternative.Less), ("greater", Alternative.Greater)];

    [Fact]
    public void Agrees_with_scipy_on_every_numeric_case()
    {
        foreach (var oracleCase in Oracle.Cases("numeric"))
        {
            double[] x = oracleCase.Doubles("ref"), y = oracleCase.Doubles("cur");
            var expected = oracleCase.GetProperty("out");
            foreach (var (key, alternative) in sides)
            {
                Check(expected, "scipy.ks_2samp.exact." + key, KolmogorovSmirnov.Test(x, y, alternative, PValueMethod.Exact), oracleCase.Id());
                Check(expected, "scipy.ks_2samp.asymp." + key, KolmogorovSmirnov.Test(x, y, alternative, PValueMethod.Asymptotic), oracleCase.Id());
            }
            Check(expected, "scipy.ks_2samp.auto", KolmogorovSmirnov.Test(x, y), oracleCase.Id());
        }
    }

    static void Check(JsonElement expected, string key, TwoSampleTest actual, string id)
    {
        Near.Equal(expected.GetProperty(key).Double("statistic"), actual.Statistic, 1e-12, $"{id} {key} statistic", 1e-15);
        Near.Equal(expected.GetProperty(key).Double("p_value"), actual.PValue, 1e-9, $"{id} {key} p");
    }

    /// <summary>Made with scipy 1.10.1 on ref = sqrt(i), i = 1..1000 and cur = 1.1 sqrt(i) + 0.3, i = 1..600.</summary>
    [Fact]
    public void Golden_numbers_on_unequal_sizes()
    {
        double[] x = [.. Enumerable.Range(1, 1000).Select(i => Math.Sqrt(i))], y = [.. Enumerable.Range(1, 600).Select(i => 1.1 * Math.Sqrt(i) + 0.3)];
        var exact = KolmogorovSmirnov.Test(x, y);
        Near.Equal(0.258, exact.Statistic, 1e-14, "D");
        Near.Equal(2.0576763656767741e-22, exact.PValue, 1e-9, "exact p");
        Near.Equal(1.6757454053298454e-22, KolmogorovSmirnov.Test(x, y, method: PValueMethod.Asymptotic).PValue, 1e-9, "asymptotic p");
    }

    [Fact]
    public void Samples_over_the_limit_take_the_asymptotic_law()
    {
        double[] x = [.. Enumerable.Range(0, 10_001).Select(i => i * 1.0)], y = [.. Enumerable.Range(0, 500).Select(i => i * 20.5)];
        Assert.Equal(KolmogorovSmirnov.Test(x, y, method: PValueMethod.Asymptotic), KolmogorovSmirnov.Test(x, y));
        Assert.NotEqual(KolmogorovSmirnov.Test(x, y, method: PValueMethod.Exact).PValue, KolmogorovSmirnov.Test(x, y).PValue);
    }

    [Fact]
    public void One_sided_exact_law_on_unequal_sizes_equals_the_enumeration_of_all_orders()
    {
        // All C(7,3) = 35 orders of 3 and 4 values.
        double[] pooled = [1, 2, 3, 4, 5, 6, 7];
        var statistics = new List<double>();
        for (var mask = 0; mask < 128; mask++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)mask) != 3) continue;
            statistics.Add(KolmogorovSmirnov.Test(Pick(mask), Pick(~mask & 127), Alternative.Greater).Statistic);
        }
        for (var mask = 0; mask < 128; mask++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)mask) != 3) continue;
            var test = KolmogorovSmirnov.Test(Pick(mask), Pick(~mask & 127), Alternative.Greater);
            Near.Equal(statistics.Count(s => s >= test.Statistic - 1e-12) / 35.0, test.PValue, 1e-13, $"mask {mask}");
        }

        double[] Pick(int mask) => [.. pooled.Where((_, i) => (mask >> i & 1) == 1)];
    }

    [Fact]
    public void Nan_is_left_out_infinity_is_a_value_and_an_empty_side_gives_nan()
    {
        Assert.Equal(KolmogorovSmirnov.Test([1, 2], [2, 3, 4]), KolmogorovSmirnov.Test([double.NaN, 2, 1], [4, double.NaN, 3, 2]));
        Assert.Equal(0.5, KolmogorovSmirnov.Test([1, double.PositiveInfinity], [1, 2]).Statistic);
        Assert.True(double.IsNaN(KolmogorovSmirnov.Test([], [1]).PValue));
        Assert.True(double.IsNaN(KolmogorovSmirnov.Test([1], [double.NaN]).Statistic));
        Assert.Equal(new TwoSampleTest(0, 1), KolmogorovSmirnov.Test([0.0], [-0.0]));
    }
}
