namespace Drift.Recipes;

/// <summary>Deepchecks' numbers (0.17).</summary>
/// <remarks>
/// Categories under 1 % of the first sample are merged into one. An empty side gives NaN. Default measures: cramers_v (categorical), ks (numeric); both drift from 0.2 on.
/// </remarks>
public static class Deepchecks
{
    /// <summary>The share that both sides are raised to in psi, and under which a category of the first sample is merged into "other".</summary>
    public const double LeastShare = 0.01;

    /// <summary>Population stability index of shares floored at 0.01, not renormalised.</summary>
    public static double Psi(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        var (r, c) = Merged(reference, current);
        long n = r.Sum(), m = c.Sum();
        if (n == 0 || m == 0) return double.NaN;
        double[] p = NumpyHistogram.Shares(r, n), q = NumpyHistogram.Shares(c, m);
        for (var i = 0; i < p.Length; i++) (p[i], q[i]) = (Math.Max(p[i], LeastShare), Math.Max(q[i], LeastShare));
        return NumpyHistogram.Psi(p, q);
    }

    /// <summary>Bergsma's bias-corrected Cramer's V after the larger side is scaled down to the smaller one; chi-square with Yates' correction for two categories; one category gives 0.</summary>
    public static double CramersV(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        var (r, c) = Merged(reference, current);
        double n = r.Sum(), m = c.Sum();
        if (n == 0 || m == 0) return double.NaN;
        double size = Math.Min(n, m), all = 2 * size, columns = 0, chi = 0;
        for (var i = 0; i < r.Length; i++)
            if (r[i] + c[i] > 0) columns++;
        if (columns < 2) return 0;
        for (var i = 0; i < r.Length; i++)
        {
            double a = r[i] * (size / n), b = c[i] * (size / m), expected = (a + b) / 2;
            if (expected == 0) continue;
            var miss = Math.Abs(a - b) / 2;
            if (columns == 2) miss -= Math.Min(0.5, miss);
            chi += 2 * miss * miss / expected;
        }
        var excess = Math.Max(0, chi / all - (columns - 1) / (all - 1));
        var least = Math.Min(2 - 1 / (all - 1), columns - (columns - 1) * (columns - 1) / (all - 1)) - 1;
        return least > 0 ? Math.Sqrt(excess / least) : 0;
    }

    /// <summary>W1 of values scaled to [0, 1] over the pooled range; 0 when there is one value.</summary>
    public static double EarthMover(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        if (x.Length == 0 || y.Length == 0) return double.NaN;
        double min = Math.Min(x[0], y[0]), max = Math.Max(x[^1], y[^1]);
        return min == max ? 0 : Wasserstein.DistanceSorted(x, y) / (max - min);
    }

    static (long[] Reference, long[] Current) Merged(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        if (reference.Length != current.Length)
            throw new ArgumentException($"the two sides must have the same cells, but have {reference.Length} and {current.Length}", nameof(current));
        long n = 0, otherR = 0, otherC = 0;
        foreach (var count in reference) n += count;
        List<long> r = [], c = [];
        for (var i = 0; i < reference.Length; i++)
        {
            if (reference[i] < LeastShare * n) (otherR, otherC) = (otherR + reference[i], otherC + current[i]);
            else
            {
                r.Add(reference[i]);
                c.Add(current[i]);
            }
        }
        return otherR + otherC == 0 ? ([.. r], [.. c]) : ([.. r, otherR], [.. c, otherC]);
    }
}
