namespace Drift.Recipes;

/// <summary>Azure Machine Learning model monitoring's numbers.</summary>
/// <remarks>
/// Numeric cells: equal widths over the pooled range, ceil(log2(min(n, m)) + 1) of them; a constant column is one cell. NaN and infinities are left out, an empty side gives
/// NaN. Default measures and thresholds: wasserstein_norm 0.1 (numeric), js 0.1 (categorical).
/// </remarks>
public static class AzureML
{
    /// <summary>Population stability index with Laplace's smoothing: shares (count + 1)/(N + B).</summary>
    public static double Psi(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) =>
        Cells(reference, current) is var (r, c) && r.Length > 0 ? Psi(r, c) : double.NaN;

    /// <inheritdoc cref="Psi(ReadOnlySpan{double}, ReadOnlySpan{double})"/>
    public static double Psi(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Divergence.Psi(reference, current, smoothing: 1);

    /// <summary>Jensen-Shannon distance, base 2, without smoothing.</summary>
    public static double Js(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) =>
        Cells(reference, current) is var (r, c) && r.Length > 0 ? Divergence.Js(r, c) : double.NaN;

    /// <summary>W1 divided by the reference's standard deviation (ddof 1, at least 0.001).</summary>
    public static double WassersteinNormalised(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        if (x.Length < 2 || y.Length == 0) return double.NaN;
        var deviation = NumpyHistogram.MeanAndDeviation(x).Deviation * Math.Sqrt(x.Length / (x.Length - 1.0));
        return Wasserstein.DistanceSorted(x, y) / Math.Max(deviation, Wasserstein.LeastDeviation);
    }

    /// <summary>Pearson's chi-square.</summary>
    public static TwoSampleTest ChiSquare(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Contingency.GoodnessOfFit(reference, current);

    static (long[] Reference, long[] Current) Cells(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        if (x.Length == 0 || y.Length == 0) return ([], []);
        double min = Math.Min(x[0], y[0]), max = Math.Max(x[^1], y[^1]);
        if (min == max) return ([x.Length], [y.Length]);
        var edges = NumpyHistogram.Edges(min, max, (int)Math.Ceiling(Math.Log2(Math.Min(x.Length, y.Length)) + 1));
        return (NumpyHistogram.Counts(x, edges), NumpyHistogram.Counts(y, edges));
    }
}
