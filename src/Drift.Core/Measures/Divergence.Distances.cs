using System.Numerics;

namespace Drift;

public static partial class Divergence
{
    /// <summary>Jensen-Shannon distance of counts: the square root of the base-2 divergence.</summary>
    /// <remarks>
    /// Range 0 to 1, symmetric, a metric: 0 only for equal shares, 1 only for sides without a common cell. Zero cells need no smoothing (0 ln 0 = 0).
    /// Thresholds in use elsewhere: 0.1 (Evidently, NannyML's practice).
    /// </remarks>
    public static double Js(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Math.Sqrt(JsDivergence(reference, current));

    /// <inheritdoc cref="Js(ReadOnlySpan{long}, ReadOnlySpan{long})"/>
    public static double Js(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) => Math.Sqrt(JsDivergence(reference, current));

    /// <summary>Jensen-Shannon divergence of counts: (Kl(p, h) + Kl(q, h)) / 2 with h = (p + q) / 2, in units of the given logarithm's base.</summary>
    /// <remarks>
    /// Range 0 to log_base(2): 0 to 1 bit, or 0 to 0.693 nats with base e. Symmetric. Each cell is computed from (p - q) / (p + q), by a series where that is
    /// small, so that near-equal sides keep their digits.
    /// </remarks>
    public static double JsDivergence(ReadOnlySpan<long> reference, ReadOnlySpan<long> current, double logBase = 2) =>
        Sum<long, JsTerm>(reference, current) / Math.Log(logBase);

    /// <inheritdoc cref="JsDivergence(ReadOnlySpan{long}, ReadOnlySpan{long}, double)"/>
    public static double JsDivergence(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, double logBase = 2) =>
        Sum<double, JsTerm>(reference, current) / Math.Log(logBase);

    /// <summary>Hellinger distance of counts: sqrt(sum (sqrt p - sqrt q)^2 / 2).</summary>
    /// <remarks>Range 0 to 1, symmetric, a metric; 1 only for sides without a common cell. No smoothing. No cancellation near 0, unlike sqrt(1 - BC).</remarks>
    public static double Hellinger(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Math.Min(1, Math.Sqrt(Sum<long, RootTerm>(reference, current)));

    /// <inheritdoc cref="Hellinger(ReadOnlySpan{long}, ReadOnlySpan{long})"/>
    public static double Hellinger(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) => Math.Min(1, Math.Sqrt(Sum<double, RootTerm>(reference, current)));

    /// <summary>Total variation distance of counts: sum |p - q| / 2, the largest difference in probability of any set of cells.</summary>
    /// <remarks>Range 0 to 1, symmetric, a metric. No smoothing.</remarks>
    public static double TotalVariation(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Math.Min(1, Sum<long, HalfDifference>(reference, current));

    /// <inheritdoc cref="TotalVariation(ReadOnlySpan{long}, ReadOnlySpan{long})"/>
    public static double TotalVariation(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) =>
        Math.Min(1, Sum<double, HalfDifference>(reference, current));

    /// <summary>L-infinity distance of counts: the largest |p - q| of any cell.</summary>
    /// <remarks>Range 0 to 1, symmetric, a metric. No smoothing. Depends on how finely the cells are cut.</remarks>
    public static double LInfinity(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Largest(reference, current);

    /// <inheritdoc cref="LInfinity(ReadOnlySpan{long}, ReadOnlySpan{long})"/>
    public static double LInfinity(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) => Largest(reference, current);

    /// <summary>Bhattacharyya distance of counts: -ln(sum sqrt(p q)).</summary>
    /// <remarks>Range 0 to infinity, symmetric, not a metric; infinite for sides without a common cell. No smoothing. Near 0 computed as -ln(1 - Hellinger^2).</remarks>
    public static double Bhattacharyya(ReadOnlySpan<long> reference, ReadOnlySpan<long> current) => Overlap(reference, current);

    /// <inheritdoc cref="Bhattacharyya(ReadOnlySpan{long}, ReadOnlySpan{long})"/>
    public static double Bhattacharyya(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) => Overlap(reference, current);

    static double Sum<T, TTerm>(ReadOnlySpan<T> reference, ReadOnlySpan<T> current)
        where T : INumber<T>
        where TTerm : ITerm
    {
        if (!Sums(reference, current, 0, out var n, out var m)) return double.NaN;
        double sum = 0;
        for (var i = 0; i < reference.Length; i++)
            sum += TTerm.Of(double.CreateTruncating(reference[i]) / n, double.CreateTruncating(current[i]) / m);
        return sum;
    }

    static double Largest<T>(ReadOnlySpan<T> reference, ReadOnlySpan<T> current)
        where T : INumber<T>
    {
        if (!Sums(reference, current, 0, out var n, out var m)) return double.NaN;
        double largest = 0;
        for (var i = 0; i < reference.Length; i++)
            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(reference[i]) / n - double.CreateTruncating(current[i]) / m));
        return largest;
    }

    static double Overlap<T>(ReadOnlySpan<T> reference, ReadOnlySpan<T> current)
        where T : INumber<T>
    {
        var gap = Sum<T, RootTerm>(reference, current); // Hellinger squared = 1 - the coefficient
        return gap < 0.5 ? 2 * Math.Atanh(gap / (2 - gap)) : -Math.Log(Math.Min(1, Sum<T, ProductTerm>(reference, current))); // ln(1 - x) = -2 artanh(x / (2 - x))
    }

    readonly struct ProductTerm : ITerm
    {
        public static double Of(double p, double q) => Math.Sqrt(p * q);
    }

    readonly struct HalfDifference : ITerm
    {
        public static double Of(double p, double q) => Math.Abs(p - q) / 2;
    }

    readonly struct RootTerm : ITerm
    {
        public static double Of(double p, double q)
        {
            var difference = Math.Sqrt(p) - Math.Sqrt(q);
            return difference * difference / 2;
        }
    }

    readonly struct JsTerm : ITerm
    {
        // With h = (p + q) / 2 and d = (p - q) / (p + q): the cell is h / 2 * ((1 + d) ln(1 + d) + (1 - d) ln(1 - d)) = h / 2 * (d^2 + d^4/6 + d^6/15 + d^8/28 + ..)
        public static double Of(double p, double q)
        {
            var sum = p + q;
            if (sum == 0) return 0;
            var d = (p - q) / sum;
            var square = d * d;
            if (square < 1e-4) return sum / 4 * square * (1 + square * (1.0 / 6 + square * (1.0 / 15 + square * (1.0 / 28))));
            if (square >= 1) return sum / 2 * Ln2; // one of the two is 0
            return sum / 4 * ((1 + d) * Math.Log(1 + d) + (1 - d) * Math.Log(1 - d));
        }

        const double Ln2 = 0.69314718055994530942;
    }
}
