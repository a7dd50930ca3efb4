using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Drift.Tests;

namespace Drift.Core.Tests.Measures;

public sealed class RealDataTests
{
    static readonly string[] CarLoan =
        ["car_value", "salary_range", "debt_to_income_ratio", "loan_length", "repaid_loan_on_prev_car", "size_of_downpayment", "driver_tenure", "y_pred_proba", "y_pred"];

    static readonly string[] Moved = ["car_value", "salary_range", "loan_length", "repaid_loan_on_prev_car", "y_pred_proba"];

    [Fact]
    public void The_columns_of_elec2_that_were_constant_in_the_reference_are_named()
    {
        var data = DataFile.Read("elec2", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer");
        Table reference = data.Slice(0, 17_424), current = data.Slice(17_424, data.Rows - 17_424);
        var profile = ProfileBuilder.ForReference(reference.Schema).Add(reference).ToProfile();
        var window = ProfileBuilder.ForWindow(profile).Add(current).ToProfile();
        foreach (var readings in (IReadOnlyList<Reading>[])[Comparison.Compare(reference, current), Comparison.Compare(profile, window)])
            foreach (var column in (string[])["vicprice", "vicdemand", "transfer"])
            {
                Assert.Equal(Verdict.Critical, ComparisonTests.Find(readings, column, "psi_corrected").Verdict);
                Assert.Equal(Verdict.Critical, ComparisonTests.Find(readings, column, "ks").Verdict);
            }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(4000)]
    public void A_random_split_of_the_reference_raises_nothing(int rows)
    {
        var all = DataFile.Read("car_loan_reference", CarLoan);
        var order = Enumerable.Range(0, all.Rows).ToArray();
        new Random(2018).Shuffle(order);
        var reference = ProfileBuilder.ForReference(all.Schema).Add(all.Take(order.AsSpan(0, 30_000))).ToProfile();
        for (var start = 30_000; start + rows <= order.Length; start += rows)
        {
            var window = ProfileBuilder.ForWindow(reference).Add(all.Take(order.AsSpan(start, rows))).ToProfile();
            foreach (var reading in Comparison.Compare(reference, window))
            {
                Assert.True(reading.Verdict <= Verdict.Ok, $"{reading.Column} {reading.Measure} {reading.Value} at {start}");
                Assert.True(reading.Status is ReadingStatus.Ok or ReadingStatus.InsufficientData);
                if (rows >= 1000) Assert.Equal(ReadingStatus.Ok, reading.Status);
            }
        }
    }

    [Fact]
    public void Car_loan_drifts_where_and_when_it_is_known_to()
    {
        // 8 minutes 43.152 seconds between rows: 28 days are 4623 rows; the drift begins with row 25,000 of the analysis data.
        const int Window = 4623, Onset = 25_000;
        var reference = DataFile.Read("car_loan_reference", CarLoan);
        var analysis = DataFile.Read("car_loan_analysis", CarLoan);
        var profile = ProfileBuilder.ForReference(reference.Schema).Add(reference).ToProfile();
        for (var start = 0; start < analysis.Rows; start += Window)
        {
            var rows = Math.Min(Window, analysis.Rows - start);
            var readings = Comparison.Compare(profile, ProfileBuilder.ForWindow(profile).Add(analysis.Slice(start, rows)).ToProfile());
            var raised = readings.Where(reading => reading.Verdict >= Verdict.Warning).Select(reading => reading.Column).Distinct();
            if (start + rows <= Onset) Assert.Empty(raised);
            else if (start >= Onset) Assert.Equal(Moved.Order(), raised.Order());
            else Assert.Empty(raised.Except(Moved));
        }
    }

    [Fact]
    public void Ks_per_chunk_of_car_loan_agrees_with_the_published_table()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("expected_nannyml_docs.json")));
        var reference = DataFile.Read("car_loan_reference", CarLoan);
        var analysis = DataFile.Read("car_loan_analysis", CarLoan);
        var checkedValues = 0;
        foreach (var table in document.RootElement.GetProperty("tables").EnumerateArray())
        {
            if (table.GetProperty("dataset").GetString() != "car_loan" || table.GetProperty("period").GetString() is not ("analysis" or "reference")) continue;
            var columns = table.GetProperty("columns").EnumerateArray().Select(name => name.GetString()!).ToArray();
            for (var i = 0; i < columns.Length; i++)
            {
                const string Suffix = ".kolmogorov_smirnov.value";
                if (!columns[i].EndsWith(Suffix, StringComparison.Ordinal)) continue;
                var name = columns[i][..^Suffix.Length];
                var side = (NumericColumn)(table.GetProperty("period").GetString() == "analysis" ? analysis : reference).Find(name)!;
                foreach (var row in table.GetProperty("rows").EnumerateArray())
                {
                    int first = row[Array.IndexOf(columns, "chunk.start_index")].GetInt32(), last = row[Array.IndexOf(columns, "chunk.end_index")].GetInt32();
                    var test = KolmogorovSmirnov.Test(((NumericColumn)reference.Find(name)!).Sample(), side.Values.Span[first..(last + 1)]);
                    Assert.Equal(row[i].GetDouble(), test.Statistic, 3e-4);
                    checkedValues++;
                }
            }
        }
        Assert.True(checkedValues >= 20);
    }

    [Theory]
    [InlineData("car_loan")]
    [InlineData("elec2")]
    [InlineData("car_price")]
    public void Categories_per_chunk_agree_with_the_oracle(string set)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(TestData.Path($"oracle_{set}.json")));
        var checkedValues = 0;
        foreach (var chunk in document.RootElement.GetProperty("drift").EnumerateArray())
            foreach (var column in chunk.EnumerateObject())
            {
                if (column.Value.ValueKind != JsonValueKind.Object || !column.Value.TryGetProperty("chi2", out var chi2)) continue;
                var (r, c) = Counts(set, chunk, column.Name);
                var test = Contingency.ChiSquare(r, c, method: PValueMethod.Asymptotic);
                Assert.Equal(1, test.Statistic / chi2.GetDouble(), 1e-9);
                Assert.Equal(column.Value.GetProperty("chi2_p").GetDouble(), test.PValue, 1e-9);
                Assert.Equal(column.Value.GetProperty("js_distance_base2").GetDouble(), Divergence.Js(r, c), 1e-7);
                Assert.Equal(column.Value.GetProperty("hellinger").GetDouble(), Divergence.Hellinger(r, c), 1e-7);
                Assert.Equal(column.Value.GetProperty("l_infinity").GetDouble(), Divergence.LInfinity(r, c), 1e-12);
                checkedValues++;
            }
        Assert.True(checkedValues > 5);
    }

    [Theory]
    [InlineData("car_loan")]
    [InlineData("elec2")]
    [InlineData("car_price")]
    public void Numbers_per_chunk_agree_with_the_oracle(string set)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(TestData.Path($"oracle_{set}.json")));
        var chunks = document.RootElement.GetProperty("drift").EnumerateArray().ToArray();
        var columns = chunks[0].EnumerateObject().Where(c => c.Value.ValueKind == JsonValueKind.Object && c.Value.TryGetProperty("ks", out _)).Select(c => c.Name).ToArray();
        var reference = DataFile.Read(set == "elec2" ? set : $"{set}_reference", columns);
        var analysis = set == "elec2" ? reference.Slice(11_328, reference.Rows - 11_328) : DataFile.Read($"{set}_analysis", columns);
        if (set == "elec2") reference = reference.Slice(0, 11_328);
        foreach (var name in columns)
        {
            var prepared = PreparedSample.Of(((NumericColumn)reference.Find(name)!).Values.Span);
            foreach (var chunk in chunks)
            {
                var (expected, start) = (chunk.GetProperty(name), chunk.GetProperty("start").GetInt32());
                double[] x = [.. ((NumericColumn)analysis.Find(name)!).Values.Span[start..(chunk.GetProperty("end").GetInt32() + 1)]];
                Array.Sort(x);
                var test = KolmogorovSmirnov.TestSorted(prepared.Values, x, Alternative.TwoSided, PValueMethod.Asymptotic);
                Near.Equal(expected.Double("ks"), test.Statistic, 1e-12, $"{name} ks at {start}", 1e-15);
                Near.Equal(expected.Double("ks_p_asymp"), test.PValue, 1e-9, $"{name} p at {start}", 1e-300);
                Near.Equal(expected.Double("wasserstein1"), Wasserstein.DistanceSorted(prepared.Values, x), 1e-9, $"{name} wasserstein at {start}", 1e-12);
                Near.Equal(expected.Double("mean"), Moments.Of(x).Mean, 1e-12, $"{name} mean at {start}");
                Near.Equal(expected.Double("std_ddof1"), Math.Sqrt(Moments.Of(x).M2 / (x.Length - 1)), 1e-9, $"{name} deviation at {start}", 1e-12);
            }
        }
        Assert.True(columns.Length >= 5);
    }

    /// <summary>Both sides' counts of each distinct text of a column, as the oracle counts them.</summary>
    static (long[] Reference, long[] Current) Counts(string set, JsonElement chunk, string column)
    {
        var reference = Texts(set, set == "elec2" ? set : $"{set}_reference", column);
        var analysis = set == "elec2" ? reference[11_328..] : Texts(set, $"{set}_analysis", column);
        if (set == "elec2") reference = reference[..11_328];
        var current = analysis[chunk.GetProperty("start").GetInt32()..(chunk.GetProperty("end").GetInt32() + 1)];
        var names = reference.Concat(current).Distinct().ToArray();
        return (Count(reference), Count(current));

        long[] Count(string[] texts)
        {
            var counts = texts.CountBy(text => text).ToDictionary();
            return [.. names.Select(name => (long)counts.GetValueOrDefault(name))];
        }
    }

    static readonly Dictionary<string, string[]> categories = new()
    {
        ["car_loan"] = ["salary_range", "repaid_loan_on_prev_car", "size_of_downpayment", "y_pred"],
        ["car_price"] = ["fuel", "transmission"],
        ["elec2"] = ["y_true"],
    };

    static readonly ConcurrentDictionary<(string, string), string[]> read = new();

    static string[] Texts(string set, string file, string column) => read.GetOrAdd((file, column), _ => DataFile.Read(file, categories[set]).Find(column) switch
    {
        CategoricalColumn text => [.. Enumerable.Range(0, text.Length).Select(row => text[row]!)],
        var other => [.. ((NumericColumn)other!).Values.ToArray().Select(x => x.ToString("R", CultureInfo.InvariantCulture))],
    });
}
