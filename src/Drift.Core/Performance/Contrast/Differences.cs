namespace Drift;

/// <summary>Differences of means and rates, second side minus first.</summary>
public static class Differences
{
    /// <summary>Two rates on rows of their own: Newcombe's interval, and the p-value of <see cref="Rates.Test"/> (exact mid-p for small counts, else z).</summary>
    public static Difference Rates(long k1, long n1, long k2, long n2, double level = Intervals.Level)
    {
        double p1 = n1 == 0 ? double.NaN : (double)k1 / n1, p2 = n2 == 0 ? double.NaN : (double)k2 / n2;
        if (n1 == 0 || n2 == 0) return Difference.Undefined(p1, p2, "two_proportion_z");
        var (lower, upper) = Intervals.Newcombe(k1, n1, k2, n2, level);
        return new(p1, p2, lower, upper, Drift.Rates.Test(k1, n1, k2, n2).PValue, "two_proportion_z");
    }

    /// <summary>
    /// Two rates on the same rows. The p-value is McNemar's, on the rows where the sides differ: exact binomial mid-p while they are fewer than 50, else
    /// chi-square without correction; 1 when there are none. The interval is Bonett and Price's (2012), adjusted by one row each way.
    /// </summary>
    /// <param name="both">Rows that hit on both sides.</param>
    /// <param name="first">Rows that hit on the first side only.</param>
    /// <param name="second">Rows that hit on the second side only.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="level">The level of the interval.</param>
    public static Difference PairedRates(long both, long first, long second, long rows, double level = Intervals.Level)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(both);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(second);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, both + first + second);
        if (rows == 0) return Difference.Undefined(double.NaN, double.NaN, "mcnemar");
        double n = rows + 2, up = (second + 1) / n, down = (first + 1) / n, middle = up - down;
        var half = Intervals.Quantile(level) * Math.Sqrt((up + down - middle * middle) / n);
        return new((double)(both + first) / rows, (double)(both + second) / rows, Math.Max(-1, middle - half), Math.Min(1, middle + half), McNemar(first, second), "mcnemar");
    }

    static double McNemar(long first, long second)
    {
        var n = first + second;
        if (n == 0) return 1;
        if (n >= 50) return SpecialFunctions.ChiSquareSurvival((double)(first - second) * (first - second) / n, 1);
        double tail = 0, least = Math.Min(first, second);
        for (var k = 0; k < least; k++) tail += SpecialFunctions.BinomialProbability(k, n - k, 0.5, 0.5);
        return Math.Min(1, 2 * (tail + SpecialFunctions.BinomialProbability(least, n - least, 0.5, 0.5) / 2));
    }

    /// <summary>
    /// Two means on rows of their own, by Welch. NaN values are left out. Without variance on either side: p = 1 when the constants are equal, else 0,
    /// and the interval is the difference itself.
    /// </summary>
    public static Difference Means(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = Intervals.Level)
    {
        return Means(Moments.Of(x), Moments.Of(y), level);
    }

    /// <summary>Two means on rows of their own, by Welch, from nothing but their moments: what two profiles know of a column.</summary>
    public static Difference Means(Moments a, Moments b, double level = Intervals.Level)
    {
        if (a.N < 2 || b.N < 2) return Difference.Undefined(a.N == 0 ? double.NaN : a.Mean, b.N == 0 ? double.NaN : b.Mean, "welch");
        double first = a.M2 / (a.N - 1) / a.N, second = b.M2 / (b.N - 1) / b.N, share = first / (first + second), rest = second / (first + second);
        return Student(a.Mean, b.Mean, b.Mean - a.Mean, Math.Sqrt(first + second), 1 / (share * share / (a.N - 1) + rest * rest / (b.N - 1)), level, "welch");
    }

    /// <summary>Two means on the same rows, by the t test of their differences. Rows where either side is NaN are left out.</summary>
    /// <exception cref="ArgumentException">The sides differ in length.</exception>
    public static Difference PairedMeans(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = Intervals.Level)
    {
        if (x.Length != y.Length) throw new ArgumentException($"{x.Length} and {y.Length} rows cannot be paired", nameof(y));
        var (firsts, seconds, gaps) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i])) continue;
            firsts.Add(x[i]);
            seconds.Add(y[i]);
            gaps.Add(y[i] - x[i]);
        }
        if (gaps.Count == 0) return Difference.Undefined(double.NaN, double.NaN, "paired_t");
        var (a, b, d) = (Moments.Of([.. firsts]), Moments.Of([.. seconds]), Moments.Of([.. gaps]));
        return d.N < 2 ? Difference.Undefined(a.Mean, b.Mean, "paired_t") : Student(a.Mean, b.Mean, d.Mean, Math.Sqrt(d.M2 / (d.N - 1) / d.N), d.N - 1, level, "paired_t");
    }

    static Difference Student(double first, double second, double gap, double error, double degrees, double level, string method)
    {
        if (error == 0) return new(first, second, gap, gap, gap == 0 ? 1 : 0, method);
        var half = error * Intervals.StudentQuantile(level, degrees);
        return new(first, second, gap - half, gap + half, SpecialFunctions.StudentTwoSided(gap / error, degrees), method);
    }
}
