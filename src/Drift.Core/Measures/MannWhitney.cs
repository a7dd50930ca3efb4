namespace Drift;

/// <summary>Mann and Whitney's U test: does one sample tend to greater values than the other.</summary>
/// <remarks>
/// U = number of pairs (x, y) with x > y, ties counted half; range 0 to nm, 0.5 nm when nothing changed. The p-value assumes independent
/// draws; exact when a sample has at most 8 values and no value is tied, else normal with the tie-corrected variance and a continuity
/// correction of 1/2 (scipy's mannwhitneyu, but two-sided by default). NaN values are left out, infinities are values like others, an empty
/// side gives NaN; only one distinct value on both sides gives p = 1. Source: H. Mann and D. Whitney 1947. Default threshold: p &lt; 0.01 after adjustment.
/// </remarks>
public static class MannWhitney
{
    const int ExactLimit = 8;

    /// <summary>Tests two raw samples; the statistic is U of the first.</summary>
    /// <param name="x">The first sample (the reference), in any order.</param>
    /// <param name="y">The second sample.</param>
    /// <param name="alternative">Less: the first sample tends to the smaller values.</param>
    /// <param name="method">Auto: exact when the smaller sample has at most 8 values and nothing is tied.</param>
    public static TwoSampleTest Test(
        ReadOnlySpan<double> x, ReadOnlySpan<double> y, Alternative alternative = Alternative.TwoSided, PValueMethod method = PValueMethod.Auto)
    {
        using var a = SortedSample.Of(x);
        using var b = SortedSample.Of(y);
        return TestSorted(a.Values, b.Values, alternative, method);
    }

    internal static TwoSampleTest TestSorted(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Alternative alternative, PValueMethod method)
    {
        if (x.IsEmpty || y.IsEmpty) return TwoSampleTest.NotApplicable;
        double n = x.Length, m = y.Length, u = 0, ties = 0;
        foreach (var tie in new Ties(x, y))
        {
            u += tie.First * (tie.SecondBelow + tie.Second / 2.0);
            double t = tie.Count;
            ties += t * (t - 1) * (t + 1);
        }
        var extreme = alternative switch
        {
            Alternative.Greater => u,
            Alternative.Less => n * m - u,
            _ => Math.Max(u, n * m - u),
        };
        var exact = method == PValueMethod.Exact || (method == PValueMethod.Auto && Math.Min(n, m) <= ExactLimit && ties == 0);
        var tail = exact ? ExactTail(extreme, x.Length, y.Length) : NormalTail(extreme, n, m, ties);
        return new(u, Math.Min(1, alternative == Alternative.TwoSided ? 2 * tail : tail));
    }

    static double NormalTail(double u, double n, double m, double ties)
    {
        var all = n + m;
        var deviation = Math.Sqrt(n * m / 12 * (all + 1 - ties / (all * (all - 1))));
        return SpecialFunctions.NormalSurvival((u - n * m / 2 - 0.5) / deviation);
    }

    /// <summary>P(U >= u) without ties.</summary>
    /// <remarks>
    /// The counts are the coefficients of the Gaussian binomial, built as a product of (1 - q^(m+i))/(1 - q^i) over i = 1..n for the
    /// smaller n: a shifted subtraction and a running sum each, over the lower half only (the law is symmetric).
    /// </remarks>
    static double ExactTail(double u, int n, int m)
    {
        if (n > m) (n, m) = (m, n);
        var last = (long)n * m - (long)Math.Floor(u);   // P(U >= u) = P(U <= nm - u)
        var upper = last > (long)n * m / 2;
        if (upper) last = (long)n * m - last - 1;
        if (last < 0) return upper ? 1 : 0;
        var counts = new double[last + 1];
        counts[0] = 1;
        for (var i = 1; i <= n; i++)
        {
            for (var k = last; k >= m + i; k--) counts[k] -= counts[k - m - i];
            for (long k = i; k <= last; k++) counts[k] += counts[k - i];
            // Divided by the total of this step, C(m+i, i)/C(m+i-1, i-1), the counts are probabilities and cannot overflow.
            var scale = i / (double)(m + i);
            for (long k = 0; k <= last; k++) counts[k] *= scale;
        }
        var sum = new CompensatedSum();
        foreach (var count in counts) sum.Add(count);
        var tail = Math.Clamp(sum.Value, 0, 1);
        return upper ? 1 - tail : tail;
    }
}
