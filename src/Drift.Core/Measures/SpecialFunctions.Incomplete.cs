namespace Drift;

static partial class SpecialFunctions
{
    const double Tiny = 1e-300;
    const double Unit = 1.1102230246251565e-16;

    /// <summary>P(a, x), the regularised lower incomplete gamma function.</summary>
    public static double GammaLower(double a, double x)
    {
        if (!(a > 0) || !(x >= 0)) return double.NaN;
        if (x == 0) return 0;
        if (double.IsPositiveInfinity(x)) return 1;
        return x < a + 1 ? GammaSeries(a, x) : 1 - GammaFraction(a, x);
    }

    /// <summary>Q(a, x) = 1 - P(a, x), accurate in the upper tail.</summary>
    public static double GammaUpper(double a, double x)
    {
        if (!(a > 0) || !(x >= 0)) return double.NaN;
        if (x == 0) return 1;
        if (double.IsPositiveInfinity(x)) return 0;
        return x < a + 1 ? 1 - GammaSeries(a, x) : GammaFraction(a, x);
    }

    static double GammaSeries(double a, double x)
    {
        double sum = 1, term = 1;
        for (var n = 1; term > sum * Unit; n++)
        {
            term *= x / (a + n);
            sum += term;
        }
        return PoissonProbability(a, x) * sum;
    }

    // Legendre's continued fraction, evaluated by Lentz's method.
    static double GammaFraction(double a, double x)
    {
        var front = PoissonProbability(a, x) * a;
        if (front == 0) return 0;
        var b = x + 1 - a;
        double c = 1 / Tiny, d = 1 / b, h = d;
        for (var i = 1; ; i++)
        {
            var numerator = -i * (i - a);
            b += 2;
            d = 1 / NotZero(numerator * d + b);
            c = NotZero(b + numerator / c);
            var step = d * c;
            h *= step;
            if (Math.Abs(step - 1) <= 2 * Unit || i > 1_000_000) return front * h;
        }
    }

    /// <summary>I_x(a, b), the regularised incomplete beta function; y = 1 - x is given apart because the caller knows it without cancellation.</summary>
    public static double BetaRegularized(double a, double b, double x, double y)
    {
        if (!(a > 0) || !(b > 0) || !(x >= 0) || !(y >= 0)) return double.NaN;
        if (x == 0) return 0;
        if (y == 0) return 1;
        // x^a y^b / B(a, b)
        var front = BinomialProbability(a, b, x, y) * (a / (a + b)) * b;
        return x <= (a + 1) / (a + b + 2) ? front / BetaFraction(a, b, x, y) : 1 - front / BetaFraction(b, a, y, x);
    }

    // The even part of the classical continued fraction (Didonato and Morris 1992), in which x near 1 enters by y and so cancels nothing.
    static double BetaFraction(double a, double b, double x, double y)
    {
        double f = NotZero(Denominator(0)), c = f, d = 0;
        for (var m = 1; ; m++)
        {
            var numerator = (a + m - 1) / (a + 2 * m - 1) * ((a + b + m - 1) / (a + 2 * m - 1)) * m * (b - m) * x * x;
            var denominator = Denominator(m);
            d = 1 / NotZero(denominator + numerator * d);
            c = NotZero(denominator + numerator / c);
            var step = d * c;
            f *= step;
            if (Math.Abs(step - 1) <= 2 * Unit || m > 1_000_000) return f;
        }

        // At m = 0 the second term is 0 for every a, a = 1 included.
        double Denominator(int m) => m + (m == 0 ? 0 : m * (b - m) * x / (a + 2 * m - 1)) + (a + m) * (a * y - b * x + 1 + m * (1 + y)) / (a + 2 * m + 1);
    }

    static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    /// <summary>P(X > x) for the non-central chi-square law with the given degrees of freedom and non-centrality.</summary>
    /// <remarks>A Poisson mixture of central laws, summed outward from its largest weight; every term is positive, so the tail keeps its digits.</remarks>
    public static double NonCentralChiSquareSurvival(double x, double degrees, double nonCentrality)
    {
        if (double.IsNaN(x) || !(degrees > 0) || !(nonCentrality >= 0)) return double.NaN;
        if (nonCentrality == 0) return ChiSquareSurvival(x, degrees);
        if (x <= 0) return 1;
        double half = nonCentrality / 2, y = x / 2, shape = degrees / 2;
        // In the upper tail the largest term lies above the Poisson mode: start where weight times step peaks.
        var mode = Math.Floor(Math.Max(half, Math.Sqrt(half * y)));
        double sum = 0, weight = PoissonProbability(mode, half), tail = GammaUpper(shape + mode, y), step = PoissonProbability(shape + mode, y);
        double w = weight, q = tail, s = step;
        for (var j = mode; ; j++)
        {
            sum += w * q;
            w *= half / (j + 1);
            q = Math.Min(1, q + s);
            s *= y / (shape + j + 1);
            if (j > half && w * (j + 2) <= sum * Unit * (j + 2 - half)) break;
        }
        for (var j = mode; j > 0; j--)
        {
            weight *= j / half;
            // Far below, the difference would lose its digits and the direct value costs more only there.
            tail = GammaUpper(shape + j - 1, y);
            var term = weight * tail;
            sum += term;
            if (term <= sum * Unit) break;
        }
        return Math.Min(1, sum);
    }

    /// <summary>P(X &lt;= x) for the non-central chi-square law.</summary>
    public static double NonCentralChiSquare(double x, double degrees, double nonCentrality) => 1 - NonCentralChiSquareSurvival(x, degrees, nonCentrality);
}
