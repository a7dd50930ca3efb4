using Drift.Recipes;

namespace Drift.Core.Tests.Performance;

/// <summary>Which columns go with the change in performance: NannyML's printed rankings, and what they leave open.</summary>
public sealed class FindingRankingTests
{
    const int Size = 5000;

    /// <summary>The table; its performance measure; whether the reference's chunks count too.</summary>
    public static TheoryData<string, string, bool> Tables => new()
    {
        { "How_it_Works_-_Ranking#1", "auc", true }, { "Tutorial_-_Ranking#9", "estimated_auc", true }, { "Tutorial_-_Ranking#11", "recall", false },
    };

    [Theory, MemberData(nameof(Tables))]
    public void Correlations_p_values_and_ranks_are_the_printed_ones(string id, string measure, bool all)
    {
        var estimated = measure.StartsWith(PerformanceReadings.Estimated, StringComparison.Ordinal);
        var table = NannyTable.Of(id);
        Table reference = Models.Reference("car_loan"), analysis = Models.Analysis("car_loan");
        var learnt = PerformanceReference.Fit(reference, Models.CarLoan, Chunk.BySize(reference.Rows, Size));
        List<double> performance = [];
        foreach (var side in all ? [reference, analysis] : new[] { analysis })
        {
            var outcomes = Outcomes.Of(side, learnt.Columns);
            foreach (var chunk in Chunk.BySize(outcomes.Rows, Size))
                performance.Add((estimated ? learnt.Estimate(outcomes, chunk.Rows.Span) : learnt.Evaluate(outcomes, chunk.Rows.Span)).Single(r => r.Measure == measure).Value);
        }
        // Over the reference's chunks NannyML's own estimates are its ordinary, not what was realised.
        var ordinary = estimated ? performance.Take(10).Average() : learnt.Baselines.Single(b => b.Measure == measure).Mean;
        var names = Enumerable.Range(0, table.Chunks).Select(row => table.At(row, "column_name").GetString()!).ToArray();
        var ranked = FindingRanking.ByCorrelation(
            [.. names.Select(name => new ColumnDrift(name, [.. (all ? [reference, analysis] : new[] { analysis }).SelectMany(side => Chunk.BySize(side.Rows, Size).Select(c => Js(reference, side, name, c)))], true))],
            performance, ordinary);
        for (var row = 0; row < names.Length; row++)
        {
            var expected = table.At(row, "pearsonr_correlation").GetDouble();
            var ours = ranked.Single(r => r.Column == names[row]);
            // An estimate differs from NannyML's by up to two thousandths, and so do its correlations.
            Assert.Equal(expected, ours.Correlation, estimated ? 0.01 : 1.1 * NannyTable.Printed(expected));
            if (!estimated) Assert.InRange(ours.PValue / table.At(row, "pearsonr_pvalue").GetDouble(), 1 - 1e-3, 1 + 1e-3);
            // The first five are within a thousandth of each other.
            if (!estimated || expected < 0.9) Assert.Equal(row + 1, ours.Rank);
        }
    }

    static double Js(Table reference, Table side, string name, Chunk chunk)
    {
        int start = (int)chunk.Start, count = (int)(chunk.End - chunk.Start);
        if (reference.Find(name) is NumericColumn numbers && name is not ("y_pred" or "repaid"))
            return NannyML.Js(numbers.Values.Span, ((NumericColumn)side.Find(name)!).Values.Span.Slice(start, count));
        string?[] before = Texts(reference.Find(name)!), now = Texts(side.Find(name)!)[start..(start + count)];
        var values = before.Concat(now).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray();
        long[] Counts(string?[] texts) => [.. values.Select(v => texts.LongCount(t => t == v))];
        return NannyML.Js(Counts(before), Counts(now));
    }

    static string?[] Texts(Column column) => column is CategoricalColumn categories
        ? [.. Enumerable.Range(0, categories.Length).Select(i => categories[i])]
        : [.. ((NumericColumn)column).Values.ToArray().Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    [Fact]
    public void Weights_move_columns_and_what_is_unknown_comes_last()
    {
        ColumnDrift[] columns = [new("a", [.1, .2, .3, .4], true), new("b", [.1, .2, .4, .3], true), new("still", [.1, .1, .1, .1], false), new("c", [double.NaN, double.NaN, .1, .2], false)];
        double[] performance = [.9, .8, .7, .6];
        Assert.Equal(["a", "b", "c", "still"], FindingRanking.ByCorrelation(columns, performance, .9).Select(r => r.Column));
        var weighted = FindingRanking.ByCorrelation(columns, performance, .9, new Dictionary<string, double> { ["b"] = 2 });
        Assert.Equal(("b", 2.0, 1), (weighted[0].Column, weighted[0].Weight, weighted[0].Rank));
        Assert.Equal((1.0, 0.0, 4), (weighted[1].Correlation, weighted[1].PValue, weighted[1].Windows));
        Assert.True(double.IsNaN(weighted[2].Correlation) && double.IsNaN(weighted[3].PValue));
        Assert.Throws<ArgumentException>(() => FindingRanking.ByCorrelation(columns, [.9], .9));
    }
}
