namespace Drift.Core.Tests.Performance.Contrast;

public sealed class ContrastsTests
{
    static readonly ModelColumns binary = new() { Task = PerformanceTask.Binary, Truth = "t", Prediction = "p", Scores = [new(null, "s")] };

    /// <summary>A model whose score is the truth with noise.</summary>
    static Outcomes Model(int seed, int rows, double noise, double positives = 0.4)
    {
        var (truths, random) = (new Random(99), new Random(seed));
        double[] truth = [.. Enumerable.Range(0, rows).Select(_ => truths.NextDouble() < positives ? 1.0 : 0)];
        double[] scores = [.. truth.Select(t => Math.Clamp((t + noise * (random.NextDouble() - 0.5) * 4 + 0.5) / 2, 0, 1))];
        return Outcomes.Of(new([Column("t", truth), Column("s", scores), Column("p", [.. scores.Select(s => s >= 0.5 ? 1.0 : 0)])]), binary);
    }

    static NumericColumn Column(string name, double[] values) => new(ColumnSpec.Numeric(name), values);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_worse_challenger_is_critical_and_a_better_one_fine(bool paired)
    {
        var (good, bad) = (Model(1, 2000, 0.6), Model(2, 2000, 1.2));
        var worse = Contrasts.Compare(good, bad, new() { Paired = paired });
        foreach (var measure in (string[])["accuracy", "auc", "log_loss", "brier", "f1", "aupr", "recall", "specificity", "precision"])
        {
            var reading = worse.Single(r => r.Measure == measure);
            Assert.True(reading.Verdict == Verdict.Critical, $"{measure}: {reading}");
            Assert.True(reading.Detail!.Lower <= reading.Value - reading.ReferenceValue && reading.Value - reading.ReferenceValue <= reading.Detail.Upper);
            Assert.True(reading.PAdjusted >= reading.PValue);
        }
        Assert.DoesNotContain(Contrasts.Compare(bad, good, new() { Paired = paired }), r => r.Verdict == Verdict.Critical && r.Measure != "ece");
    }

    [Fact]
    public void Values_are_those_of_the_tallies()
    {
        var (a, b) = (Model(1, 500, 0.8), Model(2, 500, 0.9));
        var (first, second) = (a.Tally().Values().ToDictionary(v => v.Measure, v => v.Value), b.Tally().Values().ToDictionary(v => v.Measure, v => v.Value));
        foreach (var reading in Contrasts.Compare(a, b).Concat(Contrasts.Compare(a, b, new() { Paired = true })))
        {
            Assert.Equal(first[reading.Measure], reading.ReferenceValue!.Value, 1e-12);
            Assert.Equal(second[reading.Measure], reading.Value, 1e-12);
        }
    }

    [Fact]
    public void Too_few_rows_or_too_few_of_a_class_are_no_verdict_but_the_values_stand()
    {
        var few = Contrasts.Compare(Model(1, 60, 0.5), Model(2, 60, 0.5));
        Assert.All(few, r => Assert.Equal((ReadingStatus.InsufficientData, Verdict.None), (r.Status, r.Verdict)));
        Assert.All(few, r => Assert.False(double.IsNaN(r.Value)));
        var rare = Contrasts.Compare(Model(1, 400, 0.5, 0.01), Model(2, 400, 0.5, 0.01));
        Assert.Equal(ReadingStatus.InsufficientData, rare.Single(r => r.Measure == "auc").Status);
        Assert.Contains("positive", rare.Single(r => r.Measure == "auc").Detail!.Reason, StringComparison.Ordinal);
        Assert.Equal(ReadingStatus.Ok, rare.Single(r => r.Measure == "brier").Status);
        Assert.All(Contrasts.Compare(Model(1, 400, 0.5), Model(2, 400, 0.5), new() { NotYet = "needs 24 hours" }), r => Assert.Equal("needs 24 hours", r.Detail!.Reason));
    }

    [Fact]
    public void The_same_model_in_both_places_is_equal_and_nothing_is_NaN()
    {
        var model = Model(1, 300, 0.7);
        Assert.All(Contrasts.Compare(model, model, new() { Paired = true }), r => Assert.True(r is { Verdict: Verdict.Ok, PValue: 1 }, r.ToString()));
    }

    [Fact]
    public void Regressions_rankings_and_metrics()
    {
        var columns = new ModelColumns { Task = PerformanceTask.Regression, Truth = "t", Prediction = "p" };
        Outcomes Regression(double noise, int seed)
        {
            var random = new Random(seed);
            double[] truth = [.. Enumerable.Range(0, 800).Select(i => i / 10.0 + 1)];
            return Outcomes.Of(new([Column("t", truth), Column("p", [.. truth.Select(t => t + noise * (random.NextDouble() - 0.5))])]), columns);
        }
        var found = Contrasts.Compare(Regression(10, 1), Regression(20, 2)).ToDictionary(r => r.Measure);
        Assert.All((string[])["mse", "mae", "rmse", "r2", "mape"], m => Assert.Equal(Verdict.Critical, found[m].Verdict));
        Assert.Equal("welch", found["mse"].Detail!.Recipe);
        Assert.Equal("bootstrap", found["rmse"].Detail!.Recipe);

        var ranking = new ModelColumns { Task = PerformanceTask.Ranking, Truth = "t", Prediction = "p", Query = "q" };
        Outcomes Ranked(bool right) => Outcomes.Of(new([Column("q", [.. Enumerable.Range(0, 600).Select(i => (double)(i / 4))]), Column("t", [.. Enumerable.Range(0, 600).Select(i => i % 4 == 0 ? 1.0 : 0)]),
            Column("p", [.. Enumerable.Range(0, 600).Select(i => right || i % 3 == 0 ? -(i % 4) : i % 4 * 1.0)])]), ranking);
        foreach (var paired in (bool[])[false, true])
            Assert.All(Contrasts.Compare(Ranked(true), Ranked(false), new() { Paired = paired }), r => Assert.Equal((Verdict.Critical, 150L), (r.Verdict, r.Rows)));

        var metric = Contrasts.CompareMetric("revenue", [.. Enumerable.Range(0, 200).Select(i => i % 10.0)], [.. Enumerable.Range(0, 200).Select(i => i % 10 - 3.0)]);
        Assert.Equal(("metric_revenue_mean", Verdict.Critical), (metric.Measure, metric.Verdict));
    }

    [Fact]
    public void Sides_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Contrasts.Compare(Model(1, 10, 1), Model(1, 20, 1), new() { Paired = true }));
        var other = Outcomes.Of(Model(1, 10, 1).Table, binary with { Task = PerformanceTask.Regression });
        Assert.Throws<ArgumentException>(() => Contrasts.Compare(Model(1, 10, 1), other));
    }
}
