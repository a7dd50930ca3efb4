using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Drift;

static partial class RadixSort
{
    /// <summary>Puts each value where it belongs: behind as many as are smaller, and behind its equals that came before it.</summary>
    [SkipLocalsInit]
    static unsafe void ByRank(Span<double> values)
    {
        var copy = stackalloc double[VeryShort + 8];
        var placed = stackalloc byte[VeryShort];
        var vectors = (values.Length + 7) / 8;
        values.CopyTo(new(copy, VeryShort));
        new Span<double>(copy + values.Length, vectors * 8 - values.Length).Fill(double.PositiveInfinity);
        new Span<byte>(placed, values.Length).Clear();
        for (var i = 0; i < values.Length; i++)
        {
            var (value, smaller) = (Vector512.Create(copy[i]), 0);
            for (var j = 0; j < vectors; j++) smaller += BitOperations.PopCount(Vector512.LessThan(Vector512.Load(copy + 8 * j), value).ExtractMostSignificantBits());
            values[smaller + placed[smaller]++] = copy[i];
        }
    }

    /// <summary>The same on half as wide vectors, for machines without AVX-512.</summary>
    [SkipLocalsInit]
    static unsafe void ByRank256(Span<double> values)
    {
        var copy = stackalloc double[VeryShort + 4];
        var placed = stackalloc byte[VeryShort];
        var vectors = (values.Length + 3) / 4;
        values.CopyTo(new(copy, VeryShort));
        new Span<double>(copy + values.Length, vectors * 4 - values.Length).Fill(double.PositiveInfinity);
        new Span<byte>(placed, values.Length).Clear();
        for (var i = 0; i < values.Length; i++)
        {
            var (value, counts) = (Vector256.Create(copy[i]), Vector256<long>.Zero);
            for (var j = 0; j < vectors; j++) counts -= Vector256.LessThan(Vector256.Load(copy + 4 * j), value).AsInt64();
            var smaller = (int)Vector256.Sum(counts);
            values[smaller + placed[smaller]++] = copy[i];
        }
    }
}
