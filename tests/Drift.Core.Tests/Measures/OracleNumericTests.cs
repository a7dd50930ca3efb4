using System.Text.Json;
using Drift.Recipes;

namespace Drift.Core.Tests.Measures;

/// <summary>Every key of the oracle's numeric cases: raw-sample tests, histograms and the recipes on raw samples.</summary>
public sealed class OracleNumericTests
{
    [Fact]
    public void Every_numeric_case_and_key() => OracleWalk.Check("numeric", claims, unclaimed);

    static readonly Dictionary<string, string> unclaimed = new()
    {
        ["numpy.bin_edges.fd"] = "not one of our binning rules",
        ["numpy.bin_edges.scott"] = "not one of our binning rules",
        ["numpy.bin_edges.rice"] = "not one of our binning rules",
        ["numpy.bin_edges.sqrt"] = "not one of our binning rules",
        ["frouros.KuiperTest"] = "feeds Kuiper's law with Kolmogorov's D; p-values below 0 and above 1",
        ["num-11 fast_histogram.uniform10.combined_range"] = "values on an edge, which its formula (two roundings, ours one) puts into the cell before",
        ["num-17 evidently.cramer_von_mises"] = "its exact p-value is 0 for tied data, less than any order of the values has",
        ["num-17 frouros.CVMTest"] = "its exact p-value is 0 for tied data, less than any order of the values has",
    };

    static readonly Dictionary<string, OracleWalk.Claim> claims = new()
    {
        ["scipy.ks_2samp.exact.two-sided"] = Ks(Alternative.TwoSided, PValueMethod.Exact),
        ["scipy.ks_2samp.exact.less"] = Ks(Alternative.Less, PValueMethod.Exact),
        ["scipy.ks_2samp.exact.greater"] = Ks(Alternative.Greater, PValueMethod.Exact),
        ["scipy.ks_2samp.asymp.two-sided"] = Ks(Alternative.TwoSided, PValueMethod.Asymptotic),
        ["scipy.ks_2samp.asymp.less"] = Ks(Alternative.Less, PValueMethod.Asymptotic),
        ["scipy.ks_2samp.asymp.greater"] = Ks(Alternative.Greater, PValueMethod.Asymptotic),
        ["scipy.ks_2samp.auto"] = Ks(Alternative.TwoSided, PValueMethod.Auto),
        ["scipy.wasserstein"] = (c, e) => OracleWalk.Value(e, Wasserstein.Distance(X(c), Y(c)), absolute: 1e-15),
        ["scipy.energy"] = (c, e) => OracleWalk.Value(e, Wasserstein.Energy(X(c), Y(c)), absolute: 1e-15),
        ["scipy.cvm.asymptotic"] = (c, e) => OracleWalk.Test(e, CramerVonMises.Test(X(c), Y(c), PValueMethod.Asymptotic), absoluteP: 1e-15),
        ["scipy.mannwhitneyu.asymptotic"] = (c, e) => OracleWalk.Test(e, MannWhitney.Test(X(c), Y(c), method: PValueMethod.Asymptotic)),
        ["scipy.welch_t"] = (c, e) => OracleWalk.Test(e, TTest.Welch(X(c), Y(c)), PeersRounding(c), absoluteStatistic: PeersRounding(c)),
        ["scipy.anderson_ksamp"] = (c, e) => OracleWalk.Test(e, AndersonDarling.Test(X(c), Y(c), PValueMethod.Asymptotic)),
        ["numpy.histogram.uniform10.ref_range"] = (c, e) => Histogram(c, e, NumpyHistogram.Edges(X(c).Min(), X(c).Max(), 10)),
        ["numpy.histogram.uniform10.combined_range"] = (c, e) => Histogram(c, e, Combined(c)),
        ["numpy.histogram.quantile10"] = (c, e) => Quantiles10(c, e),
        ["numpy.searchsorted.quantile10"] = (c, e) => OpenEnds(c, e, NumpyQuantiles(c)),
        ["fast_histogram.uniform10.combined_range"] = (c, e) => HalfOpen(c, e),
        ["boost_histogram.regular10.combined_range.flow"] = (c, e) => OpenEnds(c, e, Counted(c)),
        ["numpy.bin_edges.sturges"] = (c, e) => EdgeSummary(e, NumpyHistogram.Sturges(X(c).Min(), X(c).Max(), X(c).Length)),
        ["numpy.bin_edges.doane"] = (c, e) => EdgeSummary(e, NumpyHistogram.Doane([.. X(c).Order()])),
        ["numpy.quantiles"] = (c, e) => List(e, [.. new[] { 0, .01, .05, .25, .5, .75, .95, .99, 1 }.Select(q => Quantiles.At([.. Y(c).Order()], q))]),
        ["numpy.moments"] = (c, e) => List(e, SummaryOf(c), PeersRounding(c)),
        ["evidently.psi"] = (c, e) => OracleWalk.Score(e, Evidently.Psi(X(c), Y(c)), absolute: 1e-14),
        ["evidently.kl_div"] = (c, e) => OracleWalk.Score(e, Evidently.Kl(X(c), Y(c)), absolute: 1e-14),
        ["evidently.jensenshannon"] = (c, e) => OracleWalk.Score(e, Evidently.Js(X(c), Y(c)), absolute: 1e-7),
        ["evidently.hellinger"] = (c, e) => OracleWalk.Score(e, Evidently.Hellinger(X(c), Y(c)), absolute: 1e-7),
        ["evidently.wasserstein"] = (c, e) => OracleWalk.Score(e, Wasserstein.Normalised(X(c), Y(c)), PeersRounding(c), 1e-15),
        ["evidently.ks"] = (c, e) => OracleWalk.Score(e, KolmogorovSmirnov.Test(X(c), Y(c)).PValue, 1e-9),
        ["evidently.cramer_von_mises"] = (c, e) => OracleWalk.Score(e, CramerVonMises.AsScipy(X(c), Y(c)).PValue, absolute: 1e-8),
        ["evidently.anderson"] = (c, e) => OracleWalk.Score(e, AndersonDarling.Test(X(c), Y(c), PValueMethod.Asymptotic).PValue),
        ["evidently.ed"] = (c, e) => OracleWalk.Score(e, Wasserstein.Energy(X(c), Y(c)), absolute: 1e-15),
        ["evidently.mannw"] = (c, e) => OracleWalk.Score(e, MannWhitney.Test(X(c), Y(c), Alternative.Less).PValue),
        ["evidently.t_test"] = (c, e) => OracleWalk.Score(e, TTest.Student(X(c), Y(c)).PValue, PeersRounding(c)),
        // The inverse of a nearly singular 4x4 matrix: no two libraries agree to the last digits.
        ["evidently.es"] = (c, e) => OracleWalk.Score(e, EppsSingleton.Test(X(c), Y(c), PValueMethod.Asymptotic).PValue, 1e-10),
        ["evidently.default_test"] = (c, e) => [new(e.GetString()!, 1, Evidently.DefaultTest(true, X(c).Length, X(c).Concat(Y(c)).Distinct().Count()) == Canonical(e.GetString()!) ? 1 : 0)],
        ["frouros.PSI.10"] = (c, e) => OracleWalk.Value(e, Frouros.Psi(X(c), Y(c))),
        ["frouros.PSI.20"] = (c, e) => OracleWalk.Value(e, Frouros.Psi(X(c), Y(c), 20)),
        ["frouros.KL.10"] = (c, e) => OracleWalk.Value(e, Frouros.Kl(X(c), Y(c)), absolute: 1e-12),
        ["frouros.JS.10"] = (c, e) => OracleWalk.Value(e, Frouros.Js(X(c), Y(c)), absolute: 1e-7),
        ["numpy.bin_edges.auto"] = (c, e) => EdgeSummary(e, NumpyHistogram.Auto([.. X(c).Order()])),
        ["frouros.Hellinger.10"] = (c, e) => OracleWalk.Value(e, Frouros.Hellinger(X(c), Y(c)), absolute: 1e-7),
        ["frouros.Hellinger.20"] = (c, e) => OracleWalk.Value(e, Frouros.Hellinger(X(c), Y(c), 20), absolute: 1e-7),
        ["frouros.Bhattacharyya.10"] = (c, e) => OracleWalk.Value(e, Frouros.Bhattacharyya(X(c), Y(c)), absolute: 1e-14),
        ["frouros.HINormalizedComplement.10"] = (c, e) => OracleWalk.Value(e, Frouros.IntersectionComplement(X(c), Y(c)), absolute: 1e-14),
        ["frouros.EMD"] = (c, e) => OracleWalk.Value(e, Wasserstein.Distance(X(c), Y(c)), absolute: 1e-15),
        ["frouros.KSTest"] = (c, e) => OracleWalk.Test(e, KolmogorovSmirnov.Test(X(c), Y(c)), 1e-9),
        ["frouros.CVMTest"] = (c, e) => OracleWalk.Test(e, CramerVonMises.AsScipy(X(c), Y(c)), absoluteP: 1e-15),
        ["nannyml.jensen_shannon"] = (c, e) => OracleWalk.Value(e, NannyML.Js(X(c), Y(c)), absolute: 1e-7),
        ["nannyml.hellinger"] = (c, e) => OracleWalk.Value(e, NannyML.Hellinger(X(c), Y(c)), absolute: 1e-7),
        // Where scipy's exact p-value of 1.0000000000000002 makes the peer fail, the statistic is still scipy's.
        ["nannyml.kolmogorov_smirnov"] = (c, e) => OracleWalk.Value(e.Raised() ? c.GetProperty("out").GetProperty("scipy.ks_2samp.auto").GetProperty("statistic") : e, NannyML.Ks(X(c), Y(c)), absolute: 1e-15),
        ["nannyml.kolmogorov_smirnov.estimated50"] = (c, e) => OracleWalk.Value(e, NannyML.EstimatedKs(Sorted(X(c)), Sorted(Y(c)), 50), absolute: 1e-14),
        ["nannyml.wasserstein"] = (c, e) => OracleWalk.Value(e, NannyML.Wasserstein(X(c), Y(c)), absolute: 1e-15),
        ["nannyml.wasserstein.estimated50"] = (c, e) => OracleWalk.Value(e, NannyML.EstimatedWasserstein(Sorted(X(c)), Sorted(Y(c)), 50), PeersRounding(c), 1e-14),
        ["alibi_detect.KSDrift"] = (c, e) => AlibiKs(c, e),
    };

    static OracleWalk.Claim Ks(Alternative alternative, PValueMethod method) =>
        (c, e) => OracleWalk.Test(e, KolmogorovSmirnov.Test(X(c), Y(c), alternative, method), 1e-9);

    static IEnumerable<Pair> AlibiKs(JsonElement c, JsonElement expected)
    {
        var test = KolmogorovSmirnov.Test(X(c), Y(c), method: PValueMethod.Asymptotic);
        yield return new("statistic", expected.Double("statistic_f32"), test.Statistic, 1e-6, 1e-9);
        yield return new("p", expected.Double("p_value_f32"), test.PValue, 1e-6, 1e-38);
    }

    // The recipes' own edges, which are numpy's; Drift's uniform cells snap theirs to the counting formula.
    static IEnumerable<Pair> Histogram(JsonElement c, JsonElement expected, double[] edges)
    {
        foreach (var pair in List(expected.GetProperty("edges"), edges, 1e-12)) yield return pair;
        foreach (var side in (string[])["ref", "cur"])
            foreach (var pair in List(expected.GetProperty(side), [.. NumpyHistogram.Counts([.. c.Doubles(side).Order()], edges)])) yield return pair;
    }

    static double[] Combined(JsonElement c) => NumpyHistogram.Edges(Math.Min(X(c).Min(), Y(c).Min()), Math.Max(X(c).Max(), Y(c).Max()), 10);

    /// <summary>Drift's uniform cells: edges snapped to the formula that counts, as those two systems count.</summary>
    static double[] Counted(JsonElement c) => Binning.Uniform(Math.Min(X(c).Min(), Y(c).Min()), Math.Max(X(c).Max(), Y(c).Max()), 10).Edges.ToArray();

    /// <summary>numpy's deciles are at i x 0.1, which is not always i / 10, and so may lie a rounding above the value that they are; a constant has one edge.</summary>
    static double[] NumpyQuantiles(JsonElement c) => [.. Enumerable.Range(0, 11).Select(i => Quantiles.At(Sorted(X(c)), i == 10 ? 1 : i * 0.1)).Distinct()];

    static IEnumerable<Pair> Quantiles10(JsonElement c, JsonElement expected)
    {
        var own = Binning.Quantile(X(c), 10).Edges.ToArray();
        return Histogram(c, expected, NumpyQuantiles(c)).Concat(X(c).Min() == X(c).Max() ? [] : List(expected.GetProperty("edges"), own));
    }

    /// <summary>Below the edges, the cells, above them; a value on the last edge is above, where Drift's last cell is closed.</summary>
    static IEnumerable<Pair> OpenEnds(JsonElement c, JsonElement expected, double[] edges)
    {
        foreach (var side in (string[])["ref", "cur"])
        {
            var values = c.Doubles(side);
            var within = NumpyHistogram.Counts(Sorted(values), edges);
            if (within.Length > 0) within[^1] -= values.Count(v => v == edges[^1]);
            foreach (var pair in List(expected.GetProperty(side), [values.Count(v => v < edges[0]), .. within, values.Count(v => v >= edges[^1])])) yield return pair;
        }
    }

    static IEnumerable<Pair> HalfOpen(JsonElement c, JsonElement expected)
    {
        var edges = Counted(c);
        foreach (var side in (string[])["ref", "cur"])
        {
            var counts = NumpyHistogram.Counts(Sorted(c.Doubles(side)), edges);
            counts[^1] -= c.Doubles(side).Count(v => v == edges[^1]);
            foreach (var pair in List(expected.GetProperty(side), [.. counts])) yield return pair;
        }
    }

    static IEnumerable<Pair> EdgeSummary(JsonElement expected, double[] edges) => List(expected, [edges.Length - 1, edges[0], edges[^1]]);

    static IEnumerable<Pair> List(JsonElement expected, double[] actual, double relative = 1e-12)
    {
        var values = expected.EnumerateArray().Select(Oracle.Number).ToArray();
        yield return new("length", values.Length, actual.Length);
        for (var i = 0; i < Math.Min(values.Length, actual.Length); i++) yield return new($"[{i}]", values[i], actual[i], relative, 1e-15);
    }

    static double[] SummaryOf(JsonElement c)
    {
        Moments x = Moments.Of(X(c)), y = Moments.Of(Y(c));
        return [x.Mean, x.StandardDeviation, Math.Sqrt(x.M2 / (x.N - 1)), y.Mean, y.StandardDeviation];
    }

    static string Canonical(string name) => name switch
    {
        "chisquare" => "chi2",
        "z" => "z_test",
        "wasserstein" => "wasserstein_norm",
        "jensenshannon" => "js",
        _ => name,
    };

    // What numpy's plain sums lose at an offset: eps times the greatest value over the deviation, carried into p.
    static double PeersRounding(JsonElement c)
    {
        var (x, y) = (X(c), Y(c));
        return Math.Max(1e-12, 5e-15 * x.Concat(y).Max(Math.Abs) / Math.Sqrt(Math.Max(1e-300, Moments.Of(x).Variance)));
    }

    static double[] Sorted(double[] values) => [.. values.Order()];

    static double[] X(JsonElement c) => c.Doubles("ref");

    static double[] Y(JsonElement c) => c.Doubles("cur");
}
