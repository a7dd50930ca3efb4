namespace Drift;

/// <summary>Kuiper's test: like Kolmogorov-Smirnov, but as sensitive in the tails as in the middle, and independent of where a circle is cut.</summary>
/// <remarks>
/// V = D+ + D- = sup(F - G) + sup(G - F); range 0 to 1 (some systems feed its law with D instead: their V is wrong). The p-value is the
/// asymptotic law 2 sum (4 j^2 l^2 - 1) exp(-2 j^2 l^2) at l = (sqrt(e) + 0.155 + 0.24/sqrt(e)) V, e = nm/(n+m); it assumes independent draws
/// from a continuous distribution, ties make it conservative. NaN values are left out, infinities are values, an empty side gives NaN.
/// Source: N. Kuiper 1960; M. Stephens 1970. Default threshold: p &lt; 0.01.
/// </remarks>
public static class Kuiper
{
    /// <summary>Tests two raw samples.</summary>
    public static TwoSampleTest Test(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        using var a = SortedSample.Of(x);
        using var b = SortedSample.Of(y);
        return TestSorted(a.Values, b.Values);
    }

    internal static TwoSampleTest TestSorted(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.IsEmpty || y.IsEmpty) return TwoSampleTest.NotApplicable;
        double n = x.Length, m = y.Length;
        var (above, below) = KolmogorovSmirnov.Extremes(x, y);
        var v = (above + below) / (n * m);
        return new(v, PValue(v, n, m));
    }

    static double PValue(double v, double n, double m)
    {
        var root = Math.Sqrt(n * m / (n + m));
        var lambda = (root + 0.155 + 0.24 / root) * v;
        if (lambda < 0.4) return 1;     // 1 - p is below 1e-15 there and the series slow
        var sum = 0.0;
        for (var j = 1; j < 200; j++)
        {
            var square = j * j * lambda * lambda;
            var term = 2 * (4 * square - 1) * Math.Exp(-2 * square);
            sum += term;
            if (Math.Abs(term) <= 1e-17 * Math.Abs(sum)) break;
        }
        return Math.Clamp(sum, 0, 1);
    }
}
