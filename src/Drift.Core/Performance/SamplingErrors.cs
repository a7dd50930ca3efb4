namespace Drift;

/// <summary>How much a measure varies from sample to sample, learnt from the reference.</summary>
static class SamplingErrors
{
    /// <summary>How many groups the rows are divided into.</summary>
    public const int Groups = 100;

    /// <summary>
    /// The standard error that a measure would have on one row: over n rows it is this divided by the root of n. From the delete-a-group jackknife, which
    /// needs nothing of a measure but its value on sums of tallies, so it holds for ratios, areas and averages alike (Shao and Wu 1989).
    /// </summary>
    public static Dictionary<(string Measure, string? Class), double> PerRow(Outcomes outcomes)
    {
        var parts = Parts(outcomes);
        if (parts.Length < 2) return [];
        var (before, after) = (new IPerformanceTally[parts.Length], new IPerformanceTally[parts.Length]);
        for (var i = 1; i < parts.Length; i++)
        {
            before[i] = i == 1 ? parts[0] : Add(before[i - 1], parts[i - 1]);
            after[^(i + 1)] = i == 1 ? parts[^1] : Add(after[^i], parts[^i]);
        }
        var left = Enumerable.Range(0, parts.Length).Select(i => i == 0 ? after[0] : i == parts.Length - 1 ? before[i] : Add(before[i], after[i]));
        return left.SelectMany(tally => tally.Values()).GroupBy(v => (v.Measure, v.Class)).ToDictionary(g => g.Key, g => PerRow([.. g]));
    }

    static double PerRow(PerformanceValue[] values)
    {
        var moments = Moments.Of([.. values.Select(v => v.Value)]);
        // Each value leaves one group out, so all rows are groups / (groups - 1) of its own.
        var rows = values.Average(v => (double)v.Rows) * values.Length / (values.Length - 1);
        return moments.N == values.Length ? Math.Sqrt(moments.M2 * (values.Length - 1) / values.Length * rows) : double.NaN;
    }

    static IPerformanceTally[] Parts(Outcomes outcomes)
    {
        if (outcomes is RankingOutcomes ranking)
            return [.. ranking.Queries(Enumerable.Range(0, outcomes.Rows).ToArray()).Select((q, i) => (q.Tally, Group: Drift.Groups.Of(i, Groups)))
                .GroupBy(q => q.Group, q => q.Tally).Select(g => g.Aggregate(RankingTally.Empty, (a, b) => a + b))];
        return [.. Enumerable.Range(0, outcomes.Rows).GroupBy(i => Drift.Groups.Of(i, Groups)).Select(g => outcomes.Tally(g.ToArray()))];
    }

    static IPerformanceTally Add(IPerformanceTally a, IPerformanceTally b) => (a, b) switch
    {
        (BinaryTally x, BinaryTally y) => x + y,
        (MulticlassTally x, MulticlassTally y) => x + y,
        (RegressionTally x, RegressionTally y) => x + y,
        (RankingTally x, RankingTally y) => x + y,
        _ => throw new InvalidOperationException($"{a.GetType().Name} and {b.GetType().Name} cannot be merged"),
    };
}
