namespace Drift.Recipes;

/// <summary>Evidently's numbers (0.7): its binning, its zero fill and its directions.</summary>
/// <remarks>
/// A numeric column with more than 20 distinct reference values is cut into equal widths over the pooled range, as many as Sturges' rule says of the
/// pooled sample; otherwise each distinct value is a cell. Counts are given over the categories of either side. NaN and infinities are left out, an empty side gives NaN.
/// Zero fill of psi and kl, per side: with s the smallest non-zero share, a zero becomes 0.0001 if s > 0.0001, else s / 1e6. Default thresholds: p-values 0.05, distances 0.1.
/// </remarks>
public static class Evidently
{
    /// <summary>The distinct reference values up to which each is a cell.</summary>
    public const int MostValueCells = 20;

    /// <summary>Population stability index: sum (p - q) ln(p/q) of the filled shares, not renormalised.</summary>
    public static double Psi(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) =>
        Cells(reference, current) is var (r, c, n, m) && n > 0 && m > 0 ? NumpyHistogram.Psi(Filled(r, n), Filled(c, m)) : double.NaN;

    /// <inheritdoc cref="Psi(ReadOnlySpan{double}, ReadOnlySpan{double})"/>
    public static double Psi(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) =>
        Sums(reference, current) is var (n, m) && n > 0 && m > 0 ? NumpyHistogram.Psi(Filled(reference, n), Filled(current, m)) : double.NaN;

    /// <summary>KL(reference || current) of the filled shares, renormalised, in nats.</summary>
    public static double Kl(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) =>
        Cells(reference, current) is var (r, c, n, m) && n > 0 && m > 0 ? Divergence.Kl(Filled(r, n), Filled(c, m)) : double.NaN;

    /// <inheritdoc cref="Kl(ReadOnlySpan{double}, ReadOnlySpan{double})"/>
    public static double Kl(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) =>
        Sums(reference, current) is var (n, m) && n > 0 && m > 0 ? Divergence.Kl(Filled(reference, n), Filled(current, m)) : double.NaN;

    /// <summary>Jensen-Shannon distance in nats: range 0 to sqrt(ln 2) = 0.8326; no fill.</summary>
    public static double Js(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) =>
        Cells(reference, current) is var (r, c, n, m) && n > 0 && m > 0 ? Js(r, c) : double.NaN;

    /// <inheritdoc cref="Js(ReadOnlySpan{double}, ReadOnlySpan{double})"/>
    public static double Js(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Math.Sqrt(Divergence.JsDivergence(reference, current, Math.E));

    /// <summary>Hellinger distance sqrt(1 - sum sqrt(p q)); a numeric column's cells are Sturges' over its distinct pooled values, whatever their number.</summary>
    public static double Hellinger(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        if (x.Length == 0 || y.Length == 0) return double.NaN;
        double min = Math.Min(x[0], y[0]), max = Math.Max(x[^1], y[^1]);
        if (min == max) return 1;   // its cell has width 0 there
        var edges = NumpyHistogram.Sturges(min, max, NumpyHistogram.PerValue(x, y).Reference.Length);
        return Divergence.Hellinger(NumpyHistogram.Counts(x, edges), NumpyHistogram.Counts(y, edges));
    }

    /// <summary>One-sample chi-square against the scaled reference counts (<see cref="Contingency.GoodnessOfFit"/>): a category that the reference never saw gives p = 0.</summary>
    public static TwoSampleTest ChiSquare(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Contingency.GoodnessOfFit(reference, current);

    /// <summary>One-sample G = 2 sum c ln(c/e) against the scaled reference counts e; chi-square with cells - 1 degrees of freedom.</summary>
    public static TwoSampleTest GTest(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        var (n, m) = Sums(reference, current);
        if (n == 0 || m == 0) return TwoSampleTest.NotApplicable;
        var sum = new CompensatedSum();
        var cells = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            if (reference[i] + current[i] == 0) continue;
            cells++;
            var expected = reference[i] * (m / (double)n);
            sum.Add(expected == 0 ? double.PositiveInfinity : SpecialFunctions.Deviance(current[i], expected));
        }
        return new(2 * sum.Value, SpecialFunctions.ChiSquareSurvival(2 * sum.Value, cells - 1));
    }

    /// <summary>Two-proportion z of the first category (reference less current), pooled, two-sided.</summary>
    public static TwoSampleTest ZTest(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        var (n, m) = Sums(reference, current);
        return n == 0 || m == 0 ? TwoSampleTest.NotApplicable : Rates.ZTest(current[0], m, reference[0], n);
    }

    /// <summary>
    /// The test that Evidently takes when none is named, by canonical name: up to 1000 reference rows ks (numeric with more than 5 distinct pooled values), else z_test for at most two values and chi2;
    /// beyond 1000 rows wasserstein_norm (numeric with more than 5 distinct pooled values), else js.
    /// </summary>
    /// <param name="numeric">Whether the column is numeric.</param>
    /// <param name="referenceRows">The reference's rows.</param>
    /// <param name="distinct">The distinct values of both sides together.</param>
    public static string DefaultTest(bool numeric, long referenceRows, int distinct) =>
        referenceRows > 1000 ? numeric && distinct > 5 ? "wasserstein_norm" : "js"
        : numeric && distinct > 5 ? "ks"
        : distinct > 2 ? "chi2" : "z_test";

    static (long[] Reference, long[] Current, long N, long M) Cells(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] x = NumpyHistogram.SortedFinite(reference), y = NumpyHistogram.SortedFinite(current);
        if (x.Length == 0 || y.Length == 0) return ([], [], x.Length, y.Length);
        if (NumpyHistogram.Distinct(x) <= MostValueCells)
        {
            var (r, c) = NumpyHistogram.PerValue(x, y);
            return (r, c, x.Length, y.Length);
        }
        var edges = NumpyHistogram.Sturges(Math.Min(x[0], y[0]), Math.Max(x[^1], y[^1]), x.Length + y.Length);
        return (NumpyHistogram.Counts(x, edges), NumpyHistogram.Counts(y, edges), x.Length, y.Length);
    }

    static double[] Filled(ReadOnlySpan<long> counts, long rows)
    {
        var shares = NumpyHistogram.Shares(counts, rows);
        var least = double.PositiveInfinity;
        foreach (var share in shares)
            if (share > 0) least = Math.Min(least, share);
        var fill = least <= 0.0001 ? least / 1e6 : 0.0001;
        for (var i = 0; i < shares.Length; i++)
            if (shares[i] == 0) shares[i] = fill;
        return shares;
    }

    static (long N, long M) Sums(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        if (reference.Length != current.Length)
            throw new ArgumentException($"the two sides must have the same cells, but have {reference.Length} and {current.Length}", nameof(current));
        long n = 0, m = 0;
        for (var i = 0; i < reference.Length; i++) (n, m) = (n + reference[i], m + current[i]);
        return (n, m);
    }
}
