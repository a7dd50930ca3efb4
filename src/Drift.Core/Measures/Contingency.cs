namespace Drift;

/// <summary>Tests of "both sides fall into the cells with the same shares" on counts, and the strength of the association.</summary>
/// <remarks>
/// A cell that neither side has takes no part. The degrees of freedom are the cells that take part minus 1; with fewer than two cells nothing can differ: statistic 0,
/// p = 1. A side without a row gives NaN. The p-values assume independent rows and about 5 expected rows per cell. Counts are corrected by Yates only where a name says so. Default threshold: p &lt; 0.01 after adjustment. Sources: K. Pearson 1900; S. Wilks 1938 (g_test); W. Bergsma 2013 (V).
/// </remarks>
public static partial class Contingency
{
    /// <summary>Pearson's two-sample chi-square: sum of (observed - expected)^2 / expected over the 2 x cells table. 0 to n + m; scipy's <c>chi2_contingency(correction=False)</c>.</summary>
    /// <remarks>
    /// By <see cref="PValueMethod.Auto"/>, with more than 200 rows on a side and a cell that expects fewer than 5, a p-value under 0.05 is at least that of a scaled chi-square with the exact conditional mean and variance (Haldane 1940): cells
    /// that expect less than one row double the false alarms at 0.001 when the sides differ tenfold in size.
    /// </remarks>
    /// <param name="reference">Counts of the reference.</param>
    /// <param name="current">Counts of the current side, the same cells.</param>
    /// <param name="designEffect">By how much dependence between rows inflates the statistic, at least 1: the p-value divides by it.</param>
    /// <param name="method">Asymptotic: always the chi-square law, as scipy. Auto: wider where sparse cells would decide.</param>
    public static TwoSampleTest ChiSquare(ReadOnlySpan<long> reference, ReadOnlySpan<long> current, double designEffect = 1, PValueMethod method = PValueMethod.Auto)
    {
        if (!Margins(reference, current, out var n, out var m, out var cells)) return TwoSampleTest.NotApplicable;
        double sum = 0, root = Math.Sqrt(n * m), least = double.PositiveInfinity, reciprocals = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            double r = reference[i], c = current[i];
            if (r + c == 0) continue;
            var difference = (r * m - c * n) / root; // exactly 0 for equal shares
            sum += difference * difference / (r + c);
            least = Math.Min(least, r + c);
            reciprocals += 1 / (r + c);
        }
        var test = Test(sum, cells, designEffect);
        // Only where it decides: elsewhere the p-value stays what the law for full cells says.
        var sparse = method != PValueMethod.Asymptotic && test.PValue < DecidesUnder && cells > 1 && Math.Max(n, m) > TiedRanks.PublishedUpTo && least * Math.Min(n, m) / (n + m) < LeastExpected;
        return sparse ? test with { PValue = Math.Max(test.PValue, SparseSurvival(sum / designEffect, n, m, cells, reciprocals)) } : test;
    }

    /// <summary>The likelihood-ratio test: G = 2 sum of observed ln(observed / expected) over the 2 x cells table; 0 ln 0 = 0.</summary>
    /// <param name="reference">Counts of the reference.</param>
    /// <param name="current">Counts of the current side, the same cells.</param>
    /// <param name="designEffect">By how much dependence between rows inflates the statistic, at least 1: the p-value divides by it.</param>
    public static TwoSampleTest GTest(ReadOnlySpan<long> reference, ReadOnlySpan<long> current, double designEffect = 1)
    {
        if (!Margins(reference, current, out var n, out var m, out var cells)) return TwoSampleTest.NotApplicable;
        double sum = 0, shareR = n / (n + m), shareC = m / (n + m);
        for (var i = 0; i < reference.Length; i++)
        {
            double r = reference[i], c = current[i];
            if (r + c == 0) continue;
            // o ln(o/e) + e - o instead of o ln(o/e): the same sum, but never negative, so large and nearly equal counts keep their digits.
            sum += SpecialFunctions.Deviance(r, (r + c) * shareR) + SpecialFunctions.Deviance(c, (r + c) * shareC);
        }
        return Test(2 * sum, cells, designEffect);
    }

    /// <summary>
    /// Cramer's V of the 2 x cells table, bias-corrected (Bergsma 2013): sqrt(max(0, phi2 - (B-1)/(N-1)) / min(B', 2') - 1), with the table's sides corrected likewise.
    /// 0 to 1; 0 is what no association gives on average, whatever the size. NaN when a side has no row.
    /// </summary>
    public static double CramersV(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        if (!Margins(reference, current, out var n, out var m, out var cells)) return double.NaN;
        if (cells < 2) return 0;
        double all = n + m, columns = cells;
        if (all < 3) return double.NaN;
        var phi = Math.Max(0, ChiSquare(reference, current, method: PValueMethod.Asymptotic).Statistic / all - (columns - 1) / (all - 1));
        double side = columns - (columns - 1) * (columns - 1) / (all - 1), two = 2 - 1 / (all - 1);
        var least = Math.Min(side, two) - 1;
        return least > 0 ? Math.Min(1, Math.Sqrt(phi / least)) : 0;
    }

    static TwoSampleTest Test(double statistic, int cells, double designEffect) =>
        cells < 2 ? new(0, 1) : new(statistic, SpecialFunctions.ChiSquareSurvival(statistic / designEffect, cells - 1));

    static bool Margins(ReadOnlySpan<long> reference, ReadOnlySpan<long> current, out double n, out double m, out int cells)
    {
        if (reference.Length != current.Length)
            throw new ArgumentException($"the two sides must have the same cells, but have {reference.Length} and {current.Length}", nameof(current));
        long r = 0, c = 0;
        cells = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            if ((reference[i] | current[i]) < 0) throw new ArgumentOutOfRangeException(nameof(reference), $"cell {i} has a negative count");
            r += reference[i];
            c += current[i];
            if (reference[i] + current[i] > 0) cells++;
        }
        (n, m) = (r, c);
        return r > 0 && c > 0;
    }
}
