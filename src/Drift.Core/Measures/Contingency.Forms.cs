namespace Drift;

public static partial class Contingency
{
    /// <summary>Pearson's two-sample chi-square with Yates' correction when there are two cells: every count moves by up to 1/2 towards its expectation.</summary>
    /// <remarks>What scipy's <c>chi2_contingency</c> does unless told otherwise, and NannyML with it. It makes the test conservative, so Drift's own measure does without.</remarks>
    public static TwoSampleTest ChiSquareYates(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        if (!Margins(reference, current, out var n, out var m, out var cells)) return TwoSampleTest.NotApplicable;
        if (cells != 2) return ChiSquare(reference, current, method: PValueMethod.Asymptotic);
        double sum = 0, all = n + m;
        for (var i = 0; i < reference.Length; i++)
        {
            double r = reference[i], c = current[i];
            if (r + c == 0) continue;
            // Both sides miss their expectation by the same number of rows.
            var miss = Math.Max(0, Math.Abs(r * m - c * n) / all - 0.5);
            sum += miss * miss * all / (r + c) * (1 / n + 1 / m);
        }
        return Test(sum, cells, designEffect: 1);
    }

    /// <summary>One-sample chi-square: the reference's shares p are taken as exact; sum of (c - p m)^2 / (p m) with cells - 1 degrees of freedom; scipy's <c>chisquare</c>.</summary>
    /// <remarks>
    /// Some systems call this the chi-square test of two samples. It leaves out the reference's own sampling error, so it rejects far too often unless the reference
    /// is much larger than the current side; a cell that only the current side has makes it infinite with p = 0; one cell gives p = NaN (no degree of freedom).
    /// </remarks>
    public static TwoSampleTest GoodnessOfFit(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        if (!Margins(reference, current, out var n, out var m, out var cells)) return TwoSampleTest.NotApplicable;
        double sum = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            if (reference[i] + current[i] == 0) continue;
            double expected = reference[i] * (m / n), miss = current[i] - expected;
            sum += miss * miss / expected;
        }
        return new(sum, SpecialFunctions.ChiSquareSurvival(sum, cells - 1));
    }

    const double LeastExpected = 5;
    const double DecidesUnder = 0.05;

    // Mean N(B-1)/(N-1) and variance of X2 given both margins, for two rows.
    static double SparseSurvival(double statistic, double n, double m, double cells, double reciprocals)
    {
        double all = n + m;
        if (all < 4) return 1;
        double v1 = (all - 2) / (all - 1), v2 = (cells - 1) * (all - cells) / (all - 1);
        double w1 = (all * (1 / n + 1 / m) - 4) / (all - 2), w2 = (all * reciprocals - cells * cells) / (all - 2);
        double mean = all / (all - 1) * (cells - 1), variance = 2 * all / (all - 3) * (v1 - w1) * (v2 - w2) + all * all / (all - 1) * w1 * w2;
        return variance > 0 ? SpecialFunctions.ChiSquareSurvival(statistic * 2 * mean / variance, 2 * mean * mean / variance) : 1;
    }
}
