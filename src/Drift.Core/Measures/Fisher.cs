namespace Drift;

/// <summary>Fisher's exact test of two rates.</summary>
public static class Fisher
{
    /// <summary>Tests k1 of n1 against k2 of n2, two-sided; the statistic is the sample odds ratio k1 (n2 - k2) / (k2 (n1 - k1)).</summary>
    /// <remarks>
    /// p = the total probability, given the margins, of all tables at most as probable as the observed one (1e-14 relative slack, scipy's rule).
    /// Assumes independent rows; conservative, because the law is discrete: <see cref="Rates.Test"/> with its mid-p is what Drift's own rate measures
    /// use. A margin of zero gives an odds ratio of NaN and p = 1; infinity when only the denominator is zero. Default threshold: p &lt; 0.01. Source: R. Fisher 1935.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative or larger than its side.</exception>
    public static TwoSampleTest Test(long k1, long n1, long k2, long n2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k1);
        ArgumentOutOfRangeException.ThrowIfNegative(k2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k1, n1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k2, n2);
        long hits = k1 + k2, misses = n1 + n2 - hits;
        if (n1 == 0 || n2 == 0 || hits == 0 || misses == 0) return new(double.NaN, 1);
        double cross = (double)k2 * (n1 - k1);
        return new(cross == 0 ? double.PositiveInfinity : k1 * (double)(n2 - k2) / cross, PValue(k1, n1, hits, n2));
    }

    static double PValue(long k, long n1, long hits, long n2)
    {
        long all = n1 + n2, least = Math.Max(0, hits - n2), most = Math.Min(hits, n1);
        var mode = (long)((Int128)(hits + 1) * (n1 + 1) / (all + 2));
        var at = Rates.HypergeometricProbability(k, hits, all, n1);
        var top = Rates.HypergeometricProbability(mode, hits, all, n1);
        if (Math.Abs(at - top) <= 1e-14 * Math.Max(at, top)) return 1;
        var limit = at * (1 + 1e-14);
        var tail = Tail(k, at, up: k > mode);
        // The other side: the first table beyond the mode that is at most as probable.
        var low = k < mode ? mode : least - 1;
        var high = k < mode ? most + 1 : mode;
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            var under = Rates.HypergeometricProbability(middle, hits, all, n1) <= limit;
            if (under == k < mode) high = middle;
            else low = middle;
        }
        var from = k < mode ? high : low;
        if (from >= least && from <= most) tail += Tail(from, Rates.HypergeometricProbability(from, hits, all, n1), up: k < mode);
        return Math.Min(1, tail);

        double Tail(long start, double first, bool up)
        {
            double sum = first, term = first;
            for (var x = start; up ? x < most : x > least; x += up ? 1 : -1)
            {
                term *= up
                    ? (double)(hits - x) * (n1 - x) / ((double)(x + 1) * (n2 - hits + x + 1))
                    : (double)x * (n2 - hits + x) / ((double)(hits - x + 1) * (n1 - x + 1));
                sum += term;
                if (term < sum * 1e-18) break;
            }
            return sum;
        }
    }
}
