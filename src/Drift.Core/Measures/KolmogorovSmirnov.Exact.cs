namespace Drift;

public static partial class KolmogorovSmirnov
{
    /// <summary>The exact p-value, or NaN where scipy gives up too and takes the asymptotic law.</summary>
    static double ExactPValue(long steps, long n, long m, Alternative alternative)
    {
        var divisor = (long)System.Numerics.BigInteger.GreatestCommonDivisor(n, m);
        if (n / divisor >= int.MaxValue / (m / divisor)) return double.NaN;
        var height = steps / divisor;
        if (alternative == Alternative.TwoSided) return n == m ? EqualSizes(n, height) : Crossing(n, m, divisor, height, both: true);
        if (n == m) return EqualSizesOneSided(n, height);
        // The count of paths as a double: scipy computes with it and falls back when it overflows.
        if (SpecialFunctions.LogBinomial(n + m, n) > 709.78) return double.NaN;
        return alternative == Alternative.Greater ? Crossing(n, m, divisor, height, both: false) : Crossing(m, n, divisor, height, both: false);
    }

    // P(D >= h/n) = 2 (C(2n,n-h) - C(2n,n-2h) + ..) / C(2n,n), by nested products so that no term is lost (Gnedenko and Korolyuk 1951).
    static double EqualSizes(long n, long h)
    {
        var p = 0.0;
        for (var k = n / h; k >= 0; k--)
        {
            var ratio = 1.0;
            for (long j = 0; j < h; j++) ratio = (n - k * h - j) * ratio / (n + k * h + j + 1);
            p = ratio * (1 - p);
        }
        return 2 * p;
    }

    static double EqualSizesOneSided(long n, long h)
    {
        var p = 1.0;
        for (long j = 0; j < h; j++) p *= (n - j) / (n + j + 1.0);
        return p;
    }

    /// <summary>The probability that a random path from (0,0) to (n,m) somewhere has i/n - j/m >= h/lcm (or the absolute value, both).</summary>
    /// <remarks>
    /// p(i,j) = [i p(i-1,j) + j p(i,j-1)]/(i+j): given the end, the last step was in i with probability i/(i+j). Points on or outside the
    /// boundary have p = 1. All terms are positive, so tiny p-values keep their digits; only the band inside the boundary is visited
    /// (Hodges 1958; the conditional form is Schroeer and Trenkler 1995).
    /// </remarks>
    static double Crossing(long n, long m, long divisor, long h, bool both)
    {
        long a = m / divisor, b = n / divisor;      // i/n - j/m = (i a - j b)/lcm
        var row = new double[m + 1];
        for (long j = 0; j <= m; j++) row[j] = both && j * b >= h ? 1 : 0;
        for (long i = 1; i <= n; i++)
        {
            // Inside: -h < i a - j b < h, that is (i a - h)/b < j < (i a + h)/b.
            var first = i * a - h < 0 ? 0 : (i * a - h) / b + 1;
            var last = both ? Math.Min(m, (i * a + h - 1) / b) : m;
            if (first > 0)
            {
                if (first > m) return 1;
                row[first - 1] = 1;
            }
            var left = first > 0 ? 1.0 : row[0];     // at j = 0 the only way in is from (i-1, 0)
            var from = first;
            if (first == 0) from = 1;
            for (var j = from; j <= last; j++)
            {
                left = (i * row[j] + j * left) / (i + j);
                row[j] = left;
            }
            if (both && last < m) row[last + 1] = 1;
        }
        return row[m];
    }
}
