using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Drift;

// The same on half as wide vectors, for machines without AVX-512, and without the operations that only those have: an arithmetic shift of 64 bits, and
// conversions between such integers and doubles.
public static partial class Divergence
{
    /// <summary>The sums of psi, kl and js over all cells; n and m are the sides' sums of counts.</summary>
    [SkipLocalsInit]
    static unsafe (double Psi, double Kl, double Js) Sums256(ReadOnlySpan<long> reference, ReadOnlySpan<long> current, long n, long m)
    {
        var padded = stackalloc long[8];
        fixed (long* first = reference, second = current)
        {
            if (reference.Length >= 4) return Sums256(first, second, reference.Length, n, m);
            new Span<long>(padded, 8).Clear();
            reference.CopyTo(new(padded, 4));
            current.CopyTo(new(padded + 4, 4));
            return Sums256(padded, padded + 4, reference.Length, n, m);
        }
    }

    /// <summary>
    /// Four cells at a time; there is room for four. All shares of a part come before all its logarithms, and those before all sums: one cell after the other,
    /// most operations would wait for the one before.
    /// </summary>
    [SkipLocalsInit]
    static unsafe (double Psi, double Kl, double Js) Sums256(long* reference, long* current, int length, long n, long m)
    {
        var total = Smoothing * length;
        var (smoothedN, smoothedM) = (Vector256.Create(1 / (n + total)), Vector256.Create(1 / (m + total)));
        var (shareN, shareM) = (Vector256.Create(1.0 / n), Vector256.Create(1.0 / m));
        var (psi, kl, js) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        var cells = stackalloc FourCells[Part];
        var logs = stackalloc Vector256<double>[3 * Part];
        for (var from = 0; from < length; from += 4 * Part)
        {
            var count = Math.Min(Part, (length - from + 3) / 4);
            for (var i = 0; i < count; i++)
            {
                // The last four overlap those before them; what was counted is masked.
                var (at, start) = (from + 4 * i, Math.Max(0, Math.Min(from + 4 * i, length - 4)));
                cells[i].Set(Vector256.ConvertToDouble(Vector256.Load(reference + start)), Vector256.ConvertToDouble(Vector256.Load(current + start)), smoothedN, smoothedM, shareN, shareM, logs + 3 * i);
                if (at > length - 4) cells[i].Keep(at - start, length, logs + 3 * i);
            }
            for (var i = 0; i < 3 * count; i++) logs[i] = Log(logs[i]);
            for (var i = 0; i < count; i++)
            {
                psi += cells[i].Difference * logs[3 * i];
                kl += cells[i].Current * logs[3 * i];
                js += cells[i].Js(logs[3 * i + 1], logs[3 * i + 2]);
            }
        }
        return (Vector256.Sum(psi), Vector256.Sum(kl), Vector256.Sum(js));
    }

    /// <summary>As many vectors of four as are worked on together.</summary>
    const int Part = 8;

    /// <summary>Four cells between the steps.</summary>
    struct FourCells
    {
        /// <summary>The smoothed shares: current less reference, and current.</summary>
        public Vector256<double> Difference, Current;

        /// <summary>The sum of the bare shares, and their difference by their sum.</summary>
        Vector256<double> sum, d;

        /// <summary>Leaves to be replaced by their logarithms: the smoothed ratio, 1 + d and 1 - d.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public unsafe void Set(
            Vector256<double> x, Vector256<double> y, Vector256<double> smoothedN, Vector256<double> smoothedM, Vector256<double> shareN, Vector256<double> shareM, Vector256<double>* logs)
        {
            var half = Vector256.Create(Smoothing);
            var (p, q) = ((x + half) * smoothedN, (y + half) * smoothedM);
            (logs[0], Difference, Current) = (q / p, q - p, q);
            (p, q) = (x * shareN, y * shareM);
            sum = p + q;
            d = (p - q) / sum;
            var least = Vector256.Create(2.2250738585072014e-308); // 0 ln 0 is 0
            (logs[1], logs[2]) = (Vector256.MaxNative(Vector256<double>.One + d, least), Vector256.MaxNative(Vector256<double>.One - d, least));
        }

        /// <summary>Makes cells outside a range count nothing.</summary>
        public unsafe void Keep(int first, int end, Vector256<double>* logs)
        {
            var lanes = Vector256<double>.Indices;
            var kept = Vector256.GreaterThanOrEqual(lanes, Vector256.Create((double)first)) & Vector256.LessThan(lanes, Vector256.Create((double)end));
            *logs = Vector256.ConditionalSelect(kept, *logs, Vector256<double>.One);
            sum &= kept;
        }

        /// <summary><see cref="JsTerm"/> from the logarithms of 1 + d and 1 - d; cells that both sides lack give 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector256<double> Js(Vector256<double> more, Vector256<double> less)
        {
            var one = Vector256<double>.One;
            var square = d * d;
            var series = square * (one + square * (Vector256.Create(1.0 / 6) + square * (Vector256.Create(1.0 / 15) + square * Vector256.Create(1.0 / 28))));
            var whole = (one + d) * more + (one - d) * less;
            var terms = sum * Vector256.Create(0.25) * Vector256.ConditionalSelect(Vector256.LessThan(square, Vector256.Create(1e-4)), series, whole);
            return Vector256.AndNot(terms, Vector256.Equals(sum, Vector256<double>.Zero));
        }
    }

    /// <summary>The natural logarithms of positive normal numbers, as <see cref="Log(Vector512{double})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Log(Vector256<double> x)
    {
        const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10, TwoTo52 = 4503599627370496.0;
        // The exponent is taken 1024 larger, so that it is not negative; in the lowest bits of 2^52 it is a double.
        const long Bias = 1024L << 52;
        var exponent = (x.AsInt64() + Vector256.Create(Bias - 0x3FE6_A09E_667F_3BCD)) >>> 52;
        var f = (x.AsInt64() - (exponent << 52) + Vector256.Create(Bias)).AsDouble() - Vector256<double>.One;
        var k = (exponent | Vector256.Create(TwoTo52).AsInt64()).AsDouble() - Vector256.Create(TwoTo52 + 1024);
        var s = f / (f + Vector256.Create(2.0));
        var z = s * s;
        var w = z * z;
        var even = w * Vector256.FusedMultiplyAdd(w, Vector256.FusedMultiplyAdd(w, Vector256.Create(1.531383769920937332e-01), Vector256.Create(2.222219843214978396e-01)), Vector256.Create(3.999999999940941908e-01));
        var odd = z * Vector256.FusedMultiplyAdd(
            w, Vector256.FusedMultiplyAdd(w, Vector256.FusedMultiplyAdd(w, Vector256.Create(1.479819860511658591e-01), Vector256.Create(1.818357216161805012e-01)), Vector256.Create(2.857142874366239149e-01)), Vector256.Create(6.666666666666735130e-01));
        var half = Vector256.Create(0.5) * f * f;
        var rest = half - Vector256.FusedMultiplyAdd(s, half + even + odd, k * Vector256.Create(Ln2Low)) - f;
        return Vector256.FusedMultiplyAdd(k, Vector256.Create(Ln2High), -rest);
    }
}
