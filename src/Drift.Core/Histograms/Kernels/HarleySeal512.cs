using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>
/// Counts the ones at each bit position of many words. A value in cell i is the word 1 shifted left by i, so the histogram of a block is the number
/// of ones at every position. Carry-save adders (Harley and Seal) fold 16 vectors into one carry; up to 255 vectors fit in 8 planes, plane p holding
/// bit p of each position's count. Nothing depends on the data: a constant column costs as much as a spread one.
/// </summary>
[SkipLocalsInit]
static unsafe class HarleySeal512
{
    /// <summary>Bit planes of a count.</summary>
    public const int Planes = 8;

    /// <summary>Vectors that are folded at once.</summary>
    public const int Group = 16;

    /// <summary>Room for the planes, to be given to <see cref="Aligned"/>.</summary>
    public const int PlanesSize = Planes * 64 + 63;

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

    /// <summary>The stack is aligned to 16 bytes; a plane across two cache lines would cost more than the whole alignment.</summary>
    public static Vector512<ulong>* Aligned(byte* room) => (Vector512<ulong>*)((nuint)(room + 63) & ~(nuint)63);

    /// <summary>Adds the counts of the bit positions from <paramref name="firstBit"/> on to the cells; returns their sum.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Flush(Vector512<ulong>* planes, int firstBit, int cells, long* counts)
    {
        var all = stackalloc ushort[64];
        var total = Counts(planes, (cells == 64 ? ulong.MaxValue : (1UL << cells) - 1) << firstBit, all);
        for (var cell = 0; cell < cells; cell++) counts[cell] += all[place[cell + firstBit]];
        return total;
    }

    /// <summary>The same for words of 32 bits, two to a lane.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int FlushHalves(Vector512<ulong>* planes, int cells, long* counts)
    {
        var all = stackalloc ushort[64];
        var used = (1UL << cells) - 1;
        var total = Counts(planes, used | used << 32, all);
        for (var cell = 0; cell < cells; cell++) counts[cell] += all[place[cell]] + all[place[cell + 32]];
        return total;
    }

    /// <summary>
    /// The counts of the positions in use as 16-bit numbers, and their sum. First, in each byte position, bit j of plane p becomes bit p of plane j, so that
    /// plane j holds the counts of the positions 8k + j of each lane as bytes; then the 8 lanes are added.
    /// </summary>
    static int Counts(Vector512<ulong>* planes, ulong positions, ushort* all)
    {
        var used = Vector512.Create(positions);
        var (a, b, c, d) = (planes[0] & used, planes[1] & used, planes[2] & used, planes[3] & used);
        var (e, f, g, h) = (planes[4] & used, planes[5] & used, planes[6] & used, planes[7] & used);
        var keep = Vector512.Create(0x0F0F0F0F0F0F0F0FUL);
        Swap(ref a, ref e, 4, keep);
        Swap(ref b, ref f, 4, keep);
        Swap(ref c, ref g, 4, keep);
        Swap(ref d, ref h, 4, keep);
        keep = Vector512.Create(0x3333333333333333UL);
        Swap(ref a, ref c, 2, keep);
        Swap(ref b, ref d, 2, keep);
        Swap(ref e, ref g, 2, keep);
        Swap(ref f, ref h, 2, keep);
        keep = Vector512.Create(0x5555555555555555UL);
        Swap(ref a, ref b, 1, keep);
        Swap(ref c, ref d, 1, keep);
        Swap(ref e, ref f, 1, keep);
        Swap(ref g, ref h, 1, keep);
        var even = Vector512.Create(0x00FF00FF00FF00FFUL);
        // In this order plane j ends in the 64-bit lane j.
        var first = Lanes(a & even, c & even, e & even, g & even, b & even, d & even, f & even, h & even);
        var second = Lanes(Odd(a), Odd(c), Odd(e), Odd(g), Odd(b), Odd(d), Odd(f), Odd(h));
        first.Store(all);
        second.Store(all + 32);
        return Vector512.Sum(first + second);
    }

    /// <summary>The bits that <paramref name="keep"/> names stay in x, the others change places with those of y a step below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Swap(ref Vector512<ulong> x, ref Vector512<ulong> y, [ConstantExpected] int step, Vector512<ulong> keep) =>
        (x, y) = (Vector512.ConditionalSelect(keep, x, y << step), Vector512.ConditionalSelect(keep, x >>> step, y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Odd(Vector512<ulong> bytes) => (bytes.AsUInt16() >>> 8).AsUInt64();

    /// <summary>Eight vectors of 16-bit numbers, each summed over its 64-bit lanes: pairs are halved and put together until one vector is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ushort> Lanes(
        Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d, Vector512<ulong> e, Vector512<ulong> f, Vector512<ulong> g, Vector512<ulong> h)
    {
        var left = Blocks(Blocks(a, b, 0x44, 0xEE), Blocks(c, d, 0x44, 0xEE), 0x88, 0xDD);
        var right = Blocks(Blocks(e, f, 0x44, 0xEE), Blocks(g, h, 0x44, 0xEE), 0x88, 0xDD);
        return Avx512F.UnpackLow(left, right).AsUInt16() + Avx512F.UnpackHigh(left, right).AsUInt16();
    }

    /// <summary>Two vectors' 128-bit blocks, chosen twice and added as 16-bit numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Blocks(Vector512<ulong> a, Vector512<ulong> b, [ConstantExpected] byte left, [ConstantExpected] byte right) =>
        (Avx512F.Shuffle4x128(a, b, left).AsUInt16() + Avx512F.Shuffle4x128(a, b, right).AsUInt16()).AsUInt64();
}
