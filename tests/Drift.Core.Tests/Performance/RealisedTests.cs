namespace Drift.Core.Tests.Performance;

/// <summary>Realised performance and its thresholds on real data, against what NannyML printed.</summary>
public sealed class RealisedTests
{
    public static TheoryData<string> Tables =>
    [
        "Tutorial_-_Calculating_Standard_Metrics_-_Binary_Classification#5",
        "Tutorial_-_Calculating_Confusion_Matrix_-_Binary_Classification#5",
        "Tutorial_-_Calculating_Business_Value_-_Binary_Classification#5",
        "Tutorial_-_Compare_Estimated_and_Realized_Performance#8",
        "Tutorial_-_Ranking#7",
        "Tutorial_-_Realized_Performance_-_Multiclass_Classification#6",
        "Tutorial_-_Realized_Performance_-_Regression#4",
    ];

    [Theory, MemberData(nameof(Tables))]
    public void Values_thresholds_and_alerts_are_the_printed_ones(string id)
    {
        var table = NannyTable.Of(id);
        var reference = Outcomes.Of(Models.Reference(table.Dataset), Models.Columns(table.Dataset));
        var outcomes = table.Period == "reference" ? reference : Outcomes.Of(Models.Analysis(table.Dataset), reference.Columns);
        var baselines = Baselines(reference, table.ChunkSize);
        var chunks = Chunk.BySize(outcomes.Rows, table.ChunkSize);
        Assert.Equal(table.Chunks, chunks.Count);
        foreach (var measure in table.Measures)
        {
            var baseline = baselines[NannyTable.Names[measure]];
            Assert.False(baseline.FewChunks);
            foreach (var chunk in chunks)
            {
                var value = Values(outcomes.Tally(chunk.Rows.Span))[NannyTable.Names[measure]];
                table.Check(chunk.Index, measure, "value", value);
                table.Check(chunk.Index, measure, "lower_threshold", baseline.Lower);
                table.Check(chunk.Index, measure, "upper_threshold", baseline.Upper);
                Assert.Equal(table.Alert(chunk.Index, measure), baseline.IsOutside(value));
            }
        }
    }

    internal static Dictionary<string, ChunkBaseline> Baselines(Outcomes reference, int size) => Chunk.BySize(reference.Rows, size)
        .SelectMany(chunk => Values(reference.Tally(chunk.Rows.Span))).GroupBy(v => v.Key, v => v.Value)
        .ToDictionary(g => g.Key, g => ChunkBaseline.Of(g.Key, null, [.. g]));

    /// <summary>The measures, the confusion matrix as shares, and the worth of NannyML's example.</summary>
    internal static Dictionary<string, double> Values(IPerformanceTally tally)
    {
        var values = tally.Values().Where(v => v.Class is null).ToDictionary(v => v.Measure, v => v.Value);
        if (tally is not BinaryTally { Confusion: var c }) return values;
        (values["tp"], values["fp"]) = ((double)c.TruePositive / c.Rows, (double)c.FalsePositive / c.Rows);
        (values["fn"], values["tn"]) = ((double)c.FalseNegative / c.Rows, (double)c.TrueNegative / c.Rows);
        // NannyML's "per prediction": the mean worth of a yes plus the mean worth of a no.
        values["business_value"] = new ConfusionMatrix(c.TruePositive, c.FalsePositive, 0, 0).MeanWorth(50, -10, 0, 0) + new ConfusionMatrix(0, 0, c.FalseNegative, c.TrueNegative).MeanWorth(0, 0, -50, 5);
        return values;
    }

    [Fact]
    public void Calendar_months_are_chunks_of_the_rows_that_fall_into_them()
    {
        var times = ((NumericColumn)Models.Reference("car_loan").Find("timestamp")!).Values.Span;
        var months = Chunk.ByPeriod(times, ChunkPeriod.Month);
        // NannyML's table of row counts per month.
        Assert.Equal([5120, 4625], months.Take(2).Select(m => m.Rows.Length));
        Assert.Equal(50_000, months.Sum(m => m.Rows.Length));
        Assert.Equal(new DateTimeOffset(2018, 2, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), months[1].Start);
        Assert.Equal(months[1].Start, months[0].End);
        Assert.True(months.All(m => m.IsPeriod));
    }

    [Fact]
    public void An_improvement_is_a_change_and_worse_truth_is_one_too()
    {
        var reference = Outcomes.Of(Models.Reference("car_price"), Models.CarPrice);
        ChunkBaseline baseline = Baselines(reference, 6000)["rmse"];
        double[] Rmse(Table table) => [.. Chunk.BySize(table.Rows, 6000).Select(c => Values(Outcomes.Of(table, Models.CarPrice).Tally(c.Rows.Span))["rmse"])];
        var (asIs, worse) = (Rmse(Models.Analysis("car_price")), Rmse(Models.Analysis("car_price").Map("y_true", y => y * 1.5)));
        Assert.All(asIs[5..], value => Assert.True(baseline.IsOutside(value) && value < baseline.Lower));
        Assert.All(worse, value => Assert.True(baseline.IsOutside(value) && value > baseline.Upper));
        var learnt = PerformanceReference.Fit(Models.Reference("car_price"), Models.CarPrice, Chunk.BySize(60_000, 6000));
        Reading[] Judged(Table table) => [.. Chunk.BySize(table.Rows, 6000).Select(c => learnt.Evaluate(Outcomes.Of(table, Models.CarPrice), c.Rows.Span).Single(r => r.Measure == "rmse"))];
        Assert.All(Judged(Models.Analysis("car_price"))[5..], r => Assert.Equal((Verdict.Warning, true), (r.Verdict, r.Detail!.Numbers.Any(n => n.Key == "improved"))));
        Assert.All(Judged(Models.Analysis("car_price").Map("y_true", y => y * 1.5)), r => Assert.Equal((Verdict.Critical, false), (r.Verdict, r.Detail!.Numbers.Any(n => n.Key == "improved"))));
    }
}
