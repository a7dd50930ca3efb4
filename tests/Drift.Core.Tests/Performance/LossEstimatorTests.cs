namespace Drift.Core.Tests.Performance;

/// <summary>DLE on real data.</summary>
public sealed class LossEstimatorTests
{
    static readonly Lazy<PerformanceReference> learnt = new(() => PerformanceReference.Fit(Models.Reference("car_price"), Models.CarPrice, Chunk.BySize(60_000, 6000)));

    [Theory]
    [InlineData("Tutorial_-_Estimating_Performance_-_Regression#4")]
    [InlineData("Tutorial_-_Estimating_Performance_-_Regression#6")]
    public void Alerts_and_direction_are_NannyMLs_and_values_within_a_tenth_of_the_realised_ones(string id)
    {
        var table = NannyTable.Of(id);
        var baselines = RealisedTests.Baselines(Outcomes.Of(Models.Reference("car_price"), Models.CarPrice), table.ChunkSize);
        var outcomes = Outcomes.Of(table.Period == "reference" ? Models.Reference("car_price") : Models.Analysis("car_price"), learnt.Value.Columns);
        foreach (var chunk in Chunk.BySize(outcomes.Rows, table.ChunkSize))
        {
            var (estimated, realised) = (learnt.Value.Estimate(outcomes, chunk.Rows.Span), learnt.Value.Evaluate(outcomes, chunk.Rows.Span));
            foreach (var measure in (string[])["mse", "rmse", "mae", "mape", "msle", "rmsle"])
            {
                var (e, r) = (estimated.Single(x => x.Measure == "estimated_" + measure), realised.Single(x => x.Measure == measure));
                Assert.InRange(e.Value / r.Value, 0.9, 1.1);
                if (!table.Measures.Contains(measure)) continue;
                if (table.Prints(chunk.Index, measure, "realized")) table.Check(chunk.Index, measure, "realized", r.Value);
                table.Check(chunk.Index, measure, "lower_threshold", baselines[measure].Lower);
                table.Check(chunk.Index, measure, "upper_threshold", baselines[measure].Upper);
                Assert.Equal(table.Alert(chunk.Index, measure) ? Verdict.Warning : Verdict.Ok, e.Verdict);
                if (table.Alert(chunk.Index, measure)) Assert.Equal(Math.Sign(r.Value - r.ReferenceValue!.Value), Math.Sign(e.Value - e.ReferenceValue!.Value));
                Assert.InRange(e.Detail!.Numbers.Single(n => n.Key == "sampling_error").Value / table.Number(chunk.Index, measure, "sampling_error"), 0.75, 1.25);
            }
        }
    }

    [Fact]
    public void The_truth_at_hand_is_not_looked_at()
    {
        var rows = Enumerable.Range(0, 6000).ToArray();
        double Rmse(Table table) => learnt.Value.Estimate(Outcomes.Of(table, Models.CarPrice), rows).Single(r => r.Measure == "estimated_rmse").Value;
        Assert.Equal(Rmse(Models.Analysis("car_price")), Rmse(Models.Analysis("car_price").Map("y_true", _ => double.NaN)));
    }

    [Fact]
    public void Nulls_and_unknown_categories_have_a_loss_of_their_own()
    {
        // The loss is 4 where the category is known and 100 where it is null.
        var prediction = new NumericColumn(ColumnSpec.Numeric("p"), new double[2000]);
        Table Of(Func<int, double> truth, Func<int, string?> category) => new([prediction, new NumericColumn(ColumnSpec.Numeric("t"), Enumerable.Range(0, 2000).Select(truth).ToArray()),
            CategoricalColumn.Of(ColumnSpec.Categorical("c"), [.. Enumerable.Range(0, 2000).Select(category)])]);
        var columns = new ModelColumns { Task = PerformanceTask.Regression, Truth = "t", Prediction = "p" };
        var fitted = LossEstimator.Fit((RegressionOutcomes)Outcomes.Of(Of(i => i % 2 == 0 ? 2 : 10, i => i % 2 == 0 ? "a" : null), columns));
        double Mse(Func<int, string?> category) => fitted.Estimate((RegressionOutcomes)Outcomes.Of(Of(_ => double.NaN, category), columns), Enumerable.Range(0, 2000).ToArray()).First(v => v.Measure == "mse").Value;
        Assert.Equal(4, Mse(_ => "a"), 1e-9);
        Assert.Equal(100, Mse(_ => null), 1e-9);
        Assert.Equal(100, Mse(_ => "never seen"), 1e-9);
    }
}
