namespace Drift;

/// <summary>The exact law of the one-sample Kolmogorov statistic D_n (scipy's kstwo).</summary>
/// <remarks>
/// The choice of method by (n, d) follows R. Simard and P. L'Ecuyer, "Computing the Two-Sided Kolmogorov-Smirnov Distribution" (2011),
/// with the borders that scipy uses, so that both give the same digits: Ruben and Gambino at the ends, Durbin's matrix in the form of
/// Marsaglia, Tsang and Wang, Pomeranz' recursion, the expansion of Pelz and Good, and twice the one-sided tail elsewhere.
/// </remarks>
static partial class KolmogorovLaw
{
    /// <summary>P(D_n > d).</summary>
    public static double Survival(long n, double d)
    {
        if (double.IsNaN(d) || n < 1) return double.NaN;
        if (d >= 1) return 0;
        var t = n * d;
        if (t <= 0.5) return 1;
        if (t <= 1) return 1 - RubenGambino(n, t);
        if (t >= n - 1) return 2 * Math.Pow(1 - d, n);
        if (d >= 0.5) return 2 * OneSidedSurvival(n, d);
        var square = t * d;
        if (n <= 140)
        {
            if (square <= 0.754693) return 1 - DurbinMatrix((int)n, d);
            return square <= 4 ? 1 - Pomeranz((int)n, d) : Math.Min(1, 2 * OneSidedSurvival(n, d));
        }
        if (square >= 370) return 0;
        if (square >= 2.2) return Math.Min(1, 2 * OneSidedSurvival(n, d));
        if (n > 100_000 || n * Math.Pow(d, 1.5) > 1.4) return 1 - PelzGood(n, d);
        return 1 - (n < LargeFrom ? DurbinMatrix((int)n, d) : DurbinEigenvalue((int)n, d));
    }

    // n! ((2t - 1)/n)^n for 1/2 <= t <= 1.
    static double RubenGambino(long n, double t)
    {
        if (n > 140)
            return Math.Exp(Math.Log(n) / 2 - n + Math.Log(2 * Math.PI) / 2 + SpecialFunctions.StirlingError(n) + n * Math.Log(2 * t - 1));
        var product = 1.0;
        for (var i = 1; i <= n; i++) product *= i * (1.0 / n) * (2 * t - 1);
        return product;
    }

    /// <summary>P(D_n+ > d): the sum of Birnbaum and Tingey (1951), whose terms are all positive.</summary>
    public static double OneSidedSurvival(long n, double d)
    {
        if (d <= 0) return 1;
        if (d >= 1) return 0;
        // Beyond a million terms the expansion of Maag and Dicaire is both exact enough and what scipy takes.
        if (n > 1_000_000) return Math.Exp(-Math.Pow(6 * n * d + 1, 2) / 18 / n);
        if (n >= LargeFrom && n * d * d is >= 2.2 and <= 400 && d <= 0.5) return OneSidedIntegral(n, d);
        var sum = Math.Exp(n * SpecialFunctions.Log1p(-d)) / d;
        var correction = 0.0;
        for (long j = 1; j < n; j++)
        {
            var p = d + (double)j / n;
            var q = ((n - j) - n * d) / n;
            if (q < 0) break;
            var term = SpecialFunctions.BinomialProbability(j, n - j, p, q) / p - correction;
            var next = sum + term;
            correction = next - sum - term;
            sum = next;
        }
        return Math.Min(1, d * sum);
    }

    // The expansion in 1/sqrt(n) of Li-Chien and Korolyuk, turned by Jacobi's theta functions into a form that converges for small z.
    static double PelzGood(long n, double d)
    {
        double z = Math.Sqrt(n) * d, z2 = z * z, z4 = z2 * z2, z6 = z4 * z2, pi2 = Math.PI * Math.PI;
        if (-pi2 / 8 / z2 < -708) return 0;
        double k0 = 0, k1 = 0, k2 = 0, k3 = 0, extra2 = 0, extra3 = 0;
        for (var k = (int)Math.Ceiling(16 * z / Math.PI); k > 0; k--)
        {
            double m = 2 * k - 1, m2 = m * m, m4 = m2 * m2, m6 = m4 * m2;
            var odd = Math.Exp(-pi2 * m2 / (8 * z2));
            k0 += odd;
            k1 += odd * (-z2 + pi2 / 4 * m2);
            k2 += odd * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * pi2 / 4 * m2 + pi2 * pi2 * (1 - 2 * z2) / 16 * m4);
            k3 += odd * (-30 * z6 - 90 * z4 * z4 + pi2 * (135 * z4 - 96 * z6) / 4 * m2 + pi2 * pi2 * (-60 * z2 + 212 * z4) / 16 * m4
                + pi2 * pi2 * pi2 * (5 - 30 * z2) / 64 * m6);
            double even = Math.Exp(-pi2 * k * k / (2 * z2)), kk = (double)k * k;
            extra2 += kk * even;
            extra3 += (3 * z2 - pi2 * kk) * kk * even;
        }
        var root = Math.Sqrt(2 * Math.PI);
        k0 *= root / z;
        k1 *= root / (6 * z4);
        k2 = k2 * root / (72 * z6 * z) - extra2 * pi2 * root / (36 * z2 * z);
        k3 = k3 * root / (6480 * z6 * z4) + extra3 * pi2 * root / (216 * z6);
        return k0 + k1 / Math.Sqrt(n) + k2 / n + k3 / (n * Math.Sqrt(n));
    }
}
