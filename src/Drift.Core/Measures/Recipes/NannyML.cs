namespace Drift.Recipes;

/// <summary>NannyML's numbers (0.13).</summary>
/// <remarks>
/// Numeric cells: Doane's rule on the reference alone; mass outside its range is one leftover cell that the reference lacks. Categories: the reference's own, all unseen ones one leftover cell for js
/// and hellinger, each on its own for linf and chi2. NaN and infinities are left out, an empty side gives NaN.
/// Threshold: mean + 3 standard deviations (ddof 0) of the value over the reference's own chunks; chi2 by p &lt; 0.05.
/// </remarks>
public static class NannyML
{
    /// <summary>The reference rows from which ks and wasserstein are estimated on cells.</summary>
    public const int EstimatedFrom = 10_000;

    /// <summary>The equal-width cells over the reference's range that the estimates use.</summary>
    public const int EstimateCells = 10_000;

    /// <summary>Jensen-Shannon distance, base 2.</summary>
    public static double Js(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) =>
        Cells(reference, current) is var (p, q) && p.Length > 0 ? Divergence.Js(p, q) : double.NaN;

    /// <summary>Jensen-Shannon distance, base 2, over the categories of either side.</summary>
    public static double Js(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) =>
        Pooled(reference, current) is var (r, c) && r.Length > 0 ? Divergence.Js(r, c) : double.NaN;

    /// <summary>Hellinger distance.</summary>
    public static double Hellinger(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) =>
        Cells(reference, current) is var (p, q) && p.Length > 0 ? Divergence.Hellinger(p, q) : double.NaN;

    /// <summary>Hellinger distance over the categories of either side.</summary>
    public static double Hellinger(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) =>
        Pooled(reference, current) is var (r, c) && r.Length > 0 ? Divergence.Hellinger(r, c) : double.NaN;

    /// <summary>Two-sample chi-square with Yates' correction for two categories.</summary>
    public static TwoSampleTest ChiSquare(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Contingency.ChiSquareYates(reference, current);

    /// <summary>Kolmogorov-Smirnov distance: exact below 10 000 reference rows, else the largest distance at the right edges of 10 000 equal-width cells.</summary>
    public static double Ks(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        if (x.Length == 0 || y.Length == 0) return double.NaN;
        return x.Length >= EstimatedFrom
            ? EstimatedKs(x, y, EstimateCells)
            : KolmogorovSmirnov.TestSorted(x, y, Alternative.TwoSided, PValueMethod.Asymptotic).Statistic;
    }

    /// <summary>Wasserstein's W1: exact below 10 000 reference rows, else estimated on 10 000 equal-width cells.</summary>
    public static double Wasserstein(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        if (x.Length == 0 || y.Length == 0) return double.NaN;
        return x.Length >= EstimatedFrom ? EstimatedWasserstein(x, y, EstimateCells) : Drift.Wasserstein.DistanceSorted(x, y);
    }

    /// <summary>mean + 3 standard deviations (ddof 0): the upper threshold from the reference's own chunks.</summary>
    public static double Threshold(ReadOnlySpan<double> chunkValues)
    {
        if (chunkValues.IsEmpty) return double.NaN;
        var (mean, deviation) = NumpyHistogram.MeanAndDeviation(chunkValues);
        return mean + 3 * deviation;
    }

    internal static double EstimatedKs(double[] x, double[] y, int cells)
    {
        var edges = NumpyHistogram.Edges(x[0], x[^1], cells);
        long[] r = NumpyHistogram.Counts(x, edges), c = NumpyHistogram.Counts(y, edges);
        long f = 0, g = Array.FindIndex(y, v => v >= edges[0]) is var first && first < 0 ? y.Length : first;
        var largest = 0.0;
        for (var i = 0; i < r.Length; i++)
        {
            (f, g) = (f + r[i], g + c[i]);
            largest = Math.Max(largest, Math.Abs(f / (double)x.Length - g / (double)y.Length));
        }
        return largest;
    }

    // Mass outside the range keeps its own distances, weighted (k + 1)/m: the nearest edge counts as one more value, as in the original.
    internal static double EstimatedWasserstein(double[] x, double[] y, int cells)
    {
        var edges = NumpyHistogram.Edges(x[0], x[^1], cells);
        double m = y.Length, width = edges[1] - edges[0];
        var below = y.TakeWhile(v => v < edges[0]).ToArray();
        var above = y.SkipWhile(v => v <= edges[^1]).ToArray();
        var weightBelow = below.Length > 0 ? (below.Length + 1) / m : 0;
        var sum = new CompensatedSum();
        // Below: the distribution function of the values and the edge, integrated; above: one less it.
        for (var i = 0; i < below.Length; i++)
            sum.Add(weightBelow * ((i + 1.0) / (below.Length + 1)) * ((i + 1 < below.Length ? below[i + 1] : edges[0]) - below[i]));
        for (var i = 0; i < above.Length; i++)
            sum.Add((above.Length + 1) / m * (1 - (i + 1.0) / (above.Length + 1)) * (above[i] - (i > 0 ? above[i - 1] : edges[^1])));
        long[] r = NumpyHistogram.Counts(x, edges), c = NumpyHistogram.Counts(y, edges);
        long f = 0, g = 0;
        for (var i = 0; i < r.Length; i++)
        {
            (f, g) = (f + r[i], g + c[i]);
            sum.Add(Math.Abs(f / (double)x.Length - (g / m + weightBelow)) * width);
        }
        return sum.Value;
    }

    static (double[] Reference, double[] Current) Cells(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        if (x.Length == 0 || y.Length == 0) return ([], []);
        var edges = NumpyHistogram.Doane(x);
        long[] r = NumpyHistogram.Counts(x, edges), c = NumpyHistogram.Counts(y, edges);
        var leftover = y.Length - c.Sum();
        double[] p = NumpyHistogram.Shares(r, x.Length), q = NumpyHistogram.Shares(c, y.Length);
        return leftover == 0 ? (p, q) : ([.. p, 0], [.. q, leftover / (double)y.Length]);
    }

    // The categories that only the current side has become one.
    static (long[] Reference, long[] Current) Pooled(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        if (reference.Length != current.Length)
            throw new ArgumentException($"the two sides must have the same cells, but have {reference.Length} and {current.Length}", nameof(current));
        List<long> r = [], c = [];
        long unseen = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            if (reference[i] == 0)
            {
                unseen += current[i];
                continue;
            }
            r.Add(reference[i]);
            c.Add(current[i]);
        }
        if (r.Count == 0 || c.Sum() + unseen == 0) return ([], []);
        return unseen == 0 ? ([.. r], [.. c]) : ([.. r, 0], [.. c, unseen]);
    }
}
