using System.Numerics;

namespace Drift;

/// <summary>Realised performance of a ranking, mergeable: the means over queries of <see cref="RankedQuery"/>'s measures. A query belongs to one part whole.</summary>
public sealed record RankingTally : IAdditionOperators<RankingTally, RankingTally, RankingTally>, IPerformanceTally
{
    /// <summary>The tally of nothing: the identity of +.</summary>
    public static RankingTally Empty { get; } = new();

    /// <summary>Items that were seen.</summary>
    public long Rows { get; init; }

    /// <summary>Items with relevance and score.</summary>
    public long Labelled { get; init; }

    /// <summary>Queries with at least one such item.</summary>
    public long Queries { get; init; }

    /// <summary>Queries among them without a relevant item; they count 0.</summary>
    public long Irrelevant { get; init; }

    /// <summary>The cut; 0 for none, or while there are no queries.</summary>
    public int Cut { get; init; }

    /// <summary>The sum of ndcg.</summary>
    public double NdcgSum { get; init; }

    /// <summary>The sum of the average precisions.</summary>
    public double PrecisionSum { get; init; }

    /// <summary>The sum of the reciprocal ranks.</summary>
    public double ReciprocalSum { get; init; }

    /// <summary>The tally of one query.</summary>
    /// <param name="relevance">How relevant each item is; NaN while unknown.</param>
    /// <param name="scores">The score it was ordered by; NaN when there is none.</param>
    /// <param name="cut">Only the first so many ranks count; 0 for all.</param>
    public static RankingTally OfQuery(ReadOnlySpan<double> relevance, ReadOnlySpan<double> scores, int cut = 0)
    {
        if (relevance.Length != scores.Length) throw new ArgumentException($"{relevance.Length} relevances for {scores.Length} scores", nameof(scores));
        ArgumentOutOfRangeException.ThrowIfNegative(cut);
        var (known, order) = (new List<double>(), new List<double>());
        for (var i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(relevance[i]) || double.IsNaN(scores[i])) continue;
            known.Add(relevance[i]);
            order.Add(scores[i]);
        }
        if (known.Count == 0) return new() { Rows = scores.Length };
        double[] r = [.. known], s = [.. order];
        var ranks = cut == 0 ? int.MaxValue : cut;
        return new()
        {
            Rows = scores.Length,
            Labelled = r.Length,
            Queries = 1,
            Irrelevant = known.Exists(x => x > 0) ? 0 : 1,
            Cut = cut,
            NdcgSum = RankedQuery.Ndcg(r, s, ranks),
            PrecisionSum = RankedQuery.AveragePrecision(r, s, ranks),
            ReciprocalSum = RankedQuery.ReciprocalRank(r, s, ranks),
        };
    }

    /// <summary>Both sides together.</summary>
    /// <exception cref="InvalidOperationException">Their cuts differ.</exception>
    public static RankingTally operator +(RankingTally left, RankingTally right)
    {
        if (left.Queries > 0 && right.Queries > 0 && left.Cut != right.Cut) throw new InvalidOperationException($"rankings cut at {left.Cut} and {right.Cut} cannot be merged");
        return new()
        {
            Rows = left.Rows + right.Rows,
            Labelled = left.Labelled + right.Labelled,
            Queries = left.Queries + right.Queries,
            Irrelevant = left.Irrelevant + right.Irrelevant,
            Cut = left.Queries > 0 ? left.Cut : right.Cut,
            NdcgSum = left.NdcgSum + right.NdcgSum,
            PrecisionSum = left.PrecisionSum + right.PrecisionSum,
            ReciprocalSum = left.ReciprocalSum + right.ReciprocalSum,
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<PerformanceValue> Values()
    {
        List<KeyValuePair<string, double>> numbers = [new("queries", Queries)];
        if (Cut > 0) numbers.Add(new("k", Cut));
        if (Irrelevant > 0) numbers.Add(new("queries_without_relevant", Irrelevant));
        PerformanceValue Mean(string name, double sum) => new(name, Queries == 0 ? double.NaN : sum / Queries, Labelled) { Numbers = numbers, Reason = Queries == 0 ? "no item has both relevance and score" : null };
        return [Mean("ndcg", NdcgSum), Mean("map", PrecisionSum), Mean("mrr", ReciprocalSum)];
    }
}
