using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>
/// Counts the ones at each bit position of many words. A value in cell i is the word 1 shifted left by i, so the histogram of a block is the number
/// of ones at every position. Carry-save adders (Harley and Seal) fold 16 vectors into one carry; up to 255 vectors fit in 8 planes, plane p holding
/// bit p of each position's count. Nothing depends on the data: a constant column costs as much as a spread one.
/// </summary>
static unsafe class HarleySeal512
{
    /// <summary>Bit planes of a count.</summary>
    public const int Planes = 8;

    /// <summary>Vectors that are folded at once.</summary>
    public const int Group = 16;

    /// <summary>Groups that fit: 240 ones per position, and 255 would.</summary>
    public const int MaxGroups = 15;

    /// <summary>Where the count of a bit position stands after <see cref="Counts"/>.</summary>
    static readonly byte[] place = [.. Enumerable.Range(0, 64).Select(bit => (byte)((bit / 8 & 1) * 32 + bit % 8 * 4 + bit / 16))];

    /// <summary>Adds two words of weight w to a sum of weight w; the carry has weight 2w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Add(ref Vector512<ulong> sum, Vector512<ulong> b, Vector512<ulong> c)
    {
        var carry = Avx512F.TernaryLogic(sum, b, c, 0xE8); // majority
        sum = Avx512F.TernaryLogic(sum, b, c, 0x96); // parity
        return carry;
    }

    /// <summary>Adds four words of weight 1; the carry has weight 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddFour(ref Vector512<ulong> ones, ref Vector512<ulong> twos, Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d)
    {
        var first = Add(ref ones, a, b);
        var second = Add(ref ones, c, d);
        return Add(ref twos, first, second);
    }

    /// <summary>Adds a carry of weight 16 to the upper four planes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ripple(Vector512<ulong> carry, ref Vector512<ulong> p4, ref Vector512<ulong> p5, ref Vector512<ulong> p6, ref Vector512<ulong> p7)
    {
        var c5 = p4 & carry;
        p4 ^= carry;
        var c6 = p5 & c5;
        p5 ^= c5;
        var c7 = p6 & c6;
        p6 ^= c6;
        p7 ^= c7;
    }

    /// <summary>Adds the counts of the bit positions from <paramref name="firstBit"/> on to the cells; returns their sum.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Flush(Vector512<ulong>* planes, int firstBit, int cells, long* counts)
    {
        var used = Vector512.Create((cells == 64 ? ulong.MaxValue : (1UL << cells) - 1) << firstBit);
        for (var plane = 0; plane < Planes; plane++) planes[plane] &= used;
        Transpose(planes);
        var all = stackalloc ushort[64];
        var total = Counts(planes, all);
        for (var cell = 0; cell < cells; cell++) counts[cell] += all[place[cell + firstBit]];
        return total;
    }

    /// <summary>In each byte position: bit j of plane p becomes bit p of plane j, so that plane j holds the counts of the positions 8k + j as bytes.</summary>
    static void Transpose(Vector512<ulong>* planes)
    {
        Swap(planes, 4, Vector512.Create(0x0F0F0F0F0F0F0F0FUL));
        Swap(planes, 2, Vector512.Create(0x3333333333333333UL));
        Swap(planes, 1, Vector512.Create(0x5555555555555555UL));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Swap(Vector512<ulong>* planes, [System.Diagnostics.CodeAnalysis.ConstantExpected] int step, Vector512<ulong> keep)
    {
        for (var low = 0; low < Planes; low++)
        {
            if ((low & step) != 0) continue;
            var (x, y) = (planes[low], planes[low + step]);
            planes[low] = Vector512.ConditionalSelect(keep, x, y << step);
            planes[low + step] = Vector512.ConditionalSelect(keep, x >>> step, y);
        }
    }

    /// <summary>Sums the 8 lanes of each plane's bytes as 16-bit numbers, halving vectors in pairs until two are left.</summary>
    static int Counts(Vector512<ulong>* planes, ushort* all)
    {
        var halves = stackalloc Vector512<ulong>[8];
        for (var odd = 0; odd < 2; odd++)
        {
            // The order of the pairs is such that plane j ends in the 64-bit lane j.
            for (var i = 0; i < 4; i++) halves[i] = Blocks(Bytes(planes[Order(2 * i)], odd), Bytes(planes[Order(2 * i + 1)], odd), 0x44, 0xEE);
            for (var i = 0; i < 2; i++) halves[i + 4] = Blocks(halves[2 * i], halves[2 * i + 1], 0x88, 0xDD);
            var lanes = Avx512F.UnpackLow(halves[4], halves[5]).AsUInt16() + Avx512F.UnpackHigh(halves[4], halves[5]).AsUInt16();
            lanes.Store(all + 32 * odd);
        }
        return Vector512.Sum(Vector512.Load(all) + Vector512.Load(all + 32));
    }

    static int Order(int i) => i < 4 ? 2 * i : 2 * i - 7;

    static Vector512<ulong> Bytes(Vector512<ulong> plane, int odd) => odd == 0 ? plane & Vector512.Create(0x00FF00FF00FF00FFUL) : (plane.AsUInt16() >>> 8).AsUInt64();

    /// <summary>Two vectors' 128-bit blocks, chosen twice and added as 16-bit numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Blocks(Vector512<ulong> a, Vector512<ulong> b, [System.Diagnostics.CodeAnalysis.ConstantExpected] byte left, [System.Diagnostics.CodeAnalysis.ConstantExpected] byte right) =>
        (Avx512F.Shuffle4x128(a, b, left).AsUInt16() + Avx512F.Shuffle4x128(a, b, right).AsUInt16()).AsUInt64();
}
