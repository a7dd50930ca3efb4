namespace Drift.Recipes;

/// <summary>Deequ's numbers. An empty side gives NaN.</summary>
public static class Deequ
{
    /// <summary>What deequ takes off for small samples: 1.8 sqrt((n + m)/(nm)).</summary>
    public static double Correction(double n, double m) => 1.8 * Math.Sqrt((n + m) / (n * m));

    /// <summary>Robust L-infinity of a numeric column: max(0, D - 1.8 sqrt((n+m)/(nm))) with Kolmogorov and Smirnov's D.</summary>
    public static double LInfinity(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        if (x.Length == 0 || y.Length == 0) return double.NaN;
        var (above, below) = KolmogorovSmirnov.Extremes(x, y);
        return Math.Max(0, Math.Max(above, below) / ((double)x.Length * y.Length) - Correction(x.Length, y.Length));
    }

    /// <summary>Robust L-infinity of categories: max(0, largest difference of shares - 1.8 sqrt((n+m)/(nm))).</summary>
    public static double LInfinity(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        double n = 0, m = 0;
        foreach (var count in reference) n += count;
        foreach (var count in current) m += count;
        return Math.Max(0, Divergence.LInfinity(reference, current) - Correction(n, m));
    }

    /// <summary>Population stability index without zero handling: a cell that only one side has gives infinity.</summary>
    public static double Psi(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Divergence.Psi(reference, current, smoothing: 0);
}

/// <summary>TensorFlow Data Validation's numbers. NaN and infinities are left out, an empty side gives NaN.</summary>
public static class Tfdv
{
    const int Buckets = 10;

    /// <summary>
    /// Jensen-Shannon divergence in bits (not its root), 0 to 1: each side is cut into 10 equal widths of its own, the edges are united, and a bucket's mass is spread evenly over the parts of
    /// it that the other side's edges cut. A side of one value stands on that point.
    /// </summary>
    public static double JsDivergence(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        if (x.Length == 0 || y.Length == 0) return double.NaN;
        double[] a = Edges(x), b = Edges(y);
        double[] edges = [.. a.Concat(b).Distinct().Order()];
        return Divergence.JsDivergence(Spread(x, a, edges), Spread(y, b, edges));
    }

    /// <summary>L-infinity of categories: the largest difference of shares.</summary>
    public static double LInfinity(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Divergence.LInfinity(reference, current);

    static double[] Edges(double[] sorted) =>
        sorted[0] == sorted[^1] ? [sorted[0], Math.BitIncrement(sorted[0])] : NumpyHistogram.Edges(sorted[0], sorted[^1], Buckets);

    static double[] Spread(double[] sorted, double[] own, double[] edges)
    {
        var counts = NumpyHistogram.Counts(sorted, own);
        var shares = new double[edges.Length - 1];
        var bucket = 0;
        for (var i = 0; i < shares.Length; i++)
        {
            if (edges[i] < own[0] || edges[i] >= own[^1]) continue;
            while (edges[i] >= own[bucket + 1]) bucket++;
            shares[i] = counts[bucket] * ((edges[i + 1] - edges[i]) / (own[bucket + 1] - own[bucket]));
        }
        return shares;
    }
}

/// <summary>Scouter's numbers. NaN and infinities are left out, an empty side gives NaN.</summary>
public static class Scouter
{
    /// <summary>What is added to every share of both sides.</summary>
    public const double Added = 1e-10;

    /// <summary>Population stability index over the reference's deciles, cells (lo, hi], open at both ends; 1e-10 added to both sides, not renormalised.</summary>
    public static double Psi(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        if (x.Length == 0 || y.Length == 0) return double.NaN;
        var cuts = Quantiles.Cuts(x, 10).AsSpan(1, 9);
        return Psi(Counts(x, cuts), Counts(y, cuts));
    }

    /// <summary>Population stability index of categories; 1e-10 added to both sides, not renormalised.</summary>
    public static double Psi(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        long n = 0, m = 0;
        foreach (var count in reference) n += count;
        foreach (var count in current) m += count;
        if (n == 0 || m == 0) return double.NaN;
        double[] p = NumpyHistogram.Shares(reference, n), q = NumpyHistogram.Shares(current, m);
        for (var i = 0; i < p.Length; i++) (p[i], q[i]) = (p[i] + Added, q[i] + Added);
        return NumpyHistogram.Psi(p, q);
    }

    static long[] Counts(double[] sorted, ReadOnlySpan<double> cuts)
    {
        var counts = new long[cuts.Length + 1];
        var cell = 0;
        foreach (var value in sorted)
        {
            while (cell < cuts.Length && value > cuts[cell]) cell++;
            counts[cell]++;
        }
        return counts;
    }
}
