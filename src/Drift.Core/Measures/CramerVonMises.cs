using MathNumerics = MathNet.Numerics.SpecialFunctions;

namespace Drift;

/// <summary>Cramer and von Mises' two-sample test: the mean squared distance between the empirical distribution functions.</summary>
/// <remarks>
/// T = U/(nm(n+m)) - (4nm - 1)/(6(n+m)) with U = n sum (r_i - i)^2 + m sum (s_j - j)^2 over the midranks r, s in the pooled sample; about 1/6 when
/// nothing changed. The p-value assumes independent draws: exact (ties ignored) when both samples have at most 20 values, else
/// the limiting law at T standardised to its finite moments (scipy's cramervonmises_2samp). The limiting series ends, as scipy's does, at the first
/// term under 1e-7, so a p-value under 1e-8 means "under 1e-8". Ties inflate T when the sizes differ (by (n^2-m^2)^2 sum w^3 / (12 nm(n+m)), w the shares of the values), so with ties and unequal
/// sizes <see cref="PValueMethod.Auto"/> takes p from the law given the ties, or beyond 256 distinct values from T less what the ties add, and on up to 200 values a side the larger of that and
/// the published one; Exact and Asymptotic are scipy's. NaN values are left out, infinities are values, fewer than two values
/// on a side give NaN. Source: T. Anderson 1962; Y. Xiao, A. Gordon and A. Yakovlev 2006. Default threshold: p &lt; 0.01.
/// </remarks>
public static partial class CramerVonMises
{
    const int ExactLimit = 20;

    /// <summary>Tests two raw samples.</summary>
    public static TwoSampleTest Test(ReadOnlySpan<double> x, ReadOnlySpan<double> y, PValueMethod method = PValueMethod.Auto)
    {
        using var a = SortedSample.Of(x);
        using var b = SortedSample.Of(y);
        return TestSorted(a.Values, b.Values, method);
    }

    internal static TwoSampleTest TestSorted(ReadOnlySpan<double> x, ReadOnlySpan<double> y, PValueMethod method)
    {
        if (x.Length < 2 || y.Length < 2) return TwoSampleTest.NotApplicable;
        int first = x.Length, second = y.Length;
        double n = first, m = second, all = n + m, product = n * m;
        var excess = Excess(x, y);
        var t = (double)excess / (24 * product * all);
        if (method != PValueMethod.Auto || n == m || !(Added(x, y) is var added and > 0)) return new(t, Published(method));
        var tied = TiedRanks.Groups(x, y) is { } groups
            ? TiedRanks.Survival(groups, n, m, tie => tie.Count / (all * all * product))
            : PValue(t - added / (12 * product * all), n, m);
        return new(t, Math.Max(n, m) > TiedRanks.PublishedUpTo ? tied : Math.Max(tied, Published(method)));

        double Published(PValueMethod how) => how == PValueMethod.Exact || how == PValueMethod.Auto && Math.Max(n, m) <= ExactLimit
            ? ExactPValue(excess, first, second)
            : PValue(t, n, m);
    }

    /// <summary>What scipy gives without being told how: exact when neither sample has more than 20 values.</summary>
    internal static TwoSampleTest AsScipy(ReadOnlySpan<double> x, ReadOnlySpan<double> y) =>
        Test(x, y, Math.Max(x.Length, y.Length) <= ExactLimit ? PValueMethod.Exact : PValueMethod.Asymptotic);

    static double PValue(double t, double n, double m)
    {
        double all = n + m, product = n * m, mean = (1 + 1 / all) / 6;
        var variance = (all + 1) * (4 * product * all - 3 * (n * n + m * m) - 2 * product) / (45 * all * all * 4 * product);
        return LimitingSurvival(1 / 6.0 + (t - mean) / Math.Sqrt(45 * variance));
    }

    /// <summary>12 (U with midranks - mean of U over random orders of the tied values); 0 without ties.</summary>
    static double Added(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double n = x.Length, m = y.Length;
        var sum = new CompensatedSum();
        foreach (var tie in new Ties(x, y))
        {
            double a = tie.First, b = tie.Second;
            if (a + b > 1) sum.Add(n * a * (a * a - 1) + m * b * (b * b - 1) - n * a * b * (b + 2) - m * a * b * (a + 2));
        }
        return sum.Value;
    }

    /// <summary>24 nm(n+m) T, an integer: T is the small difference of two large numbers, so it is formed without rounding.</summary>
    static Int128 Excess(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Int128 first = 0, second = 0;
        foreach (var tie in new Ties(x, y))
        {
            // Twice the midrank less twice the own index, which grows by 2 from value to value of the group.
            first += SumOfSquares(2L * tie.Below + tie.Count + 1 - 2L * (tie.FirstBelow + 1), tie.First);
            second += SumOfSquares(2L * tie.Below + tie.Count + 1 - 2L * (tie.SecondBelow + 1), tie.Second);
        }
        Int128 product = (Int128)x.Length * y.Length;
        return 6 * (x.Length * first + y.Length * second) - 4 * product * (4 * product - 1);
    }

    // start^2 + (start-2)^2 + .. over count terms.
    static Int128 SumOfSquares(long start, long count)
    {
        Int128 s = start, c = count;
        return c * s * s - 2 * s * c * (c - 1) + 2 * c * (c - 1) * (2 * c - 1) / 3;
    }

    /// <summary>P(W2 > x) for the limiting law (Csorgo and Faraway 1996, equation 1.3).</summary>
    static double LimitingSurvival(double x)
    {
        if (x < 0.003) return 1;
        var sum = 0.0;
        for (var k = 0; ; k++)
        {
            double y = 4 * k + 1, q = y * y / (16 * x);
            var weight = Math.Exp(SpecialFunctions.LogGamma(k + 0.5) - SpecialFunctions.LogGamma(k + 1.0)) / (Math.Pow(Math.PI, 1.5) * Math.Sqrt(x));
            var term = q > 700 ? 0 : weight * Math.Sqrt(y) * Math.Exp(-q) * MathNumerics.BesselK(0.25, q);
            sum += term;
            if (Math.Abs(term) < 1e-7) return Math.Clamp(1 - sum, 0, 1);
        }
    }
}
