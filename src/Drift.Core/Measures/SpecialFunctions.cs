using MathNumerics = MathNet.Numerics.SpecialFunctions;

namespace Drift;

/// <summary>The probability laws that the tests need, with relative accuracy kept in the tails.</summary>
/// <remarks>
/// Powers and factorials of large arguments are never formed as differences of big logarithms: the saddle-point form of C. Loader
/// ("Fast and Accurate Computation of Binomial Probabilities", 2000) keeps about 14 digits where lgamma alone loses 6 at n = 1e8.
/// </remarks>
static partial class SpecialFunctions
{
    const double HalfLog2Pi = 0.91893853320467274178;

    /// <summary>ln Gamma(x), x > 0.</summary>
    public static double LogGamma(double x) => MathNumerics.GammaLn(x);

    /// <summary>ln C(n, k).</summary>
    public static double LogBinomial(double n, double k) => LogGamma(n + 1) - LogGamma(k + 1) - LogGamma(n - k + 1);

    /// <summary>P(Z > x) for a standard normal Z.</summary>
    public static double NormalSurvival(double x) => 0.5 * MathNumerics.Erfc(x / Math.Sqrt(2));

    /// <summary>P(|Z| > |x|) for a standard normal Z.</summary>
    public static double NormalTwoSided(double x) => MathNumerics.Erfc(Math.Abs(x) / Math.Sqrt(2));

    /// <summary>The x with P(Z > x) = p, 0 &lt; p &lt; 1.</summary>
    public static double NormalInverseSurvival(double p) => Math.Sqrt(2) * MathNumerics.ErfcInv(2 * p);

    /// <summary>P(|T| > |t|) for Student's T with any positive degrees of freedom.</summary>
    public static double StudentTwoSided(double t, double degrees)
    {
        if (double.IsNaN(t) || !(degrees > 0)) return double.NaN;
        if (double.IsPositiveInfinity(degrees)) return NormalTwoSided(t);
        var square = t * t;
        if (double.IsPositiveInfinity(square)) return 0;
        return BetaRegularized(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square));
    }

    /// <summary>P(X > x) for chi-square with any positive degrees of freedom.</summary>
    public static double ChiSquareSurvival(double x, double degrees) =>
        degrees > 0 ? x > 0 ? GammaUpper(degrees / 2, x / 2) : x <= 0 ? 1 : double.NaN : double.NaN;

    /// <summary>ln n! - ((n + 1/2) ln n - n + ln(2 pi)/2): what Stirling's formula leaves out.</summary>
    internal static double StirlingError(double n)
    {
        if (n < 16) return LogGamma(n + 1) - (n + 0.5) * Math.Log(n) + n - HalfLog2Pi;
        var square = n * n;
        if (n > 500) return (1 / 12.0 - 1 / 360.0 / square) / n;
        return (1 / 12.0 - (1 / 360.0 - (1 / 1260.0 - (1 / 1680.0 - (1 / 1188.0 - 691 / 360360.0 / square) / square) / square) / square) / square) / n;
    }

    /// <summary>The deviance x ln(x/m) + m - x >= 0, without cancellation when x is near m.</summary>
    internal static double Deviance(double x, double m)
    {
        if (x == 0) return m;
        if (Math.Abs(x - m) >= 0.1 * (x + m)) return x * Math.Log(x / m) + m - x;
        var v = (x - m) / (x + m);
        var sum = (x - m) * v;
        var term = 2 * x * v;
        v *= v;
        for (var j = 3; ; j += 2)
        {
            term *= v;
            var next = sum + term / j;
            if (next == sum) return sum;
            sum = next;
        }
    }

    /// <summary>m^x e^-m / Gamma(x+1): the Poisson probability of x, for real x >= 0.</summary>
    internal static double PoissonProbability(double x, double m)
    {
        if (x == 0) return Math.Exp(-m);
        if (m <= 0) return 0;
        if (x < 1) return Math.Exp(x * Math.Log(m) - m - LogGamma(x + 1));
        return Math.Exp(-StirlingError(x) - Deviance(x, m)) / Math.Sqrt(2 * Math.PI * x);
    }

    /// <summary>Gamma(a+b+1)/(Gamma(a+1)Gamma(b+1)) p^a q^b: the binomial probability of a successes and b failures, for real counts and p + q = 1.</summary>
    internal static double BinomialProbability(double a, double b, double p, double q)
    {
        var n = a + b;
        if (a == 0) return Math.Exp(b * (p < 0.5 ? Log1p(-p) : Math.Log(q)));
        if (b == 0) return Math.Exp(a * (q < 0.5 ? Log1p(-q) : Math.Log(p)));
        if (p <= 0 || q <= 0) return 0;
        if (Math.Min(a, b) < 1)
        {
            var rest = Math.Min(a, b) == a ? LogGammaRatio(b, a) - LogGamma(a + 1) : LogGammaRatio(a, b) - LogGamma(b + 1);
            return Math.Exp(rest + a * (q < 0.5 ? Log1p(-q) : Math.Log(p)) + b * (p < 0.5 ? Log1p(-p) : Math.Log(q)));
        }
        var exponent = StirlingError(n) - StirlingError(a) - StirlingError(b) - Deviance(a, n * p) - Deviance(b, n * q);
        return Math.Exp(exponent) * Math.Sqrt(n / (2 * Math.PI * a * b));
    }

    /// <summary>ln(1 + x) without cancellation near 0, which the BCL lacks (Goldberg's form).</summary>
    public static double Log1p(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : double.IsInfinity(u) ? u : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>e^x - 1 without cancellation near 0 (Kahan's form).</summary>
    public static double Expm1(double x)
    {
        var u = Math.Exp(x);
        if (u == 1) return x;
        return u - 1 == -1 ? -1 : double.IsInfinity(u) ? u : (u - 1) * (x / Math.Log(u));
    }

    /// <summary>ln Gamma(x + d + 1) - ln Gamma(x + 1) for small d, x large: by Stirling's form so that the big parts cancel exactly.</summary>
    static double LogGammaRatio(double x, double d)
    {
        if (x < 16) return LogGamma(x + d + 1) - LogGamma(x + 1);
        return (x + 0.5) * Log1p(d / x) + d * Math.Log(x + d) - d + StirlingError(x + d) - StirlingError(x);
    }
}
