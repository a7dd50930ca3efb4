using System.Text.Json;
using Drift.Core.Tests.Measures;

namespace Drift.Core.Tests.Performance;

/// <summary>The tallies against scikit-learn's outputs for the same inputs.</summary>
public sealed class OracleTests
{
    [Fact]
    public void Classification()
    {
        foreach (var c in Oracle.Cases("classification"))
        {
            var truth = c.Doubles("y").Select(y => y == 1).ToArray();
            var scores = c.Doubles("score");
            var tally = BinaryTally.Of(truth, [.. scores.Select(s => s >= 0.5)], scores);
            var expected = c.GetProperty("out");
            var matrix = expected.GetProperty("sk.confusion").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(n => n.GetInt64())).ToArray();
            Assert.Equal(new ConfusionMatrix(matrix[3], matrix[1], matrix[2], matrix[0]), tally.Confusion);
            Compare(c, tally, ("accuracy", "accuracy"), ("precision", "precision"), ("recall", "recall"), ("f1", "f1"), ("roc_auc", "auc"), ("average_precision", "aupr"), ("log_loss", "log_loss"), ("brier", "brier"));
        }
    }

    [Fact]
    public void Multiclass()
    {
        foreach (var c in Oracle.Cases("multiclass"))
        {
            var counter = new MulticlassCounter([]);
            foreach (var (truth, predicted) in c.GetProperty("y").EnumerateArray().Zip(c.GetProperty("pred").EnumerateArray())) counter.Add(truth.ToString(), predicted.ToString());
            var tally = counter.ToTally();
            Compare(c, tally, ("accuracy", "accuracy"),
                ("precision_macro", "precision"), ("recall_macro", "recall"), ("f1_macro", "f1"), ("precision_micro", "precision_micro"), ("recall_micro", "recall_micro"),
                ("f1_micro", "f1_micro"), ("precision_weighted", "precision_weighted"), ("recall_weighted", "recall_weighted"), ("f1_weighted", "f1_weighted"));
            var confusion = c.GetProperty("out").GetProperty("sk.confusion").EnumerateArray().Select(row => row.EnumerateArray().Select(n => n.GetInt64()).ToArray()).ToArray();
            for (var t = 0; t < confusion.Length; t++)
                for (var p = 0; p < confusion.Length; p++) Assert.Equal(confusion[t][p], tally[t, p]);
        }
    }

    [Fact]
    public void Regression()
    {
        foreach (var c in Oracle.Cases("regression"))
            Compare(c, RegressionTally.Of(c.Doubles("y"), c.Doubles("pred")), ("mae", "mae"), ("mse", "mse"), ("rmse", "rmse"), ("r2", "r2"), ("mape", "mape"));
    }

    [Fact]
    public void Ranking()
    {
        foreach (var c in Oracle.Cases("ranking"))
        {
            RankingTally At(int cut) => Rows(c, "rel").Zip(Rows(c, "score")).Select(q => RankingTally.OfQuery(q.First, q.Second, cut)).Aggregate(RankingTally.Empty, (a, b) => a + b);
            Compare(c, At(0), ("ndcg_None", "ndcg"), ("map", "map"));
            foreach (var cut in (int[])[3, 5, 10]) Compare(c, At(cut), ($"ndcg_{cut}", "ndcg"));
        }
    }

    static IEnumerable<double[]> Rows(JsonElement c, string name) => c.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(Oracle.Number).ToArray());

    static void Compare(JsonElement c, IPerformanceTally tally, params (string Theirs, string Ours)[] pairs)
    {
        var values = tally.Values().Where(v => v.Class is null).ToDictionary(v => v.Measure);
        foreach (var (theirs, ours) in pairs)
        {
            var expected = c.GetProperty("out").GetProperty("sk." + theirs);
            var actual = values[ours];
            if (expected.ValueKind == JsonValueKind.Object || double.IsNaN(expected.Number()))
            {
                Assert.True(double.IsNaN(actual.Value), $"{c.Id()} {ours}: scikit-learn refuses, we say {actual.Value}");
                Assert.NotNull(actual.Reason);
            }
            // scikit-learn divides a zero truth by 2.2e-16; ours leaves the row out and counts it.
            else if (ours == "mape" && actual.Numbers is { Count: > 0 }) Assert.True(actual.Value < 1e6);
            else Near.Equal(expected.Number(), actual.Value, 1e-12, $"{c.Id()} {ours}");
        }
    }
}
