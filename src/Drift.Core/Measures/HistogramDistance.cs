namespace Drift;

/// <summary>Wasserstein's distance from histograms.</summary>
static class HistogramDistance
{
    /// <summary>
    /// W1 = integral of |F - G| over the finite values, in units of the column. Mass is spread evenly inside a cell, or stands on the cell's left edge where the side's own
    /// mean says so (columns of few distinct values); mass below and above reaches to the smallest and the largest value seen.
    /// Never below |mean - mean|, which the moments give exactly. Infinite values are left out. NaN when a side has no finite value.
    /// </summary>
    public static double Wasserstein(Histogram reference, Histogram current)
    {
        Cells.Match(reference, current);
        Moments left = reference.Moments, right = current.Moments;
        if (left.N == 0 || right.N == 0) return double.NaN;
        bool pointsR = StandsOnEdges(reference, fallback: false), pointsC = StandsOnEdges(current, pointsR);
        double n = reference.InRange + reference.Below + reference.Above, m = current.InRange + current.Below + current.Above;
        var edges = reference.Binning.Edges;
        var walk = new Integral(n, m);
        walk.Step(Math.Max(0, edges[0] - Math.Min(left.Min, right.Min)), reference.Below, current.Below, false, false);
        for (var i = 0; i < reference.Counts.Length; i++) walk.Step(edges[i + 1] - edges[i], reference.Counts[i], current.Counts[i], pointsR, pointsC);
        walk.Step(Math.Max(0, Math.Max(left.Max, right.Max) - edges[^1]), reference.Above, current.Above, false, false);
        return Math.Max(walk.Sum, Math.Abs(left.Mean - right.Mean));
    }

    /// <summary>Whether all values in the cells are the cells' left edges, judged by the mean.</summary>
    static bool StandsOnEdges(Histogram side, bool fallback)
    {
        if (side.Below + side.Above > 0 || side.InRange == 0) return fallback;
        var edges = side.Binning.Edges;
        double weighted = 0, scale = 0;
        for (var i = 0; i < side.Counts.Length; i++)
        {
            weighted += side.Counts[i] * (edges[i] / side.InRange);
            scale += side.Counts[i] * (Math.Abs(edges[i]) / side.InRange);
        }
        return Math.Abs(weighted - side.Moments.Mean) <= 1e-9 * scale;
    }

    struct Integral(double n, double m)
    {
        long f, g;

        public double Sum;

        public void Step(double width, long r, long c, bool pointR, bool pointC)
        {
            double from = (f + (pointR ? r : 0)) / n - (g + (pointC ? c : 0)) / m;
            f += r;
            g += c;
            if (width == 0) return;
            double to = f / n - g / m, a = Math.Abs(from), b = Math.Abs(to);
            // |linear function|: a trapezoid, or two triangles when it crosses 0.
            Sum += width * (from * to >= 0 ? (a + b) / 2 : (a * a + b * b) / (2 * (a + b)));
        }
    }
}
