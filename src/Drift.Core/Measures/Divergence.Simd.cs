using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Drift;

public static partial class Divergence
{
    /// <summary>
    /// <see cref="Psi(ReadOnlySpan{long}, ReadOnlySpan{long}, double)"/>, <see cref="Kl(ReadOnlySpan{long}, ReadOnlySpan{long}, double)"/> of the current side
    /// against the reference (the measure <c>kl</c>) and <see cref="Js(ReadOnlySpan{long}, ReadOnlySpan{long})"/> in one pass, eight cells at a time.
    /// </summary>
    /// <remarks>Default smoothing for psi and kl. The same definitions and the same rules for zeros and empty sides as each alone; rounding may differ in the last digits. Allocates nothing.</remarks>
    /// <exception cref="ArgumentException">The sides have not the same cells.</exception>
    public static (double Psi, double Kl, double Js) PsiKlJs(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        if (reference.Length != current.Length) throw new ArgumentException($"the two sides must have the same cells, but have {reference.Length} and {current.Length}", nameof(current));
        if (!Total(reference, out var n) || !Total(current, out var m)) return (double.NaN, double.NaN, double.NaN);
        var (psi, kl, js) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var total = Smoothing * reference.Length;
        var (smoothedN, smoothedM) = (Vector512.Create(1 / (n + total)), Vector512.Create(1 / (m + total)));
        var (shareN, shareM) = (Vector512.Create(1.0 / n), Vector512.Create(1.0 / m));
        for (var at = 0; at < reference.Length; at += 8)
        {
            var (x, y) = (Eight(reference[at..]), Eight(current[at..]));
            var cells = Vector512.LessThan(Vector512<double>.Indices, Vector512.Create((double)(reference.Length - at)));
            var half = Vector512.Create(Smoothing);
            var (p, q) = ((x + half) * smoothedN, (y + half) * smoothedM);
            var surprise = Vector512.ConditionalSelect(cells, Vector512.Log(q / p), Vector512<double>.Zero);
            psi += (q - p) * surprise;
            kl += q * surprise;
            js += JsTerms(x * shareN, y * shareM);
        }
        return (Math.Max(0, Vector512.Sum(psi)), Math.Max(0, Vector512.Sum(kl)), Math.Sqrt(Vector512.Sum(js) / Math.Log(2)));
    }

    /// <summary>The sum of counts; false where it is not positive or a count is negative.</summary>
    static bool Total(ReadOnlySpan<long> counts, out long sum)
    {
        var (sums, signs) = (Vector512<long>.Zero, Vector512<long>.Zero);
        var at = 0;
        for (; at <= counts.Length - 8; at += 8)
        {
            var eight = Vector512.Create(counts[at..]);
            sums += eight;
            signs |= eight;
        }
        sum = Vector512.Sum(sums);
        var negative = Vector512.LessThanAny(signs, Vector512<long>.Zero);
        for (; at < counts.Length; at++)
        {
            sum += counts[at];
            negative |= counts[at] < 0;
        }
        return sum > 0 && !negative;
    }

    /// <summary>The first eight counts, or fewer and zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Eight(ReadOnlySpan<long> counts)
    {
        if (counts.Length >= 8) return Vector512.ConvertToDouble(Vector512.Create(counts));
        Span<long> padded = stackalloc long[8];
        counts.CopyTo(padded);
        return Vector512.ConvertToDouble(Vector512.Create((ReadOnlySpan<long>)padded));
    }

    /// <summary><see cref="JsTerm"/> of eight cells; cells that both sides lack give 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> JsTerms(Vector512<double> p, Vector512<double> q)
    {
        var one = Vector512<double>.One;
        var sum = p + q;
        var d = (p - q) / sum;
        var square = d * d;
        var series = square * (one + square * (Vector512.Create(1.0 / 6) + square * (Vector512.Create(1.0 / 15) + square * Vector512.Create(1.0 / 28))));
        var (more, less) = (one + d, one - d);
        var least = Vector512.Create(double.Epsilon); // 0 ln 0 is 0
        var whole = more * Vector512.Log(Vector512.Max(more, least)) + less * Vector512.Log(Vector512.Max(less, least));
        var terms = sum * Vector512.Create(0.25) * Vector512.ConditionalSelect(Vector512.LessThan(square, Vector512.Create(1e-4)), series, whole);
        return Vector512.ConditionalSelect(Vector512.Equals(sum, Vector512<double>.Zero), Vector512<double>.Zero, terms);
    }
}
