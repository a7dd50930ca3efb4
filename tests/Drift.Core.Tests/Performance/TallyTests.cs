namespace Drift.Core.Tests.Performance;

/// <summary>The conventions at their edges.</summary>
public sealed class TallyTests
{
    static double Value(IPerformanceTally tally, string measure, string? of = null) => tally.Values().Single(v => v.Measure == measure && v.Class == of).Value;

    [Fact]
    public void A_tally_of_nothing_says_why_it_has_no_values()
    {
        foreach (var tally in (IPerformanceTally[])[BinaryTally.Empty, MulticlassTally.Empty, RegressionTally.Empty, RankingTally.Empty])
            Assert.All(tally.Values(), v => Assert.True(double.IsNaN(v.Value) && v.Reason is not null));
    }

    [Fact]
    public void A_class_that_is_missing_makes_the_area_undefined_and_says_so()
    {
        var auc = BinaryTally.Of([true, true], [true, false], [0.2, 0.4]).Values().Single(v => v.Measure == "auc");
        Assert.Equal("no row is negative", auc.Reason);
        var counter = new MulticlassCounter(["a", "b", "c"]);
        counter.Add("a", "a", [3, 1, 0]);
        counter.Add("b", "a", [1, 2, 0]);
        var macro = counter.ToTally().Values().Single(v => v.Measure == "auc" && v.Class is null);
        Assert.True(double.IsNaN(macro.Value));
        Assert.Contains("c", macro.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_loss_is_clipped_and_finite()
    {
        var tally = BinaryTally.Of([true, false], [], [0, 1]);
        Assert.Equal((-Math.Log(1e-15) - Math.Log(1 - (1 - 1e-15))) / 2, Value(tally, "log_loss"), 1e-12);
        Assert.Equal(1, Value(tally, "brier"));
        Assert.Equal(1, Value(tally, "ece"));
        Assert.DoesNotContain(tally.Values(), v => v.Measure == "f1");
    }

    [Fact]
    public void Ece_weighs_the_gap_of_ten_equal_cells()
    {
        // 0.1 belongs to the second cell, 1 to the last.
        var tally = BinaryTally.Of([false, true, true, true], [], [0.05, 0.1, 0.15, 1.0]);
        Assert.Equal((0.05 + 1.75 + 0) / 4, Value(tally, "ece"), 1e-15);
    }

    [Fact]
    public void Rows_of_scores_are_normalised_and_unusable_ones_passed_over()
    {
        var (raw, scaled) = (new MulticlassCounter(["a", "b"]), new MulticlassCounter(["a", "b"]));
        (string Truth, double[] Row)[] rows = [("a", [0.6, 0.4]), ("b", [0.3, 0.7]), ("a", [0.5, 0.5]), ("b", [0.9, 0.1])];
        foreach (var (truth, row) in rows)
        {
            raw.Add(truth, truth, row);
            scaled.Add(truth, truth, [row[0] * 3, row[1] * 3]);
        }
        scaled.Add("a", "a", [0, 0]);
        scaled.Add("a", "a", [double.NaN, 1]);
        Assert.Equal(4, scaled.ToTally().Scored);
        foreach (var measure in (string[])["auc", "log_loss"]) Assert.Equal(Value(raw.ToTally(), measure), Value(scaled.ToTally(), measure), 1e-12);
    }

    [Fact]
    public void Per_class_measures_carry_class_and_support()
    {
        var counter = new MulticlassCounter([]);
        foreach (var (truth, said) in ((string, string)[])[("x", "x"), ("x", "y"), ("y", "y"), ("z", "y")]) counter.Add(truth, said);
        var tally = counter.ToTally();
        Assert.Equal(0.5, Value(tally, "recall", "x"));
        Assert.Equal(1 / 3.0, Value(tally, "precision", "y"), 1e-15);
        Assert.Equal(2, Value(tally, "support", "x"));
        Assert.Equal(0, Value(tally, "f1", "z"));
    }

    [Fact]
    public void Zero_truths_have_no_relative_error_and_are_counted()
    {
        var mape = RegressionTally.Of([0, 2, -4], [1, 3, -3]).Values().Single(v => v.Measure == "mape");
        Assert.Equal((0.5 + 0.25) / 2, mape.Value, 1e-15);
        Assert.Equal(2, mape.Rows);
        Assert.Equal(1, mape.Numbers!.Single(n => n.Key == "zero_truth").Value);
    }

    [Fact]
    public void Bias_is_prediction_minus_truth() => Assert.Equal(2, Value(RegressionTally.Of([1, 2, 3], [3, 4, 5]), "bias"), 1e-15);

    [Fact]
    public void The_first_relevant_item_among_ties_is_averaged_over_their_orders()
    {
        // Two relevant among three tied after one irrelevant: ranks 2 (2/3) or 3 (1/3).
        Assert.Equal(2 / 3.0 / 2 + 1 / 3.0 / 3, RankedQuery.ReciprocalRank([0, 1, 0, 1], [9, 1, 1, 1]), 1e-15);
        Assert.Equal(2 / 3.0 / 2, RankedQuery.ReciprocalRank([0, 1, 0, 1], [9, 1, 1, 1], 2), 1e-15);
        Assert.Equal(0, RankedQuery.ReciprocalRank([0, 0], [2, 1]));
        Assert.Equal(0.25, RankedQuery.ReciprocalRank([0, 0, 0, 1], [4, 3, 2, 1]));
    }

    [Fact]
    public void Average_precision_at_a_cut_divides_by_what_could_be_reached()
    {
        Assert.Equal((1 + 2 / 3.0) / 2, RankedQuery.AveragePrecision([1, 0, 1, 0], [4, 3, 2, 1]), 1e-15);
        Assert.Equal(1 / 2.0, RankedQuery.AveragePrecision([1, 0, 1, 0], [4, 3, 2, 1], 2), 1e-15);
        Assert.Equal(1, RankedQuery.AveragePrecision([1, 1, 1], [3, 2, 1], 2), 1e-15);
    }

    [Fact]
    public void Confidence_and_entropy_of_one_score_speak_of_both_classes()
    {
        var values = ConfidenceTally.Of(new double[] { 0.5, 0.9, double.NaN }).Values();
        Assert.Equal(0.7, values[0].Value, 1e-15);
        Assert.Equal((Math.Log(2) - 0.9 * Math.Log(0.9) - 0.1 * Math.Log(0.1)) / 2, values[1].Value, 1e-14);
        Assert.Equal(2, values[0].Rows);
    }

    [Fact]
    public void Service_values_by_name()
    {
        var values = new ServiceTally { Rows = 120, Errors = 3, Latency = QuantileSketch.Of([10, 20, 30]) }.Values(TimeSpan.FromMinutes(1)).ToDictionary(v => v.Measure);
        Assert.Equal(0.025, values["error_rate"].Value);
        Assert.Equal(2, values["throughput_rps"].Value);
        Assert.InRange(values["p50_ms"].Value, 19.8, 20.2);
        Assert.InRange(20, values["p50_ms"].Bounds!.Value.Lower, values["p50_ms"].Bounds!.Value.Upper);
        Assert.Equal(["metric_revenue_mean", "metric_revenue_sum", "metric_revenue_p50", "metric_revenue_p95", "metric_revenue_p99"], MetricTally.Of([1, 2]).Values("revenue").Select(v => v.Measure));
    }
}
