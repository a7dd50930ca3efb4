using System.Text.Json;
using Drift.Recipes;

namespace Drift.Core.Tests.Measures;

/// <summary>Every key of the oracle's categorical, count, proportion and multiple-testing cases.</summary>
public sealed class OracleCountTests
{
    [Fact]
    public void Every_categorical_case_and_key() => OracleWalk.Check("categorical", categorical);

    [Fact]
    public void Every_count_case_and_key() => OracleWalk.Check("counts", counts);

    [Fact]
    public void Every_proportion_case_and_key() => OracleWalk.Check("proportions", proportions, proportionsUnclaimed);

    [Fact]
    public void Every_multiple_testing_case_and_key() => OracleWalk.Check("multitest", multiple, multipleUnclaimed);

    static readonly Dictionary<string, OracleWalk.Claim> categorical = new()
    {
        ["counts"] = (c, e) => [.. Same(e, "ref", Tally(c, "ref", e)), .. Same(e, "cur", Tally(c, "cur", e))],
        ["scipy.chi2_contingency"] = (c, e) => OracleWalk.Test(e, Contingency.ChiSquareYates(R(c), C(c))),
        ["scipy.chi2_contingency.uncorrected"] = (c, e) => OracleWalk.Test(e, Contingency.ChiSquare(R(c), C(c), method: PValueMethod.Asymptotic)),
        ["scipy.g_test.uncorrected"] = (c, e) => OracleWalk.Test(e, Contingency.GTest(R(c), C(c))),
        ["evidently.psi"] = (c, e) => OracleWalk.Score(e, Evidently.Psi(R(c), C(c)), absolute: 1e-15),
        ["evidently.kl_div"] = (c, e) => OracleWalk.Score(e, Evidently.Kl(R(c), C(c)), absolute: 1e-15),
        ["evidently.jensenshannon"] = (c, e) => OracleWalk.Score(e, Evidently.Js(R(c), C(c)), absolute: 1e-7),
        ["evidently.hellinger"] = (c, e) => OracleWalk.Score(e, Divergence.Hellinger(R(c), C(c)), absolute: 1e-7),
        ["evidently.chisquare"] = (c, e) => OracleWalk.Score(e, Evidently.ChiSquare(R(c), C(c)).PValue),
        ["evidently.z"] = (c, e) => OracleWalk.Score(e, Evidently.ZTest(R(c), C(c)).PValue, absolute: 1e-15),
        ["evidently.g_test"] = (c, e) => e.Raised() ? Refused(e, "sum of the observed") : OracleWalk.Score(e, Evidently.GTest(R(c), C(c)).PValue),
        ["evidently.fisher_exact"] = (c, e) => e.Raised() ? Refused(e, "Expects binary") : OracleWalk.Score(e, Fisher.Test(R(c)[0], R(c).Sum(), C(c)[0], C(c).Sum()).PValue, 1e-11),
        ["evidently.tvd_statistic"] = (c, e) => OracleWalk.Value(e, Divergence.TotalVariation(R(c), C(c)), absolute: 1e-15),
        ["evidently.default_test"] = (c, e) => [new(e.GetString()!, 1, Evidently.DefaultTest(false, R(c).Sum(), R(c).Length) == (e.GetString() == "z" ? "z_test" : "chi2") ? 1 : 0)],
        ["frouros.ChiSquareTest"] = (c, e) => OracleWalk.Test(e, Contingency.ChiSquareYates(R(c), C(c))),
        ["nannyml.jensen_shannon"] = (c, e) => OracleWalk.Value(e, NannyML.Js(R(c), C(c)), absolute: 1e-7),
        ["nannyml.hellinger"] = (c, e) => OracleWalk.Value(e, NannyML.Hellinger(R(c), C(c)), absolute: 1e-7),
        ["nannyml.l_infinity"] = (c, e) => OracleWalk.Value(e, Divergence.LInfinity(R(c), C(c)), absolute: 1e-15),
        ["nannyml.chi2"] = (c, e) => OracleWalk.Test(e, NannyML.ChiSquare(R(c), C(c))),
        ["alibi_detect.ChiSquareDrift"] = (c, e) => Alibi(e, Contingency.ChiSquareYates(R(c), C(c))),
        ["alibi_detect.FETDrift"] = (c, e) => [new("p", e.Double("p_value_f32"), Fisher.Test(C(c)[1], C(c).Sum(), R(c)[1], R(c).Sum()).PValue, 1e-6)],
    };

    static readonly Dictionary<string, OracleWalk.Claim> counts = new()
    {
        ["scipy.entropy.ref_cur.base_e"] = (c, e) => OracleWalk.Value(e, Divergence.Kl(Rc(c), Cc(c), smoothing: 0), absolute: 1e-15),
        ["scipy.entropy.cur_ref.base_e"] = (c, e) => OracleWalk.Value(e, Divergence.Kl(Cc(c), Rc(c), smoothing: 0), absolute: 1e-15),
        ["scipy.entropy.ref_cur.base_2"] = (c, e) => OracleWalk.Value(e, Divergence.Kl(Rc(c), Cc(c), smoothing: 0) / Math.Log(2), absolute: 1e-15),
        ["scipy.entropy.cur_ref.base_2"] = (c, e) => OracleWalk.Value(e, Divergence.Kl(Cc(c), Rc(c), smoothing: 0) / Math.Log(2), absolute: 1e-15),
        ["scipy.jensenshannon.base_e"] = (c, e) => OracleWalk.Value(e, Math.Sqrt(Divergence.JsDivergence(Rc(c), Cc(c), Math.E)), absolute: 1e-7),
        ["scipy.jensenshannon.base_2"] = (c, e) => OracleWalk.Value(e, Divergence.Js(Rc(c), Cc(c)), absolute: 1e-7),
        ["scipy.tv"] = (c, e) => OracleWalk.Value(e, Divergence.TotalVariation(Rc(c), Cc(c)), absolute: 1e-15),
        ["scipy.linf"] = (c, e) => OracleWalk.Value(e, Divergence.LInfinity(Rc(c), Cc(c)), absolute: 1e-15),
        ["scipy.hellinger"] = (c, e) => OracleWalk.Value(e, Divergence.Hellinger(Rc(c), Cc(c)), absolute: 1e-15),
        ["scipy.wasserstein_on_indices"] = (c, e) => OracleWalk.Value(e, Wasserstein.OnPoints([.. Rc(c).Select((_, i) => (double)i)], Rc(c), Cc(c)), absolute: 1e-15),
        ["scipy.chisquare.gof"] = (c, e) => OracleWalk.Test(e, Contingency.GoodnessOfFit(Rc(c), Cc(c))),
        ["scipy.chi2_contingency.correction_True"] = (c, e) => OracleWalk.Test(e, Contingency.ChiSquareYates(Rc(c), Cc(c))),
        ["scipy.chi2_contingency.correction_False"] = (c, e) => OracleWalk.Test(e, Contingency.ChiSquare(Rc(c), Cc(c), method: PValueMethod.Asymptotic)),
        ["formula.psi.replace_zero_0.0001"] = (c, e) => FilledPsi(c, e, share => share == 0 ? 1e-4 : share).Concat(EvidentlyPsi(c, e)),
        ["formula.psi.replace_zero_1e-06"] = (c, e) => FilledPsi(c, e, share => share == 0 ? 1e-6 : share),
        ["formula.psi.clip_0.0001"] = (c, e) => FilledPsi(c, e, share => Math.Max(share, 1e-4)),
        ["formula.psi.clip_1e-06"] = (c, e) => FilledPsi(c, e, share => Math.Max(share, 1e-6)),
        ["formula.psi.laplace_0.5"] = (c, e) => OracleWalk.Value(e, Divergence.Psi(Rc(c), Cc(c)), absolute: 1e-15),
        ["formula.psi.laplace_1"] = (c, e) => OracleWalk.Value(e, AzureML.Psi(Rc(c), Cc(c)), absolute: 1e-15),
        ["scipy.entropy.ref_cur.laplace_0.5"] = (c, e) => OracleWalk.Value(e, Divergence.Kl(Rc(c), Cc(c)), absolute: 1e-15),
        ["scipy.entropy.ref_cur.laplace_1"] = (c, e) => OracleWalk.Value(e, Divergence.Kl(Rc(c), Cc(c), smoothing: 1), absolute: 1e-15),
        ["evidently.psi"] = (c, e) => OracleWalk.Score(e, Evidently.Psi(Rc(c), Cc(c)), absolute: 1e-15),
        ["evidently.kl_div"] = (c, e) => OracleWalk.Score(e, Evidently.Kl(Rc(c), Cc(c)), absolute: 1e-15),
        ["evidently.jensenshannon"] = (c, e) => OracleWalk.Score(e, Evidently.Js(Rc(c), Cc(c)), absolute: 1e-7),
    };

    static readonly Dictionary<string, string> proportionsUnclaimed = new()
    {
        ["statsmodels.ci_normal"] = "an interval of a single rate; our rates are compared, not estimated",
        ["statsmodels.ci_beta"] = "an interval of a single rate; our rates are compared, not estimated",
        ["statsmodels.ci_agresti_coull"] = "an interval of a single rate; our rates are compared, not estimated",
        ["statsmodels.ci_jeffreys"] = "an interval of a single rate; our rates are compared, not estimated",
        ["statsmodels.diff_ci_wald"] = "not one of our intervals",
        ["statsmodels.diff_ci_agresti-caffo"] = "not one of our intervals",
    };

    static readonly Dictionary<string, OracleWalk.Claim> proportions = new()
    {
        ["statsmodels.proportions_ztest"] = (c, e) => OracleWalk.Test(e, Rates.ZTest(Of(c, "k2"), Of(c, "n2"), Of(c, "k1"), Of(c, "n1"))),
        ["statsmodels.ci_wilson"] = (c, e) => Interval(e, Intervals.Wilson(Of(c, "k1"), Of(c, "n1"))),
        ["statsmodels.diff_ci_newcomb"] = (c, e) => Interval(e, Intervals.Newcombe(Of(c, "k2"), Of(c, "n2"), Of(c, "k1"), Of(c, "n1"))),
        ["scipy.fisher_exact"] = (c, e) => OracleWalk.Test(e, Fisher.Test(Of(c, "k1"), Of(c, "n1"), Of(c, "k2"), Of(c, "n2")), 1e-11),
    };

    static readonly Dictionary<string, string> multipleUnclaimed = new()
    {
        ["statsmodels.fdr_by"] = "Benjamini-Yekutieli is not one of our adjustments",
    };

    static readonly Dictionary<string, OracleWalk.Claim> multiple = new()
    {
        // A decision and a threshold instead of adjusted p-values; the decision is Benjamini and Hochberg's at 5 %.
        ["alibi_detect.fdr"] = (c, e) => [new("decision", e[0].Number(), Adjust(c, MultipleTesting.BenjaminiHochberg).Min() <= 0.05 ? 1 : 0)],
        ["statsmodels.bonferroni"] = (c, e) => Adjusted(c, e, MultipleTesting.Bonferroni),
        ["statsmodels.holm"] = (c, e) => Adjusted(c, e, MultipleTesting.Holm),
        ["statsmodels.fdr_bh"] = (c, e) => Adjusted(c, e, MultipleTesting.BenjaminiHochberg),
    };

    delegate void Adjustment(ReadOnlySpan<double> p, Span<double> adjusted);

    static double[] Adjust(JsonElement c, Adjustment adjust)
    {
        var adjusted = new double[c.Doubles("p").Length];
        adjust(c.Doubles("p"), adjusted);
        return adjusted;
    }

    static IEnumerable<Pair> Adjusted(JsonElement c, JsonElement expected, Adjustment adjust) =>
        expected.Doubles("adjusted").Zip(Adjust(c, adjust), (e, a) => new Pair("adjusted", e, a, 1e-12, 1e-15));

    static IEnumerable<Pair> Interval(JsonElement expected, (double Lower, double Upper) actual) =>
        [new("lower", expected[0].Number(), actual.Lower, 1e-12, 1e-15), new("upper", expected[1].Number(), actual.Upper, 1e-12, 1e-15)];

    /// <summary>The zero rules that other recipes use, on the sum that all of them share.</summary>
    static IEnumerable<Pair> FilledPsi(JsonElement c, JsonElement expected, Func<double, double> fill)
    {
        double[] Shares(long[] counts) => [.. NumpyHistogram.Shares(counts, counts.Sum()).Select(fill)];
        return OracleWalk.Value(expected, NumpyHistogram.Psi(Shares(Rc(c)), Shares(Cc(c))), absolute: 1e-15);
    }

    // Evidently's rule is this formula as long as the smallest share is above the fill.
    static IEnumerable<Pair> EvidentlyPsi(JsonElement c, JsonElement expected)
    {
        bool Large(long[] side) => side.Where(v => v > 0).Min() > 0.0001 * side.Sum();
        return Large(Rc(c)) && Large(Cc(c)) ? OracleWalk.Value(expected, Evidently.Psi(Rc(c), Cc(c)), absolute: 1e-15) : [];
    }

    static IEnumerable<Pair> Refused(JsonElement expected, string why) =>
        [new("a case the peer refuses", 1, expected.GetProperty("error").GetString()!.Contains(why, StringComparison.Ordinal) ? 1 : 0)];

    static IEnumerable<Pair> Alibi(JsonElement expected, TwoSampleTest test)
    {
        yield return new("statistic", expected.Double("statistic_f32"), test.Statistic, 1e-6, 1e-9);
        yield return new("p", expected.Double("p_value_f32"), test.PValue, 1e-6, 1e-38);
    }

    static IEnumerable<Pair> Same(JsonElement expected, string side, double[] actual) => expected.Doubles(side).Zip(actual, (e, a) => new Pair(side, e, a));

    static double[] Tally(JsonElement c, string side, JsonElement counts)
    {
        var values = c.Doubles(side);
        return [.. counts.Doubles("keys").Select(key => (double)values.Count(v => v == key))];
    }

    static long[] R(JsonElement c) => Longs(c.GetProperty("out").GetProperty("counts"), "ref");

    static long[] C(JsonElement c) => Longs(c.GetProperty("out").GetProperty("counts"), "cur");

    static long[] Rc(JsonElement c) => Longs(c, "ref_counts");

    static long[] Cc(JsonElement c) => Longs(c, "cur_counts");

    static long[] Longs(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(v => v.GetInt64())];

    static long Of(JsonElement c, string name) => c.GetProperty(name).GetInt64();
}
