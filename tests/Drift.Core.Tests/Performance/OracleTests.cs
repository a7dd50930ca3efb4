using System.Text.Json;
using Drift.Core.Tests.Measures;

namespace Drift.Core.Tests.Performance;

/// <summary>The tallies against scikit-learn's outputs for the same inputs: every key of every case.</summary>
public sealed class OracleTests
{
    const string Elsewhere = "not one of our measures";

    [Fact]
    public void Classification() => OracleWalk.Check("classification",
        Claims(Binary, "accuracy", "precision", "recall", "f1", "roc_auc:auc", "average_precision:aupr", "log_loss", "brier").With("sk.confusion", (c, e) =>
        {
            var matrix = Binary(c).Confusion;
            return Matrix(e, [[matrix.TrueNegative, matrix.FalsePositive], [matrix.FalseNegative, matrix.TruePositive]]);
        }),
        Unclaimed("balanced_accuracy", "mcc", "kappa", "pr_auc_trapezoid"));

    [Fact]
    public void Multiclass() => OracleWalk.Check("multiclass",
        Claims(Several, "accuracy", "precision_macro:precision", "recall_macro:recall", "f1_macro:f1", "precision_micro", "recall_micro", "f1_micro", "precision_weighted", "recall_weighted", "f1_weighted")
            .With("sk.confusion", (c, e) =>
            {
                var tally = Several(c);
                var classes = e.GetArrayLength();
                return Matrix(e, [.. Enumerable.Range(0, classes).Select(t => Enumerable.Range(0, classes).Select(p => tally[t, p]).ToArray())]);
            }),
        Unclaimed("kappa", "mcc"));

    [Fact]
    public void Regression() => OracleWalk.Check("regression",
        Claims(c => RegressionTally.Of(c.Doubles("y"), c.Doubles("pred")), "mae", "mse", "rmse", "r2").With("sk.mape", Mape),
        Unclaimed("medae", "max_error", "explained_variance"));

    [Fact]
    public void Ranking()
    {
        var claims = Claims(c => At(c, 0), "ndcg_None:ndcg", "map");
        foreach (var cut in (int[])[3, 5, 10]) claims.With($"sk.ndcg_{cut}", (c, e) => One(e, At(c, cut), "ndcg"));
        OracleWalk.Check("ranking", claims, Unclaimed("dcg", "lrap"));
    }

    /// <summary>The kinds that this class and its neighbours in Measures and Streaming walk; a new kind needs a walk of its own.</summary>
    [Fact]
    public void No_kind_of_case_is_left_out() => Assert.Equal(
        ["categorical", "classification", "counts", "multiclass", "multitest", "numeric", "proportions", "ranking", "regression", "stream"],
        Oracle.All.Select(c => c.GetProperty("kind").GetString()!).Distinct().Order(StringComparer.Ordinal));

    static BinaryTally Binary(JsonElement c)
    {
        var scores = c.Doubles("score");
        return BinaryTally.Of(c.Doubles("y").Select(y => y == 1).ToArray(), [.. scores.Select(s => s >= 0.5)], scores);
    }

    static MulticlassTally Several(JsonElement c)
    {
        var counter = new MulticlassCounter([]);
        foreach (var (truth, predicted) in c.GetProperty("y").EnumerateArray().Zip(c.GetProperty("pred").EnumerateArray())) counter.Add(truth.ToString(), predicted.ToString());
        return counter.ToTally();
    }

    static RankingTally At(JsonElement c, int cut)
    {
        IEnumerable<double[]> Rows(string name) => c.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(Oracle.Number).ToArray());
        return Rows("rel").Zip(Rows("score")).Select(q => RankingTally.OfQuery(q.First, q.Second, cut)).Aggregate(RankingTally.Empty, (a, b) => a + b);
    }

    /// <summary>scikit-learn divides a truth of zero by 2.2e-16; ours leaves the row out and counts it, and is then the same mean over the other rows.</summary>
    static IEnumerable<Pair> Mape(JsonElement c, JsonElement expected)
    {
        double[] y = c.Doubles("y"), predicted = c.Doubles("pred");
        var tally = RegressionTally.Of(y, predicted);
        if (!y.Contains(0)) return One(expected, tally, "mape");
        var value = tally.Values().Single(v => v.Measure == "mape");
        double all = 0, rest = 0;
        for (var i = 0; i < y.Length; i++)
        {
            var part = Math.Abs(y[i] - predicted[i]) / Math.Max(Math.Abs(y[i]), 2.220446049250313e-16) / y.Length;
            all += part;
            if (y[i] != 0) rest += part;
        }
        return [new("with zeros", expected.Number(), all), new("without", rest * y.Length / y.Count(v => v != 0), value.Value), new("left out", y.Count(v => v == 0), value.Numbers!.Single().Value)];
    }

    /// <summary>Theirs, with ours after a colon where the names differ.</summary>
    static Dictionary<string, OracleWalk.Claim> Claims(Func<JsonElement, IPerformanceTally> tally, params string[] names) => names.Select(name => name.Split(':'))
        .ToDictionary(name => "sk." + name[0], name => (OracleWalk.Claim)((c, e) => One(e, tally(c), name[^1])));

    static Dictionary<string, string> Unclaimed(params string[] names) => names.ToDictionary(name => "sk." + name, _ => Elsewhere);

    static IEnumerable<Pair> One(JsonElement expected, IPerformanceTally tally, string measure)
    {
        var actual = tally.Values().Single(v => v.Class is null && v.Measure == measure);
        if (!expected.Raised() && !double.IsNaN(expected.Number())) return OracleWalk.Value(expected, actual.Value);
        return [new("a value scikit-learn refuses", double.NaN, actual.Value), new("with a reason", 1, actual.Reason is null ? 0 : 1)];
    }

    static IEnumerable<Pair> Matrix(JsonElement expected, long[][] actual)
    {
        for (var t = 0; t < actual.Length; t++)
            for (var p = 0; p < actual[t].Length; p++) yield return new($"[{t},{p}]", expected[t][p].GetInt64(), actual[t][p]);
    }
}

static class ClaimTable
{
    public static Dictionary<string, OracleWalk.Claim> With(this Dictionary<string, OracleWalk.Claim> claims, string key, OracleWalk.Claim claim)
    {
        claims[key] = claim;
        return claims;
    }
}
