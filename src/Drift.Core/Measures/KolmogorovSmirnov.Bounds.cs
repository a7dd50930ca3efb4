namespace Drift;

public static partial class KolmogorovSmirnov
{
    /// <summary>
    /// What two histograms over the same cells tell about D: it lies between Lower and Upper, whatever the values inside the cells were.
    /// </summary>
    /// <remarks>
    /// With F and G the shares strictly below each edge: Lower = max over edges of |F - G|; Upper = max over cells of max(F(k+1) - G(k), G(k+1) - F(k)), cells of a
    /// single value excepted, for there D is reached at an edge. Everything below, above and infinite counts; null and NaN do not. The p-value is that of Lower by
    /// the law for large samples at the effective sizes n / D and m / D, so it is never too small. An empty side gives NaN.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The cells differ.</exception>
    public static (double Lower, double Upper, double PValue) Bounds(Histogram reference, Histogram current, double designEffect = 1)
    {
        Cells.Match(reference, current);
        double n = reference.Values, m = current.Values;
        if (n == 0 || m == 0) return (double.NaN, double.NaN, double.NaN);
        var walk = new Walk(n, m);
        walk.Step(reference.NegativeInfinity, current.NegativeInfinity, single: true);
        walk.Step(reference.Below, current.Below, single: false);
        ReadOnlySpan<double> edges = reference.Binning.Edges;
        ReadOnlySpan<long> r = reference.Counts, c = current.Counts;
        for (var i = 0; i < r.Length; i++) walk.Step(r[i], c[i], edges[i + 1] == Math.BitIncrement(edges[i]));
        walk.Step(reference.Above, current.Above, single: false);
        walk.Step(reference.PositiveInfinity, current.PositiveInfinity, single: true);
        return (walk.Lower, Math.Max(walk.Lower, Math.Min(1, walk.Upper)), AsymptoticPValue(walk.Lower, n / designEffect, m / designEffect, Alternative.TwoSided));
    }

    /// <summary>Both distribution functions from left to right.</summary>
    struct Walk(double n, double m)
    {
        long f, g;

        public double Lower, Upper;

        public void Step(long r, long c, bool single)
        {
            if ((r | c) == 0) return;
            double before = f / n, beforeG = g / m;
            f += r;
            g += c;
            double after = f / n, afterG = g / m;
            Lower = Math.Max(Lower, Math.Abs(after - afterG));
            if (!single) Upper = Math.Max(Upper, Math.Max(after - beforeG, afterG - before));
        }
    }
}
