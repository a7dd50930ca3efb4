using Drift.Recipes;

namespace Drift.Core.Tests.Measures;

/// <summary>Golden numbers produced by the systems' own functions: A is ref = sqrt(i), cur = 1.1 sqrt(i) + 0.3; CAT is a500 b300 c200 against a200 b150 c100 d50.</summary>
public sealed class RecipeTests
{
    static readonly double[] x = [.. Enumerable.Range(1, 1000).Select(i => Math.Sqrt(i))];
    static readonly double[] y = [.. Enumerable.Range(1, 600).Select(i => 1.1 * Math.Sqrt(i) + 0.3)];
    static readonly long[] r = [500, 300, 200, 0];
    static readonly long[] c = [200, 150, 100, 50];

    [Fact]
    public void Evidently_golden_numbers()
    {
        Near.Equal(1.2979118589075225, Evidently.Psi(x, y), 1e-12, "psi A");
        Near.Equal(1.0688764366625343, Evidently.Kl(x, y), 1e-12, "kl A");
        Near.Equal(0.2706884391813432, Evidently.Js(x, y), 1e-12, "js A");
        Near.Equal(0.311885775003783, Evidently.Hellinger(x, y), 1e-12, "hellinger A");
        Near.Equal(0.3781096676736369, Wasserstein.Normalised(x, y), 1e-12, "wasserstein A");
        Near.Equal(0.7123991075017365, Evidently.Psi(r, c), 1e-12, "psi CAT");
        Near.Equal(0.11076991813755957, Evidently.Kl(r, c), 1e-12, "kl CAT");
        Near.Equal(0.19349646201204088, Evidently.Js(r, c), 1e-12, "js CAT");
        Near.Equal(0.22975292054736132, Divergence.Hellinger(r, c), 1e-12, "hellinger CAT");
    }

    [Theory]
    [InlineData(true, 1000, 6, "ks")]
    [InlineData(true, 1000, 5, "chi2")]
    [InlineData(true, 1000, 2, "z_test")]
    [InlineData(false, 1000, 9, "chi2")]
    [InlineData(false, 1000, 2, "z_test")]
    [InlineData(true, 1001, 6, "wasserstein_norm")]
    [InlineData(true, 1001, 5, "js")]
    [InlineData(false, 1001, 2, "js")]
    public void Evidently_chooses_its_test_by_rows_and_values(bool numeric, long rows, int distinct, string expected) =>
        Assert.Equal(expected, Evidently.DefaultTest(numeric, rows, distinct));

    [Fact]
    public void NannyML_golden_numbers()
    {
        Near.Equal(0.36537922932773587, NannyML.Js(x, y), 1e-12, "js A");
        Near.Equal(0.3601131200846061, NannyML.Hellinger(x, y), 1e-12, "hellinger A");
        Near.Equal(2.814247550412384, NannyML.Wasserstein(x, y), 1e-12, "wasserstein A");
        Near.Equal(0.2324129365435581, NannyML.Js(r, c), 1e-12, "js CAT");
        Near.Equal(0.22975292054736118, NannyML.Hellinger(r, c), 1e-12, "hellinger CAT");
        Near.Equal(107.14285714285711, NannyML.ChiSquare(r, c).Statistic, 1e-12, "chi2 CAT");
        Near.Equal(4.5200578476006525e-23, NannyML.ChiSquare(r, c).PValue, 1e-12, "chi2 p CAT");
        Assert.Equal(15, NumpyHistogram.Doane(x).Length - 1);
    }

    [Fact]
    public void NannyML_pools_unseen_categories_for_js_but_not_for_chi2()
    {
        long[] reference = [50, 50, 0, 0], current = [40, 40, 15, 5], pooled = [40, 40, 20, 0];
        Assert.Equal(NannyML.Js(reference, pooled), NannyML.Js(reference, current));
        Assert.Equal(NannyML.Hellinger(reference, pooled), NannyML.Hellinger(reference, current));
        Assert.NotEqual(NannyML.ChiSquare(reference, pooled).PValue, NannyML.ChiSquare(reference, current).PValue);
    }

    [Fact]
    public void NannyML_estimates_from_ten_thousand_rows_on()
    {
        double[] many = [.. Enumerable.Range(0, 10_000).Select(i => Math.Sin(i) * i)], few = [.. many.Take(500).Select(v => v + 40)];
        Near.Equal(KolmogorovSmirnov.Test(many, few).Statistic, NannyML.Ks(many, few), 0.02, "estimated ks");
        Near.Equal(Wasserstein.Distance(many, few), NannyML.Wasserstein(many, few), 0.01, "estimated wasserstein");
        Assert.NotEqual(Wasserstein.Distance(many, few), NannyML.Wasserstein(many, few));
        Assert.Equal(Wasserstein.Distance(many.AsSpan(0, 9_999), few), NannyML.Wasserstein(many.AsSpan(0, 9_999), few));
        Assert.Equal(2 + 3 * Math.Sqrt(2 / 3.0), NannyML.Threshold([1, 2, 3]), 12);
    }

    [Fact]
    public void AzureML_golden_numbers()
    {
        Near.Equal(0.8767809360318193, AzureML.Psi(x, y), 1e-12, "psi A");
        Near.Equal(0.32231414108077655, AzureML.Js(x, y), 1e-12, "js A");
        Near.Equal(0.4854551924626937, AzureML.Psi(r, c), 1e-12, "psi CAT");
        Assert.Equal(0, AzureML.Psi([5.0, 5, 5], [5.0, 5]));
        Assert.Equal(0, AzureML.Js([5.0, 5, 5], [5.0, 5]));
    }

    [Fact]
    public void Deepchecks_golden_numbers()
    {
        Near.Equal(0.22935825779954314, Deepchecks.CramersV(r, c), 1e-12, "V CAT");
        Near.Equal(0.22954701350088513, Deepchecks.Psi(r, c), 1e-12, "psi CAT");
        // Under 1 % of the first sample is "other", on either side.
        Assert.Equal(Deepchecks.Psi([990, 10, 0], [900, 50, 50]), Deepchecks.Psi([990, 10, 0, 0], [900, 50, 20, 30]));
        Assert.Equal(0, Deepchecks.CramersV([10], [20]));
        // 0..10 against all 10, over the pooled range: half the mass moves all the way.
        Assert.Equal(0.5, Deepchecks.EarthMover([0, 10], [10.0, 10]));
    }

    [Fact]
    public void Frouros_golden_numbers()
    {
        Near.Equal(130.81778850359535, Frouros.Psi(x, y), 1e-12, "psi A");
        Assert.Equal(0, Frouros.Psi(x, x));
    }

    /// <summary>Worked by hand from the definitions; no golden numbers of these three are known to us.</summary>
    [Fact]
    public void Deequ_tfdv_and_scouter_follow_their_definitions()
    {
        Near.Equal(0.258 - 1.8 * Math.Sqrt(1600 / 600_000.0), Deequ.LInfinity(x, y), 1e-12, "deequ linf A");
        Assert.Equal(0, Deequ.LInfinity(x, x));
        Near.Equal(0.1 - 1.8 * Math.Sqrt(1500 / 500_000.0), Deequ.LInfinity(r, c), 1e-10, "deequ linf CAT");
        Assert.Equal(double.PositiveInfinity, Deequ.Psi(r, c));

        // 0..9 and 5..14 in ten buckets each of width 0.9: united edges; the common part is 5..9.
        double[] a = [.. Enumerable.Range(0, 10).Select(i => (double)i)], b = [.. Enumerable.Range(5, 10).Select(i => (double)i)];
        var part = 4 / 0.9 / 10;    // the share of either side's even mass in 5..9
        var js = 1 - part;          // all other mass is on one side only: 1 bit each; in the common part the densities are equal
        Near.Equal(js, Tfdv.JsDivergence(a, b), 1e-9, "tfdv js");
        Assert.Equal(0, Tfdv.JsDivergence(a, a), 12);
        Near.Equal(1, Tfdv.JsDivergence([3.0, 3], [4.0]), 1e-12, "tfdv js of points");

        // Deciles of 0..10 are 1..9: (lo, hi] puts 1 into the first cell, so the reference is 2 1 1 .. 1 over 11 and everything over 9 the last.
        double[] e = [.. Enumerable.Range(0, 11).Select(i => (double)i)];
        double p = 2 / 11.0 + 1e-10, q = 1 / 11.0 + 1e-10, one = 1 + 1e-10, none = 1e-10;
        var expected = (p - none) * Math.Log(p / none) + 8 * (q - none) * Math.Log(q / none) + (q - one) * Math.Log(q / one);
        Near.Equal(expected, Scouter.Psi(e, [100.0, 200, 300]), 1e-9, "scouter psi");
        Near.Equal(0.1 * Math.Log(1.25) + (0.1 + 0.0) * Math.Log((0.1 + 1e-10) / 1e-10), Scouter.Psi(r, c), 1e-8, "scouter psi CAT");
    }

    [Fact]
    public void Bad_input_is_nan_or_a_defined_value()
    {
        double[][] samples = [[], [1], [double.NaN], [double.PositiveInfinity, 1], [7, 7, 7], [1e308, -1e308], x[..40]];
        Func<double[], double[], double>[] recipes =
        [
            (a, b) => Evidently.Psi(a, b), (a, b) => Evidently.Kl(a, b), (a, b) => Evidently.Js(a, b), (a, b) => Evidently.Hellinger(a, b),
            (a, b) => NannyML.Js(a, b), (a, b) => NannyML.Hellinger(a, b), (a, b) => NannyML.Ks(a, b), (a, b) => NannyML.Wasserstein(a, b),
            (a, b) => AzureML.Psi(a, b), (a, b) => AzureML.Js(a, b), (a, b) => AzureML.WassersteinNormalised(a, b), (a, b) => Deepchecks.EarthMover(a, b),
            (a, b) => Deequ.LInfinity(a, b), (a, b) => Tfdv.JsDivergence(a, b), (a, b) => Scouter.Psi(a, b), (a, b) => Frouros.Psi(a, b), (a, b) => Frouros.Hellinger(a, b),
        ];
        foreach (var recipe in recipes)
            foreach (var a in samples)
                foreach (var b in samples)
                    Assert.True(recipe(a, b) is double.NaN or >= 0, $"{recipe(a, b)}");
    }
}
