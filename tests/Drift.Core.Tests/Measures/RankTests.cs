namespace Drift.Core.Tests.Measures;

/// <summary>Tests on raw samples that rest on ranks and distribution functions; expected values from scipy 1.10.1.</summary>
public sealed class RankTests
{
    static readonly double[] a = [.. Enumerable.Range(1, 1000).Select(i => Math.Sqrt(i))];
    static readonly double[] b = [.. Enumerable.Range(1, 600).Select(i => 1.1 * Math.Sqrt(i) + 0.3)];

    [Fact]
    public void Golden_numbers_on_unequal_sizes()
    {
        Check(new(256.0904858774549, 3.1724848534852817e-54), EppsSingleton.Test(a, b, PValueMethod.Asymptotic), 1e-10);
        Check(new(61.596588656758044, 0.001), AndersonDarling.Test(a, b));
        Check(new(8.036491101027801, 1.9296038178508776e-15), TTest.Welch(a, b));
        Check(new(375606.0, 2.9052646893415825e-17), MannWhitney.Test(a, b));
        Near.Equal(8.085238333333308, CramerVonMises.Test(a, b).Statistic, 1e-12, "Cramer-von Mises");
        Near.Equal(0.9450408870520283, Wasserstein.Energy(a, b), 1e-13, "energy");
        Near.Equal(0.3781096676736369, Wasserstein.Normalised(a, b), 1e-13, "normalised Wasserstein");
        Near.Equal(0.25933333333333336, Kuiper.Test(a, b).Statistic, 1e-13, "Kuiper's V");
        Check(new(0.5889251100405083, 0.9642863726336979), EppsSingleton.Test(a.AsSpan(0, 20), b.AsSpan(0, 15), PValueMethod.Asymptotic), 1e-10);
    }

    [Fact]
    public void Mann_Whitney_is_exact_for_a_small_sample_without_ties()
    {
        double[] x = [0.3, 1.7, 2.2, 5.9, -1.0, 3.3, 8.8], y = [.. Enumerable.Range(0, 40).Select(i => 0.1 * i * i - 2 + 0.013 * i)];
        Check(new(51, 0.006095831807093674), MannWhitney.Test(x, y));
        Check(new(51, 0.003047915903546837), MannWhitney.Test(x, y, Alternative.Less));
        Check(new(51, 0.9972669597205815), MannWhitney.Test(x, y, Alternative.Greater));
        Check(new(0, 2 / 35.0), MannWhitney.Test([1, 2, 3], [4, 5, 6, 7]));
        double[] roots = a[..8], line = [.. Enumerable.Range(1, 2000).Select(i => i * 0.0017 + 1e-5)];
        Check(new(9587, 0.338843431653123), MannWhitney.Test(roots, line), 1e-10);
        Assert.NotEqual(MannWhitney.Test(x, y).PValue, MannWhitney.Test(x, y, method: PValueMethod.Asymptotic).PValue);
    }

    [Fact]
    public void Mann_Whitney_counts_ties_half_and_is_certain_when_everything_is_tied()
    {
        Assert.Equal(new TwoSampleTest(4.5, 1), MannWhitney.Test([1, 1, 1], [1, 1, 1]));
        Assert.Equal(0.5 + 1, MannWhitney.Test([2.0], [1, 2]).Statistic);
        Assert.True(double.IsNaN(MannWhitney.Test([], [1]).PValue));
    }

    [Fact]
    public void Cramer_von_Mises_is_exact_up_to_twenty_values()
    {
        double[] u = [.. Enumerable.Range(0, 14).Select(i => 0.5 * i + 0.01 * i * i)], v = [.. Enumerable.Range(0, 17).Select(i => 0.43 * i + 0.6)];
        Check(new(0.03547709406343191, 0.9738933362973295), CramerVonMises.Test(u, v));
        Check(new(0.5005082678232577, 0.040456972042181134), CramerVonMises.Test(u, [.. v.Select(x => x + 2)]));
        Check(new(0.1125, 0.6785714285714286), CramerVonMises.Test(u.AsSpan(0, 5), v.AsSpan(0, 3)));
    }

    [Fact]
    public void Cramer_von_Mises_keeps_its_digits_on_large_samples()
    {
        // Interleaved: every difference of the distribution functions is 1/n or 0, so T is known.
        const int n = 100_000;
        double[] x = [.. Enumerable.Range(0, n).Select(i => 2.0 * i)], y = [.. Enumerable.Range(0, n).Select(i => 2.0 * i + 1)];
        // Ranks are 2i-1 and 2i: U = n (sum (i-1)^2 + sum i^2), T = U/(2n^3) - (4n^2-1)/(12n).
        decimal size = n, sum = (size - 1) * size * (2 * size - 1) / 6 + size * (size + 1) * (2 * size + 1) / 6;
        var expected = (double)(sum / (2 * size * size) - (4 * size * size - 1) / (12 * size));
        Near.Equal(expected, CramerVonMises.Test(x, y).Statistic, 1e-13, "T");
    }

    [Fact]
    public void Kuiper_is_the_same_wherever_the_circle_is_cut()
    {
        double Turn(double value, double by) => (value + by) % 24;
        double[] x = [.. a.Select(v => v % 24)], y = [.. b.Select(v => v % 24)];
        var test = Kuiper.Test(x, y);
        foreach (var by in (double[])[1.25, 7, 19.5])
        {
            var turned = Kuiper.Test([.. x.Select(v => Turn(v, by))], [.. y.Select(v => Turn(v, by))]);
            Near.Equal(test.Statistic, turned.Statistic, 1e-12, $"V turned by {by}");
            Near.Equal(test.PValue, turned.PValue, 1e-9, $"p turned by {by}");
        }
        Assert.Equal(new TwoSampleTest(0, 1), Kuiper.Test(x, x));
    }

    [Fact]
    public void Bad_input_gives_nan_or_a_defined_value_and_never_throws()
    {
        double[][] samples =
        [
            [], [1], [1, 1, 1], [double.NaN], [double.NaN, 2, 3], [double.PositiveInfinity, 1, 2, 3, 4], [double.NegativeInfinity, double.PositiveInfinity, 0, 1, 2, 3],
            [1e308, -1e308, 1e308, 5, 6], [double.Epsilon, 0, -double.Epsilon, 2e-310, 3e-310], [.. Enumerable.Repeat(7.0, 30)], a[..50],
        ];
        foreach (var x in samples)
            foreach (var y in samples)
                foreach (var test in (TwoSampleTest[])[
                    KolmogorovSmirnov.Test(x, y), KolmogorovSmirnov.Test(x, y, Alternative.Less), KolmogorovSmirnov.Test(x, y, method: PValueMethod.Asymptotic),
                    MannWhitney.Test(x, y), AndersonDarling.Test(x, y), CramerVonMises.Test(x, y), CramerVonMises.Test(x, y, PValueMethod.Asymptotic), Kuiper.Test(x, y),
                    TTest.Welch(x, y), TTest.Student(x, y), EppsSingleton.Test(x, y), MaximumMeanDiscrepancy.Test(x, y, permutations: 9)])
                    Assert.True(double.IsNaN(test.PValue) || test.PValue is >= 0 and <= 1, $"p = {test.PValue}");
    }

    static void Check(TwoSampleTest expected, TwoSampleTest actual, double relative = 1e-12)
    {
        Near.Equal(expected.Statistic, actual.Statistic, relative, "statistic");
        Near.Equal(expected.PValue, actual.PValue, relative, "p");
    }
}
