using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>The moments of one block, in two passes over values that the first one brings into the first-level cache: the mean, then the deviations from it.</summary>
[SkipLocalsInit]
static unsafe class MomentsKernel
{
    /// <summary>Four groups of lanes hide the latency of an addition.</summary>
    const int Strip = 32;

    /// <summary>How far ahead memory is asked for, in bytes: the pass over a block works on what the pass before it asked for.</summary>
    const int Ahead = 16384;

    /// <summary>The finite values' moments. When n is the block's length, all are finite.</summary>
    public static Moments Of(ReadOnlySpan<double> values) => Vector512.IsHardwareAccelerated ? Of<Lanes512>(values) : Of<Lanes256>(values);

    internal static Moments Of<T>(ReadOnlySpan<double> values) where T : ILanes<T>
    {
        if (values.IsEmpty) return Moments.Empty;
        fixed (double* from = values) return Of<T>(from, values.Length);
    }

    static Moments Of<T>(double* values, int length) where T : ILanes<T>
    {
        var sum = Sum<T>(values, length);
        if (double.IsFinite(sum)) return Spread<T>(values, length, sum / length);
        return Cleaned<T>(values, length);
    }

    /// <summary>The same without the values that are not finite: in their place stands what changes nothing.</summary>
    static Moments Cleaned<T>(double* values, int length) where T : ILanes<T>
    {
        int n = 0, first = 0;
        for (var i = 0; i < length; i++) n += double.IsFinite(values[i]) ? 1 : 0;
        if (n == 0) return Moments.Empty;
        while (!double.IsFinite(values[first])) first++;
        var clean = stackalloc double[length];
        Replace<T>(values, length, 0, clean);
        var sum = Sum<T>(clean, length);
        if (!double.IsFinite(sum)) return OneByOne(values, length);
        var mean = sum / n;
        Replace<T>(values, length, values[first], clean);
        var range = Spread<T>(clean, length, mean);
        Replace<T>(values, length, mean, clean);
        return Spread<T>(clean, length, mean) with { N = n, Min = range.Min, Max = range.Max };
    }

    static void Replace<T>(double* values, int length, double replacement, double* clean) where T : ILanes<T>
    {
        var fill = T.All(replacement);
        var i = 0;
        for (; i <= length - 8; i += 8) T.FiniteOr(T.Load(values + i), fill).Store(clean + i);
        for (; i < length; i++) clean[i] = double.IsFinite(values[i]) ? values[i] : replacement;
    }

    static double Sum<T>(double* values, int length) where T : ILanes<T>
    {
        var (a, b, c, d) = (T.All(0), T.All(0), T.All(0), T.All(0));
        var i = 0;
        for (; i <= length - Strip; i += Strip)
        {
            Prefetch(values + i);
            (a, b, c, d) = (a + T.Load(values + i), b + T.Load(values + i + 8), c + T.Load(values + i + 16), d + T.Load(values + i + 24));
        }
        var sums = stackalloc double[8];
        ((a + b) + (c + d)).Store(sums);
        var sum = Total(sums);
        for (; i < length; i++) sum += values[i];
        return sum;
    }

    static Moments Spread<T>(double* values, int length, double mean) where T : ILanes<T>
    {
        // What outlives the loop leaves it through memory: a call afterwards would make the loop keep its vectors there.
        double* squares = stackalloc double[8], lows = stackalloc double[8], highs = stackalloc double[8];
        var i = Spread<T>(values, length, mean, squares, lows, highs);
        var (m2, min, max) = (Total(squares), lows[0], highs[0]);
        for (var lane = 1; lane < 8; lane++) (min, max) = (lows[lane] < min ? lows[lane] : min, highs[lane] > max ? highs[lane] : max);
        for (; i < length; i++)
        {
            var deviation = values[i] - mean;
            m2 += deviation * deviation;
            min = values[i] < min ? values[i] : min;
            max = values[i] > max ? values[i] : max;
        }
        return new(length, mean, m2, min + 0.0, max + 0.0); // + 0.0: one zero, whatever stood first
    }

    static int Spread<T>(double* values, int length, double mean, double* squares, double* lows, double* highs) where T : ILanes<T>
    {
        var (middle, low, high) = (T.All(mean), T.All(values[0]), T.All(values[0]));
        var (a, b, c, d) = (T.All(0), T.All(0), T.All(0), T.All(0));
        var i = 0;
        for (; i <= length - Strip; i += Strip)
        {
            var (xa, xb, xc, xd) = (T.Load(values + i), T.Load(values + i + 8), T.Load(values + i + 16), T.Load(values + i + 24));
            low = T.Min(low, T.Min(T.Min(xa, xb), T.Min(xc, xd)));
            high = T.Max(high, T.Max(T.Max(xa, xb), T.Max(xc, xd)));
            (xa, xb, xc, xd) = (xa - middle, xb - middle, xc - middle, xd - middle);
            (a, b, c, d) = (a + xa * xa, b + xb * xb, c + xc * xc, d + xd * xd);
        }
        ((a + b) + (c + d)).Store(squares);
        low.Store(lows);
        high.Store(highs);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(double* at)
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch1((byte*)at + Ahead);
        Sse.Prefetch1((byte*)at + Ahead + 64);
        Sse.Prefetch1((byte*)at + Ahead + 128);
        Sse.Prefetch1((byte*)at + Ahead + 192);
    }

    /// <summary>The lanes' sum, in one order on every machine.</summary>
    static double Total(double* lanes) => ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));

    /// <summary>Welford's recurrence, for sums that overflow.</summary>
    static Moments OneByOne(double* values, int length)
    {
        var (n, mean, m2, min, max) = Moments.Empty;
        for (var i = 0; i < length; i++)
        {
            var x = values[i];
            if (!double.IsFinite(x)) continue;
            n++;
            var weight = 1.0 / n;
            var next = mean * (1 - weight) + x * weight;
            m2 += (x - mean) * (x - next);
            mean = next;
            min = Math.Min(min, x);
            max = Math.Max(max, x);
        }
        return new(n, mean, m2, min, max);
    }
}
