using Drift.Core.Tests.Performance;
using Drift.Recipes;

namespace Drift.Core.Tests.Measures;

/// <summary>Every table that NannyML's documentation prints: drift, missing values and statistics here, performance by its own tests.</summary>
public sealed class NannyDocsTests
{
    static readonly string[] univariate = ["Tutorial_-_Drift_-_Univariate#4", "Tutorial_-_Drift_-_Univariate#8", "Tutorial_-_Ranking#1"];

    static readonly string[] performance =
    [
        .. RealisedTests.Tables.Select(row => row.Data), .. ConfidenceEstimatorTests.Tables.Select(row => row.Data), .. FindingRankingTests.Tables.Select(row => row.Data.Item1),
        "Tutorial_-_Estimating_Performance_-_Regression#4", "Tutorial_-_Estimating_Performance_-_Regression#6",
    ];

    static readonly Dictionary<string, string> unclaimed = new()
    {
        ["Tutorial_-_Ranking#3"] = "a ranking of columns by their alerts, which we do not offer",
        ["Tutorial_-_Drift_-_Multivariate_-_Domain_Classifier#4"] = "a boosted forest tells the domains apart there, a regression here; random folds",
        ["Tutorial_-_Drift_-_Multivariate_-_Domain_Classifier#6"] = "a boosted forest tells the domains apart there, a regression here; random folds",
    };

    [Fact]
    public void No_table_is_left_out() => Assert.Equal(
        NannyTable.Ids.Order(StringComparer.Ordinal),
        univariate.Concat(performance).Concat(unclaimed.Keys)
            .Concat(["Tutorial_-_Missing_Values#4", "Tutorial_-_Stats_-_Avg#4", "Tutorial_-_Stats_-_Median#4", "Tutorial_-_Stats_-_Count#4", "Tutorial_-_Drift_-_Multivariate#4", "Tutorial_-_Drift_-_Multivariate#6"])
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Univariate_values_thresholds_and_alerts()
    {
        double[] Column(Table table, string name) => ((NumericColumn)table.Find(name)!).Sample();
        var limits = new Dictionary<string, double>();
        foreach (var id in univariate)
        {
            var table = NannyTable.Of(id);
            foreach (var name in table.Measures)
            {
                var (column, method) = (name.Split('.')[0], name.Split('.')[1]);
                Func<double[], double[], double> measure = method == "kolmogorov_smirnov" ? (r, c) => NannyML.Ks(r, c) : (r, c) => NannyML.Js(r, c);
                var reference = Column(Models.Reference(table.Dataset), column);
                var side = table.Period == "reference" ? reference : Column(Models.Analysis(table.Dataset), column);
                if (!limits.TryGetValue(name, out var limit)) limits[name] = limit = NannyML.Threshold([.. Chunk.BySize(reference.Length, 5000).Select(c => measure(reference, reference[(int)c.Start..(int)c.End]))]);
                for (var chunk = 0; chunk < table.Chunks; chunk++)
                {
                    var (_, start, count) = table.Rows(chunk);
                    var value = measure(reference, side[start..(start + count)]);
                    table.Check(chunk, name, "value", value);
                    table.Check(chunk, name, "upper_threshold", limit);
                    Assert.Equal(table.Alert(chunk, name), value > limit);
                }
            }
        }
    }

    /// <summary>Titanic: the rate of each chunk of both periods, and its limits from the reference's chunks, the last of which is a single row.</summary>
    [Fact]
    public void Missing_values_thresholds_and_alerts()
    {
        var table = NannyTable.Of("Tutorial_-_Missing_Values#4");
        Table reference = DataSets.Of("titanic_reference"), analysis = DataSets.Of("titanic_analysis");
        var names = table.Measures.ToArray();
        Assert.Equal(10, names.Length);
        var rates = Enumerable.Range(0, table.Chunks).Select(chunk =>
        {
            var (isReference, start, count) = table.Rows(chunk);
            var readings = Comparison.Compare(reference, (isReference ? reference : analysis).Slice(start, count), new() { Measures = ["missing_rate"], Columns = names });
            return readings.ToDictionary(r => r.Column, r => r.Value);
        }).ToArray();
        foreach (var name in names)
        {
            var limits = ChunkBaseline.Of("missing_rate", null, [.. rates.Where((_, chunk) => table.Rows(chunk).IsReference).Select(rate => rate[name])]);
            for (var chunk = 0; chunk < table.Chunks; chunk++)
            {
                table.Check(chunk, name, "value", rates[chunk][name]);
                table.Check(chunk, name, "lower_threshold", limits.Lower);
                table.Check(chunk, name, "upper_threshold", limits.Upper);
                Assert.Equal(table.Alert(chunk, name), limits.IsOutside(rates[chunk][name]));
            }
        }
    }

    [Fact]
    public void Reconstruction_error_with_its_thresholds_and_sampling_error()
    {
        string[] features = ["car_value", "salary_range", "debt_to_income_ratio", "loan_length", "repaid_loan_on_prev_car", "size_of_downpayment", "driver_tenure"];
        Table Only(Table table) => new(table.Columns.Where(c => features.Contains(c.Spec.Name)));
        var reference = Only(Models.Reference("car_loan"));
        var projection = Projection.Fit(reference, Chunk.BySize(reference.Rows, 5000))!;
        foreach (var id in (string[])["Tutorial_-_Drift_-_Multivariate#4", "Tutorial_-_Drift_-_Multivariate#6"])
        {
            var table = NannyTable.Of(id);
            var side = table.Period == "reference" ? reference : Only(Models.Analysis("car_loan"));
            for (var chunk = 0; chunk < table.Chunks; chunk++)
            {
                var (_, start, count) = table.Rows(chunk);
                var value = projection.Error(side.Slice(start, count));
                table.Check(chunk, "reconstruction_error", "value", value);
                table.Check(chunk, "reconstruction_error", "lower_threshold", projection.Baseline.Lower);
                table.Check(chunk, "reconstruction_error", "upper_threshold", projection.Baseline.Upper);
                Assert.Equal(table.Alert(chunk, "reconstruction_error"), projection.Baseline.IsOutside(value));
                // NannyML takes each chunk's own spread, ours is the reference's.
                Assert.Equal(1, projection.Baseline.ErrorPerRow / Math.Sqrt(count) / table.Number(chunk, "reconstruction_error", "sampling_error"), 0.05);
            }
        }
    }

    [Theory]
    [InlineData("Tutorial_-_Stats_-_Avg#4")]
    [InlineData("Tutorial_-_Stats_-_Median#4")]
    public void Means_and_medians(string id)
    {
        var table = NannyTable.Of(id);
        foreach (var name in table.Measures)
            for (var chunk = 0; chunk < table.Chunks; chunk++)
            {
                var (isReference, start, count) = table.Rows(chunk);
                var values = ((NumericColumn)(isReference ? Models.Reference(table.Dataset) : Models.Analysis(table.Dataset)).Find(name)!).Values.Span.Slice(start, count);
                table.Check(chunk, name, "value", id.Contains("Avg", StringComparison.Ordinal) ? Moments.Of(values).Mean : Quantiles.At([.. values.ToArray().Order()], 0.5));
            }
    }

    [Fact]
    public void Rows_per_month()
    {
        var table = NannyTable.Of("Tutorial_-_Stats_-_Count#4");
        double[] Times(Table side) => ((NumericColumn)side.Find("timestamp")!).Values.ToArray();
        var months = Chunk.ByPeriod(Times(Models.Reference("car_loan")), ChunkPeriod.Month).Concat(Chunk.ByPeriod(Times(Models.Analysis("car_loan")), ChunkPeriod.Month)).ToArray();
        Assert.Equal(table.Chunks, months.Length);
        for (var chunk = 0; chunk < months.Length; chunk++) Assert.Equal(table.Number(chunk, "rows_count", "value"), months[chunk].Rows.Length);
    }
}
