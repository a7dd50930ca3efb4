namespace Drift.Recipes;

/// <summary>Frouros' numbers (0.9), on equal-width cells over the pooled range. NaN and infinities are left out, an empty side gives NaN.</summary>
public static class Frouros
{
    /// <summary>What a share of zero becomes in psi: the least normal double.</summary>
    public const double Zero = 2.2250738585072014e-308;

    const double Epsilon = 2.220446049250313e-16;

    /// <summary>Population stability index; zero shares become 2.2e-308, which one empty cell turns into dozens of units.</summary>
    public static double Psi(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int cells = 10)
    {
        if (!Count(reference, current, cells, out var r, out var c)) return double.NaN;
        double[] p = NumpyHistogram.Shares(r, r.Sum()), q = NumpyHistogram.Shares(c, c.Sum());
        for (var i = 0; i < p.Length; i++) (p[i], q[i]) = (Math.Max(p[i], Zero), Math.Max(q[i], Zero));
        return NumpyHistogram.Psi(p, q);
    }

    /// <summary>Hellinger distance on the same cells.</summary>
    public static double Hellinger(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int cells = 10) =>
        Count(reference, current, cells, out var r, out var c) ? Divergence.Hellinger(r, c) : double.NaN;

    /// <summary>Bhattacharyya distance on the same cells, shares raised by 2.22e-16.</summary>
    public static double Bhattacharyya(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int cells = 10)
    {
        if (!Count(reference, current, cells, out var r, out var c)) return double.NaN;
        double[] p = NumpyHistogram.Shares(r, r.Sum()), q = NumpyHistogram.Shares(c, c.Sum());
        var overlap = new CompensatedSum();
        for (var i = 0; i < p.Length; i++) overlap.Add(Math.Sqrt((p[i] + Epsilon) * (q[i] + Epsilon)));
        return Math.Abs(Math.Log(Math.Clamp(overlap.Value, 0, 1)));
    }

    /// <summary>1 - histogram intersection: the total variation distance on the same cells.</summary>
    public static double IntersectionComplement(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int cells = 10) =>
        Count(reference, current, cells, out var r, out var c) ? Divergence.TotalVariation(r, c) : double.NaN;

    /// <summary>
    /// KL(current || reference) in nats over shares of a density: each side's own histogram, by numpy's rule auto, as a distribution function of straight pieces, cut at <paramref name="points"/> equal steps over the
    /// pooled range. No zero rule: infinite where the reference has none; NaN where
    /// the rule asks for more than a million cells.
    /// </summary>
    public static double Kl(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int points = 10)
    {
        if (!Densities(reference, current, points, out var p, out var q)) return double.NaN;
        var sum = new CompensatedSum();
        for (var i = 0; i < p.Length; i++)
            if (q[i] > 0) sum.Add(p[i] > 0 ? q[i] * Math.Log(q[i] / p[i]) : double.PositiveInfinity);
        return sum.Value;
    }

    /// <summary>Jensen-Shannon distance in nats over the same shares, renormalised.</summary>
    public static double Js(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int points = 10) =>
        Densities(reference, current, points, out var p, out var q) ? Math.Sqrt(Divergence.JsDivergence(p, q, Math.E)) : double.NaN;

    static bool Densities(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int points, out double[] p, out double[] q)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        (p, q) = ([], []);
        if (x.Length == 0 || y.Length == 0) return false;
        var cuts = NumpyHistogram.Edges(Math.Min(x[0], y[0]), Math.Max(x[^1], y[^1]), points - 1);
        if (x[0] == y[^1] && x[^1] == y[0]) Array.Fill(cuts, x[0]);
        double[] before = NumpyHistogram.Auto(x), now = NumpyHistogram.Auto(y);
        if (before.Length == 0 || now.Length == 0 || !double.IsFinite(cuts[^1] - cuts[0])) return false;
        (p, q) = (Density(x, before, cuts), Density(y, now, cuts));
        return true;
    }

    static double[] Density(double[] sorted, double[] edges, double[] cuts)
    {
        var counts = NumpyHistogram.Counts(sorted, edges);
        var below = new double[edges.Length];
        for (var i = 0; i < counts.Length; i++) below[i + 1] = below[i] + counts[i] / (double)sorted.Length;
        var shares = new double[cuts.Length - 1];
        for (var i = 0; i < shares.Length; i++) shares[i] = Below(cuts[i + 1]) - Below(cuts[i]);
        return shares;

        double Below(double value)
        {
            if (value < edges[0]) return 0;
            if (value >= edges[^1]) return 1;
            var at = Array.BinarySearch(edges, value);
            if (at < 0) at = ~at - 1;
            return below[at] + (value - edges[at]) / (edges[at + 1] - edges[at]) * (below[at + 1] - below[at]);
        }
    }

    static bool Count(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int cells, out long[] r, out long[] c)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        (r, c) = ([], []);
        if (x.Length == 0 || y.Length == 0) return false;
        var edges = NumpyHistogram.Edges(Math.Min(x[0], y[0]), Math.Max(x[^1], y[^1]), cells);
        (r, c) = (NumpyHistogram.Counts(x, edges), NumpyHistogram.Counts(y, edges));
        return true;
    }
}
