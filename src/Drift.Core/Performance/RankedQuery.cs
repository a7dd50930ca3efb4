namespace Drift;

/// <summary>How well one query's items are ordered by their scores. Equal scores are averaged over, as if broken at random.</summary>
public static class RankedQuery
{
    /// <summary>
    /// Normalised discounted cumulative gain, 0 to 1 for relevances that are not negative: DCG over the best possible DCG, with gain = relevance and discount 1 / log2(rank + 1);
    /// ties share the mean gain of their ranks (scikit-learn's ndcg_score). 0 when nothing is relevant, NaN without items.
    /// </summary>
    /// <param name="relevance">How relevant each item is.</param>
    /// <param name="scores">The score it was ordered by; higher is earlier.</param>
    /// <param name="cut">Only the first so many ranks count.</param>
    public static double Ndcg(ReadOnlySpan<double> relevance, ReadOnlySpan<double> scores, int cut = int.MaxValue)
    {
        Check(relevance, scores, cut);
        if (relevance.IsEmpty) return double.NaN;
        var best = Dcg(relevance, relevance, cut);
        return best == 0 ? 0 : Dcg(relevance, scores, cut) / best;
    }

    /// <summary>
    /// Average precision, 0 to 1, an item being relevant when its relevance is over 0: the mean over relevant items of the precision at their rank, ties
    /// taken together (scikit-learn's average_precision_score). With a cut only ranks up to it count, tied items by their share, and the mean is over
    /// min(cut, relevant items). 0 when nothing is relevant, NaN without items.
    /// </summary>
    /// <param name="relevance">How relevant each item is.</param>
    /// <param name="scores">The score it was ordered by; higher is earlier.</param>
    /// <param name="cut">Only the first so many ranks count.</param>
    public static double AveragePrecision(ReadOnlySpan<double> relevance, ReadOnlySpan<double> scores, int cut = int.MaxValue)
    {
        Check(relevance, scores, cut);
        if (relevance.IsEmpty) return double.NaN;
        double sum = 0, hits = 0, all = 0;
        foreach (var r in relevance) all += r > 0 ? 1 : 0;
        foreach (var (start, size, relevant) in Ties(relevance, scores))
        {
            if (start >= cut) break;
            var end = Math.Min(start + size, cut);
            var gained = relevant * (double)(end - start) / size;
            hits += gained;
            sum += gained * (hits / end);
        }
        return all == 0 ? 0 : sum / Math.Min(all, cut);
    }

    /// <summary>
    /// The reciprocal of the first relevant item's rank, 0 to 1, an item being relevant when its relevance is over 0; among equal scores the mean over
    /// their orders. 0 when nothing relevant stands within the cut, NaN without items.
    /// </summary>
    /// <param name="relevance">How relevant each item is.</param>
    /// <param name="scores">The score it was ordered by; higher is earlier.</param>
    /// <param name="cut">Only the first so many ranks count.</param>
    public static double ReciprocalRank(ReadOnlySpan<double> relevance, ReadOnlySpan<double> scores, int cut = int.MaxValue)
    {
        Check(relevance, scores, cut);
        if (relevance.IsEmpty) return double.NaN;
        foreach (var (start, size, relevant) in Ties(relevance, scores))
        {
            if (relevant == 0) continue;
            // P(the first relevant item of the tie is its j-th) falls from relevant/size by the share of irrelevant orders.
            double sum = 0, before = 1;
            for (var j = 0; j <= size - relevant && start + j < cut; j++)
            {
                sum += before * relevant / (size - j) / (start + j + 1);
                before *= (double)(size - j - relevant) / (size - j);
            }
            return sum;
        }
        return 0;
    }

    static double Dcg(ReadOnlySpan<double> relevance, ReadOnlySpan<double> scores, int cut)
    {
        var order = Order(scores);
        double sum = 0;
        for (var i = 0; i < order.Length && i < cut;)
        {
            double gain = 0, discount = 0;
            var start = i;
            for (; i < order.Length && scores[order[i]] == scores[order[start]]; i++)
            {
                gain += relevance[order[i]];
                if (i < cut) discount += 1 / Math.Log2(i + 2);
            }
            sum += gain / (i - start) * discount;
        }
        return sum;
    }

    static List<(int Start, int Size, int Relevant)> Ties(ReadOnlySpan<double> relevance, ReadOnlySpan<double> scores)
    {
        var order = Order(scores);
        var ties = new List<(int, int, int)>();
        for (var i = 0; i < order.Length;)
        {
            var (start, relevant) = (i, 0);
            for (; i < order.Length && scores[order[i]] == scores[order[start]]; i++) relevant += relevance[order[i]] > 0 ? 1 : 0;
            ties.Add((start, i - start, relevant));
        }
        return ties;
    }

    /// <summary>The items by falling score.</summary>
    static int[] Order(ReadOnlySpan<double> scores)
    {
        var (order, keys) = (new int[scores.Length], new double[scores.Length]);
        for (var i = 0; i < order.Length; i++) (order[i], keys[i]) = (i, -scores[i]);
        Array.Sort(keys, order);
        return order;
    }

    static void Check(ReadOnlySpan<double> relevance, ReadOnlySpan<double> scores, int cut)
    {
        if (relevance.Length != scores.Length) throw new ArgumentException($"{relevance.Length} relevances for {scores.Length} scores", nameof(scores));
        ArgumentOutOfRangeException.ThrowIfLessThan(cut, 1);
        foreach (var score in scores)
            if (double.IsNaN(score)) throw new ArgumentException("a score is NaN: leave the item out", nameof(scores));
    }
}
