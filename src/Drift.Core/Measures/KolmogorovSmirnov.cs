namespace Drift;

/// <summary>Kolmogorov and Smirnov's test: the largest distance between two empirical distribution functions.</summary>
/// <remarks>
/// D = sup |F(x) - G(x)|, or sup F-G (greater), sup G-F (less); range 0 to 1. F and G are right-continuous, equal values are stepped over
/// together. The p-value assumes independent draws from one continuous distribution; ties make it conservative. NaN values are left out
/// (they have a measure of their own), infinities are values like others, an empty side gives NaN. Default threshold: D >= 0.1 warning,
/// 0.2 critical, together with p. Source: N. Smirnov 1948; the choice between the laws is scipy's (ks_2samp 1.10).
/// </remarks>
public static partial class KolmogorovSmirnov
{
    /// <summary>The largest sample for which <see cref="PValueMethod.Auto"/> takes the exact law.</summary>
    public const int ExactLimit = 10_000;

    /// <summary>Tests two raw samples.</summary>
    /// <param name="x">The first sample (the reference), in any order.</param>
    /// <param name="y">The second sample.</param>
    /// <param name="alternative">Two-sided by default; the one-sided words speak of the distribution functions, as in scipy.</param>
    /// <param name="method">Auto: exact when both samples have at most 10 000 values, else the exact one-sample law at round(nm/(n+m)), which one value a side does not have (NaN).</param>
    public static TwoSampleTest Test(
        ReadOnlySpan<double> x, ReadOnlySpan<double> y, Alternative alternative = Alternative.TwoSided, PValueMethod method = PValueMethod.Auto)
    {
        if (Math.Max(x.Length, y.Length) >= Few && Math.Min(x.Length, y.Length) > 0) return TestUnsorted(x, y, alternative, method);
        using var a = SortedSample.Of(x);
        using var b = SortedSample.Of(y);
        return TestSorted(a.Values, b.Values, alternative, method);
    }

    /// <summary>The same on ascending samples without NaN.</summary>
    internal static TwoSampleTest TestSorted(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Alternative alternative, PValueMethod method)
    {
        if (x.IsEmpty || y.IsEmpty) return TwoSampleTest.NotApplicable;
        var (above, below) = Extremes(x, y);
        var steps = alternative switch
        {
            Alternative.Greater => above,
            Alternative.Less => below,
            _ => Math.Max(above, below),
        };
        return FromSteps(steps, x.Length, y.Length, alternative, method);
    }

    /// <summary>The largest excess of F over G and of G over F, in steps of 1/(nm): integers, so D has no rounding of its own.</summary>
    internal static (long Above, long Below) Extremes(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        long above = 0, below = 0, n = x.Length, m = y.Length;
        int i = 0, j = 0;
        while (i < x.Length && j < y.Length)
        {
            var at = Math.Min(x[i], y[j]);
            while (i < x.Length && x[i] <= at) i++;
            while (j < y.Length && y[j] <= at) j++;
            var difference = i * m - j * n;
            above = Math.Max(above, difference);
            below = Math.Max(below, -difference);
        }
        return (above, below);
    }

    /// <summary>The test's outcome for a distance of <paramref name="steps"/>/(nm).</summary>
    internal static TwoSampleTest FromSteps(long steps, long n, long m, Alternative alternative, PValueMethod method)
    {
        var d = steps / ((double)n * m);
        if (steps == 0) return new(0, 1);
        var exact = method switch
        {
            PValueMethod.Exact => true,
            PValueMethod.Auto => Math.Max(n, m) <= ExactLimit,
            _ => false,
        };
        var p = exact ? ExactPValue(steps, n, m, alternative) : double.NaN;
        if (double.IsNaN(p)) p = AsymptoticPValue(d, n, m, alternative);
        return new(d, Math.Clamp(p, 0, 1));
    }

    /// <summary>The p-value of D from the law for large samples.</summary>
    internal static double AsymptoticPValue(double d, double n, double m, Alternative alternative)
    {
        double big = Math.Max(n, m), small = Math.Min(n, m), effective = big * small / (big + small);
        if (alternative == Alternative.TwoSided) return KolmogorovLaw.Survival((long)Math.Round(effective, MidpointRounding.ToEven), d);
        // Hodges 1958, equation 5.3.
        var z = Math.Sqrt(effective) * d;
        return Math.Exp(-2 * z * z - 2 * z * (big + 2 * small) / Math.Sqrt(big * small * (big + small)) / 3);
    }
}
