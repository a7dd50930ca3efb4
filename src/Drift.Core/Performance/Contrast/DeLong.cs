namespace Drift;

/// <summary>
/// Differences of AUC by DeLong, DeLong and Clarke-Pearson (1988) with mid-ranks for ties: the variance is that of the share of negatives that each
/// positive beats, and of the share of positives that beat each negative.
/// </summary>
/// <remarks>
/// Where an area has no variance (a perfect order), that of a rate with two hits and two misses added stands in for it (Agresti and Coull 1998), on
/// the rows of the smaller class; so an interval never shrinks to a point and a p-value is never NaN. Equal areas have p = 1 then.
/// </remarks>
public static class DeLong
{
    /// <summary>Two models on rows of their own.</summary>
    public static Difference Compare(ScoreTally first, ScoreTally second, double level = Intervals.Level)
    {
        var (a, b) = (first.Auc().Value, second.Auc().Value);
        if (double.IsNaN(a) || double.IsNaN(b)) return Difference.Undefined(a, b, "delong");
        return Normal(a, b, Variance(first) + Variance(second), level, "delong");
    }

    /// <summary>Two models on the same rows: what both get right together cancels. Rows where either score is NaN are left out.</summary>
    /// <exception cref="ArgumentException">Not one class and two scores per row.</exception>
    public static Difference ComparePaired(ReadOnlySpan<bool> positive, ReadOnlySpan<double> first, ReadOnlySpan<double> second, double level = Intervals.Level)
    {
        if (positive.Length != first.Length || positive.Length != second.Length) throw new ArgumentException($"{positive.Length} classes for {first.Length} and {second.Length} scores", nameof(first));
        var kept = new List<int>();
        for (var i = 0; i < positive.Length; i++)
            if (!double.IsNaN(first[i]) && !double.IsNaN(second[i])) kept.Add(i);
        var (classes, x, y) = (new bool[kept.Count], new double[kept.Count], new double[kept.Count]);
        for (var i = 0; i < kept.Count; i++) (classes[i], x[i], y[i]) = (positive[kept[i]], first[kept[i]], second[kept[i]]);
        var (one, other) = (ScoreTally.Of(x, classes), ScoreTally.Of(y, classes));
        var (a, b) = (one.Auc().Value, other.Auc().Value);
        if (double.IsNaN(a) || double.IsNaN(b)) return Difference.Undefined(a, b, "delong_paired");
        double[] p = Placements(one, x, classes), q = Placements(other, y, classes);
        double up = 0, down = 0;
        for (var i = 0; i < p.Length; i++)
        {
            // Placements of both classes have the mean AUC.
            var gap = q[i] - p[i] - (b - a);
            if (classes[i]) up += gap * gap;
            else down += gap * gap;
        }
        var variance = one.Positives < 2 || one.Negatives < 2 ? 0 : up / (one.Positives - 1) / one.Positives + down / (one.Negatives - 1) / one.Negatives;
        // The same order twice has no variance and no difference; without variance but with a difference the rows count as if they were not paired.
        if (variance <= 1e-24) variance = Math.Abs(b - a) < 1e-12 ? StandIn(a, one) / 2 : StandIn(a, one) + StandIn(b, other);
        return Normal(a, b, variance, level, "delong_paired");
    }

    /// <summary>The variance of an AUC; the stand-in where a perfect order leaves none.</summary>
    public static double Variance(ScoreTally scores)
    {
        var auc = scores.Auc().Value;
        if (double.IsNaN(auc)) return double.NaN;
        double up = 0, down = 0, below = 0, above = scores.Positives;
        for (var i = 0; i < scores.Keys.Length; i++)
        {
            double p = scores.PositivesByKey[i], n = scores.NegativesByKey[i];
            above -= p;
            double beats = (below + n / 2) / scores.Negatives - auc, beaten = (above + p / 2) / scores.Positives - auc;
            up += p * beats * beats;
            down += n * beaten * beaten;
            below += n;
        }
        var variance = scores.Positives < 2 || scores.Negatives < 2 ? 0 : up / (scores.Positives - 1) / scores.Positives + down / (scores.Negatives - 1) / scores.Negatives;
        return variance > 1e-24 ? variance : StandIn(auc, scores);
    }

    /// <summary>For a positive the share of negatives it beats, for a negative the share of positives that beat it; ties half.</summary>
    static double[] Placements(ScoreTally tally, double[] scores, bool[] positive)
    {
        var (beats, beaten) = (new double[tally.Keys.Length], new double[tally.Keys.Length]);
        double below = 0, above = tally.Positives;
        for (var i = 0; i < beats.Length; i++)
        {
            above -= tally.PositivesByKey[i];
            beats[i] = (below + tally.NegativesByKey[i] / 2.0) / tally.Negatives;
            beaten[i] = (above + tally.PositivesByKey[i] / 2.0) / tally.Positives;
            below += tally.NegativesByKey[i];
        }
        var placements = new double[scores.Length];
        for (var i = 0; i < scores.Length; i++) placements[i] = (positive[i] ? beats : beaten)[tally.Keys.BinarySearch(scores[i])];
        return placements;
    }

    static double StandIn(double auc, ScoreTally scores)
    {
        double n = Math.Min(scores.Positives, scores.Negatives), p = (n * auc + 2) / (n + 4);
        return p * (1 - p) / (n + 4);
    }

    static Difference Normal(double a, double b, double variance, double level, string method)
    {
        double gap = b - a, error = Math.Sqrt(variance), half = error * Intervals.Quantile(level);
        return new(a, b, Math.Max(-1, gap - half), Math.Min(1, gap + half), gap == 0 ? 1 : SpecialFunctions.NormalTwoSided(gap / error), method);
    }
}
