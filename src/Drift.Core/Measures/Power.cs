using System.Collections.Concurrent;

namespace Drift;

/// <summary>How much data a verdict needs: the non-centrality of a given power, the rows that reach it, and the critical values of ks.</summary>
public static class Power
{
    /// <summary>The level at which the default verdicts are made.</summary>
    public const double Level = 0.01;

    /// <summary>The power that the default asks for: a drift of the floor's size is significant in 80 % of windows.</summary>
    public const double Target = 0.8;

    /// <summary>No verdict on fewer rows than this, however clear the case.</summary>
    public const int LeastRows = 200;

    /// <summary>No verdict on fewer rows per cell than this.</summary>
    public const int LeastRowsPerCell = 5;

    static readonly ConcurrentDictionary<int, double> defaults = new();

    /// <summary>
    /// The non-centrality that a chi-square test with the given degrees of freedom needs: the lambda with P(chi2(degrees, lambda) &gt; critical value at alpha) = power.
    /// With 9 degrees 15.65, 21.43 and 28.80 at alpha .05, .01 and .001.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No degree of freedom, or not 0 &lt; alpha &lt; power &lt; 1.</exception>
    public static double NonCentrality(int degrees, double alpha = Level, double power = Target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        if (!(alpha > 0)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "the level is above 0");
        if (!(power > alpha && power < 1)) throw new ArgumentOutOfRangeException(nameof(power), power, "the power is above the level and below 1");
        return alpha == Level && power == Target ? defaults.GetOrAdd(degrees, static d => Solve(d, Level, Target)) : Solve(degrees, alpha, power);
    }

    static double Solve(int degrees, double alpha, double power)
    {
        var critical = Root(x => alpha - SpecialFunctions.ChiSquareSurvival(x, degrees));
        return Root(lambda => SpecialFunctions.NonCentralChiSquareSurvival(critical, degrees, lambda) - power);
    }

    /// <summary>Where an increasing function that is negative at 0 crosses 0, to the last bits.</summary>
    static double Root(Func<double, double> f)
    {
        double low = 0, high = 1;
        for (; f(high) < 0; high *= 2) low = high;
        while (high - low > 1e-13 * high)
        {
            var middle = (low + high) / 2;
            if (middle <= low || middle >= high) break;
            if (f(middle) < 0) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>Whether both sides are large enough for a verdict: m at least <see cref="LeastRows"/> and 5 per cell, and D (1/n + 1/m) at most floor / lambda.</summary>
    /// <param name="n">Rows of the reference that the measure rests on.</param>
    /// <param name="m">Rows of the window that the measure rests on.</param>
    /// <param name="cells">The cells that take part; one cell is judged like two.</param>
    /// <param name="floor">The smallest effect worth an alert, in units of psi.</param>
    /// <param name="designEffect">By how much dependence between rows inflates the variance (D), at least 1.</param>
    public static bool Enough(long n, long m, int cells, double floor = 0.1, double designEffect = 1) =>
        n > 0 && m >= Math.Max(LeastRows, (long)LeastRowsPerCell * cells)
        && designEffect * (1.0 / n + 1.0 / m) <= floor / NonCentrality(Math.Max(1, cells - 1));

    /// <summary>The least window that <see cref="Enough"/> accepts against a reference of n rows; null when the reference is too small for any window.</summary>
    public static long? RowsNeeded(long n, int cells, double floor = 0.1, double designEffect = 1)
    {
        var spare = floor / NonCentrality(Math.Max(1, cells - 1)) - (n > 0 ? designEffect / n : double.PositiveInfinity);
        if (!(spare > 0) || designEffect / spare > 1L << 52) return null;
        var rows = Math.Max(Math.Max(LeastRows, (long)LeastRowsPerCell * cells), (long)(designEffect / spare) - 1);
        while (!Enough(n, rows, cells, floor, designEffect)) rows++; // the division rounds; at most a few steps
        return rows;
    }

    /// <summary>The smallest floor that a reference of n rows can judge, with windows as large as one likes: D lambda / n.</summary>
    public static double LeastFloor(long n, int cells, double designEffect = 1) =>
        n > 0 ? designEffect * NonCentrality(Math.Max(1, cells - 1)) / n : double.PositiveInfinity;

    /// <summary>The two-sided two-sample Kolmogorov-Smirnov distance that is significant at alpha: c sqrt((n + m) / (n m)), c = sqrt(-ln(alpha / 2) / 2).</summary>
    /// <remarks>c = 1.3581, 1.6276, 1.9495 at .05, .01, .001. For large samples; conservative for data with ties.</remarks>
    public static double KsCritical(long n, long m, double alpha = Level) => Math.Sqrt(-Math.Log(alpha / 2) / 2 * ((double)n + m) / ((double)n * m));
}
