using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Drift;

public static partial class Divergence
{
    /// <summary>
    /// <see cref="Psi(ReadOnlySpan{long}, ReadOnlySpan{long}, double)"/>, <see cref="Kl(ReadOnlySpan{long}, ReadOnlySpan{long}, double)"/> of the current side
    /// against the reference (the measure <c>kl</c>) and <see cref="Js(ReadOnlySpan{long}, ReadOnlySpan{long})"/> in one pass, eight cells at a time.
    /// </summary>
    /// <remarks>Default smoothing for psi and kl. The same definitions and the same rules for zeros and empty sides as each alone; rounding may differ in the last digits, which is why <see cref="Comparison"/>, whose values are stored and compared with other systems' to 1e-12, takes each alone. Allocates nothing.</remarks>
    /// <exception cref="ArgumentException">The sides have not the same cells.</exception>
    public static (double Psi, double Kl, double Js) PsiKlJs(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        const double Ln2 = 0.69314718055994530942;
        if (reference.Length != current.Length) throw new ArgumentException($"the two sides must have the same cells, but have {reference.Length} and {current.Length}", nameof(current));
        if (!Total(reference, out var n) || !Total(current, out var m)) return (double.NaN, double.NaN, double.NaN);
        if (!Vector512.IsHardwareAccelerated)
        {
            var sums = Sums256(reference, current, n, m);
            return (Math.Max(0, sums.Psi), Math.Max(0, sums.Kl), Math.Sqrt(sums.Js / Ln2));
        }
        var (psi, kl, js) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var total = Smoothing * reference.Length;
        var (smoothedN, smoothedM) = (Vector512.Create(1 / (n + total)), Vector512.Create(1 / (m + total)));
        var (shareN, shareM) = (Vector512.Create(1.0 / n), Vector512.Create(1.0 / m));
        for (var at = 0; at < reference.Length; at += 8)
        {
            // The last eight overlap those before them; what was counted is masked.
            var start = Math.Max(0, Math.Min(at, reference.Length - 8));
            var (x, y) = (Eight(reference[start..]), Eight(current[start..]));
            var lanes = Vector512<double>.Indices;
            var cells = Vector512.GreaterThanOrEqual(lanes, Vector512.Create((double)(at - start))) & Vector512.LessThan(lanes, Vector512.Create((double)reference.Length));
            var half = Vector512.Create(Smoothing);
            var (p, q) = ((x + half) * smoothedN, (y + half) * smoothedM);
            var surprise = Vector512.ConditionalSelect(cells, Log(q / p), Vector512<double>.Zero);
            psi += (q - p) * surprise;
            kl += q * surprise;
            js += Vector512.ConditionalSelect(cells, JsTerms(x * shareN, y * shareM), Vector512<double>.Zero);
        }
        return (Math.Max(0, Vector512.Sum(psi)), Math.Max(0, Vector512.Sum(kl)), Math.Sqrt(Vector512.Sum(js) / Ln2));
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
        var (total, sign) = (Vector512.Sum(sums), 0L); // not the parameter, which would be written each time
        for (; at < counts.Length; at++)
        {
            total += counts[at];
            sign |= counts[at];
        }
        sum = total;
        return total > 0 && sign >= 0 && !Vector512.LessThanAny(signs, Vector512<long>.Zero);
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
        var least = Vector512.Create(2.2250738585072014e-308); // 0 ln 0 is 0
        var whole = more * Log(Vector512.Max(more, least)) + less * Log(Vector512.Max(less, least));
        var terms = sum * Vector512.Create(0.25) * Vector512.ConditionalSelect(Vector512.LessThan(square, Vector512.Create(1e-4)), series, whole);
        return Vector512.ConditionalSelect(Vector512.Equals(sum, Vector512<double>.Zero), Vector512<double>.Zero, terms);
    }

    /// <summary>
    /// The natural logarithms of positive normal numbers, to the last place or the one before: the exponent apart, the rest in [sqrt(1/2), sqrt(2)) as
    /// 2 artanh(f / (2 + f)) by a polynomial, whose coefficients are those published with fdlibm. In place, so that three of them run beside each other; a call for each would wait.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Log(Vector512<double> x)
    {
        const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;
        var exponent = x.AsInt64() - Vector512.Create(0x3FE6_A09E_667F_3BCD) >> 52;
        var f = (x.AsInt64() - (exponent << 52)).AsDouble() - Vector512<double>.One;
        var k = Vector512.ConvertToDouble(exponent);
        var s = f / (f + Vector512.Create(2.0));
        var z = s * s;
        var w = z * z;
        var even = w * Vector512.FusedMultiplyAdd(w, Vector512.FusedMultiplyAdd(w, Vector512.Create(1.531383769920937332e-01), Vector512.Create(2.222219843214978396e-01)), Vector512.Create(3.999999999940941908e-01));
        var odd = z * Vector512.FusedMultiplyAdd(
            w, Vector512.FusedMultiplyAdd(w, Vector512.FusedMultiplyAdd(w, Vector512.Create(1.479819860511658591e-01), Vector512.Create(1.818357216161805012e-01)), Vector512.Create(2.857142874366239149e-01)), Vector512.Create(6.666666666666735130e-01));
        var half = Vector512.Create(0.5) * f * f;
        return k * Vector512.Create(Ln2High) - (half - (s * (half + even + odd) + k * Vector512.Create(Ln2Low)) - f);
    }
}
