namespace Drift;

/// <summary>Confidence intervals of rates and their differences.</summary>
public static class Intervals
{
    /// <summary>The usual level.</summary>
    public const double Level = 0.95;

    /// <summary>Wilson's score interval of a rate (Wilson 1927). NaN without rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, more hits than rows, or a level outside (0, 1).</exception>
    public static (double Lower, double Upper) Wilson(long hits, long rows, double level = Level)
    {
        Check(hits, rows);
        var z = Quantile(level);
        if (rows == 0) return (double.NaN, double.NaN);
        double n = rows, p = hits / n, spread = z * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n)), scale = 1 + z * z / n, middle = p + z * z / (2 * n);
        // All or none: the bound is exactly 1 or 0, which rounding would miss.
        return (hits == 0 ? 0 : (middle - spread) / scale, hits == rows ? 1 : (middle + spread) / scale);
    }

    /// <summary>
    /// Newcombe's interval of k2/n2 - k1/n1: both Wilson intervals, squared and added (Newcombe 1998, method 10). Holds its level at rates near 0 and 1,
    /// where the plain one does not.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, more hits than rows, or a level outside (0, 1).</exception>
    public static (double Lower, double Upper) Newcombe(long k1, long n1, long k2, long n2, double level = Level)
    {
        if (n1 == 0 || n2 == 0) return (double.NaN, double.NaN);
        double p1 = (double)k1 / n1, p2 = (double)k2 / n2, d = p2 - p1;
        var ((l1, u1), (l2, u2)) = (Wilson(k1, n1, level), Wilson(k2, n2, level));
        return (d - Math.Sqrt((p2 - l2) * (p2 - l2) + (u1 - p1) * (u1 - p1)), d + Math.Sqrt((u2 - p2) * (u2 - p2) + (p1 - l1) * (p1 - l1)));
    }

    /// <summary>
    /// The interval of (k1/n1) / (k2/n2) on the logarithmic scale, with half a hit and half a miss added to both sides where one has no hit or neither has a
    /// miss (Katz et al. 1978, Walter 1975). NaN when a side is empty.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, more hits than rows, or a level outside (0, 1).</exception>
    public static (double Lower, double Upper) Ratio(long k1, long n1, long k2, long n2, double level = Level)
    {
        Check(k1, n1);
        Check(k2, n2);
        var z = Quantile(level);
        if (n1 == 0 || n2 == 0) return (double.NaN, double.NaN);
        var add = k1 == 0 || k2 == 0 || k1 == n1 && k2 == n2 ? 0.5 : 0;
        double a = k1 + add, b = n1 + 2 * add, c = k2 + add, d = n2 + 2 * add;
        double middle = Math.Log(a / b / (c / d)), error = Math.Sqrt(Math.Max(0, 1 / a - 1 / b + 1 / c - 1 / d));
        return (Math.Exp(middle - z * error), Math.Exp(middle + z * error));
    }

    /// <summary>The z with P(|Z| &lt; z) = level.</summary>
    internal static double Quantile(double level) => level is > 0 and < 1
        ? SpecialFunctions.NormalInverseSurvival((1 - level) / 2)
        : throw new ArgumentOutOfRangeException(nameof(level), level, "a level between 0 and 1");

    /// <summary>The t with P(|T| &lt; t) = level, by bisection of the tail, which falls strictly.</summary>
    internal static double StudentQuantile(double level, double degrees)
    {
        double low = Quantile(level), high = low;
        while (SpecialFunctions.StudentTwoSided(high, degrees) > 1 - level) high *= 2;
        for (var i = 0; i < 200 && high - low > 1e-14 * high; i++)
        {
            var middle = (low + high) / 2;
            if (SpecialFunctions.StudentTwoSided(middle, degrees) > 1 - level) low = middle;
            else high = middle;
        }
        return high;
    }

    static void Check(long hits, long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, rows);
    }
}
