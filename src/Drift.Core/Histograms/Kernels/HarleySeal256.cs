using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>Makes one-hot words of the next few values, 32 bits or 64 wide.</summary>
unsafe interface IWords256<T> where T : unmanaged
{
    /// <summary>Values per vector of words.</summary>
    static abstract int Length { get; }

    /// <summary>Bits of a word.</summary>
    static abstract int Bits { get; }

    /// <summary>Four vectors of words.</summary>
    void Four(T* from, out Vector256<ulong> a, out Vector256<ulong> b, out Vector256<ulong> c, out Vector256<ulong> d);
}

/// <summary>The same as <see cref="HarleySeal512"/> on half as wide vectors, for machines without AVX-512: a block has up to 480 vectors, which need a ninth plane.</summary>
[SkipLocalsInit]
static unsafe class HarleySeal256
{
    const int Planes = 9, Group = 16;

    /// <summary>Adds how many values have each bit from <paramref name="firstBit"/> on to the cells; returns their sum. The last group is filled up with what has none of these bits.</summary>
    public static int Count<T, TWords>(TWords words, T* values, int length, T filler, int firstBit, int cells, long* counts) where T : unmanaged where TWords : struct, IWords256<T>
    {
        var groupLength = Group * TWords.Length;
        var tail = stackalloc T[groupLength];
        var room = stackalloc byte[Planes * 32 + 31];
        var planes = (Vector256<ulong>*)((nuint)(room + 31) & ~(nuint)31);
        var (whole, rest) = (length / groupLength, length % groupLength);
        if (rest > 0)
        {
            new Span<T>(values + whole * groupLength, rest).CopyTo(new(tail, rest));
            new Span<T>(tail + rest, groupLength - rest).Fill(filler);
        }
        AddUp(words, values, whole, rest > 0 ? whole + 1 : whole, tail, planes);
        return Flush(planes, TWords.Bits, firstBit, cells, counts);
    }

    /// <summary>Fills the planes from <paramref name="whole"/> groups of values and, where <paramref name="groups"/> says one more, the tail.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void AddUp<T, TWords>(TWords given, T* values, int whole, int groups, T* tail, Vector256<ulong>* planes) where T : unmanaged where TWords : struct, IWords256<T>
    {
        var words = given;
        Vector256<ulong> p0 = default, p1 = default, p2 = default, p3 = default;
        for (var plane = 4; plane < Planes; plane++) planes[plane] = p0;
        for (var group = 0; group < groups; group++)
        {
            var from = group < whole ? values + group * Group * TWords.Length : tail;
            var a = Four(words, from, ref p0, ref p1);
            var b = Four(words, from + 4 * TWords.Length, ref p0, ref p1);
            var ab = Add(ref p2, a, b);
            var c = Four(words, from + 8 * TWords.Length, ref p0, ref p1);
            var d = Four(words, from + 12 * TWords.Length, ref p0, ref p1);
            var cd = Add(ref p2, c, d);
            var carry = Add(ref p3, ab, cd);
            // Once in a group: not worth registers, which the words need.
            for (var plane = 4; plane < Planes; plane++)
            {
                var was = planes[plane];
                planes[plane] = was ^ carry;
                carry &= was;
            }
        }
        (planes[0], planes[1], planes[2], planes[3]) = (p0, p1, p2, p3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Four<T, TWords>(TWords words, T* from, ref Vector256<ulong> ones, ref Vector256<ulong> twos) where T : unmanaged where TWords : struct, IWords256<T>
    {
        words.Four(from, out var a, out var b, out var c, out var d);
        var first = Add(ref ones, a, b);
        var second = Add(ref ones, c, d);
        return Add(ref twos, first, second);
    }

    /// <summary>Adds two words of weight w to a sum of weight w; the carry has weight 2w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Add(ref Vector256<ulong> sum, Vector256<ulong> b, Vector256<ulong> c)
    {
        var differ = sum ^ b;
        var carry = (sum & b) | (differ & c);
        sum = differ ^ c;
        return carry;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static int Flush(Vector256<ulong>* planes, int bits, int firstBit, int cells, long* counts)
    {
        var used = (cells == 64 ? ulong.MaxValue : (1UL << cells) - 1) << firstBit;
        if (bits == 32) used |= used << 32;
        var all = stackalloc ushort[64];
        var total = Counts(planes, Vector256.Create(used), all);
        if (bits == 32)
            for (var at = 0; at < 32; at += 16) (Vector256.Load(all + at) + Vector256.Load(all + at + 32)).Store(all + at);
        all += firstBit;
        var cell = 0;
        for (; cell <= cells - 4; cell += 4) (Vector256.Load(counts + cell) + Avx2.ConvertToVector256Int64(all + cell)).Store(counts + cell);
        for (; cell < cells; cell++) counts[cell] += all[cell];
        return total;
    }

    /// <summary>
    /// The counts of the positions in use as 16-bit numbers, and their sum. First, in each byte position, bit j of plane p becomes bit p of plane j, so that
    /// plane j holds the counts of the positions 8k + j of each lane as bytes, without the ninth plane; then that one and the lanes are added.
    /// </summary>
    static int Counts(Vector256<ulong>* planes, Vector256<ulong> used, ushort* all)
    {
        var (p0, p1, p2, p3) = (planes[0] & used, planes[1] & used, planes[2] & used, planes[3] & used);
        var (p4, p5, p6, p7) = (planes[4] & used, planes[5] & used, planes[6] & used, planes[7] & used);
        var keep = Vector256.Create(0x0F0F0F0F0F0F0F0FUL);
        Swap(ref p0, ref p4, 4, keep);
        Swap(ref p1, ref p5, 4, keep);
        Swap(ref p2, ref p6, 4, keep);
        Swap(ref p3, ref p7, 4, keep);
        keep = Vector256.Create(0x3333333333333333UL);
        Swap(ref p0, ref p2, 2, keep);
        Swap(ref p1, ref p3, 2, keep);
        Swap(ref p4, ref p6, 2, keep);
        Swap(ref p5, ref p7, 2, keep);
        keep = Vector256.Create(0x5555555555555555UL);
        Swap(ref p0, ref p1, 1, keep);
        Swap(ref p2, ref p3, 1, keep);
        Swap(ref p4, ref p5, 1, keep);
        Swap(ref p6, ref p7, 1, keep);
        var ninth = planes[8] & used;
        var (a, b, c, d) = (Pair(p0, p1, ninth), Pair(p2, p3, ninth >>> 2), Pair(p4, p5, ninth >>> 4), Pair(p6, p7, ninth >>> 6));
        // Each 128-bit half now has two neighbouring positions side by side, four times 16 positions apart: a transposition brings eight neighbours together.
        var (ab, cd) = (Avx2.UnpackLow(a, b), Avx2.UnpackLow(c, d));
        Avx2.UnpackLow(ab.AsUInt64(), cd.AsUInt64()).AsUInt16().Store(all);
        Avx2.UnpackHigh(ab.AsUInt64(), cd.AsUInt64()).AsUInt16().Store(all + 16);
        (ab, cd) = (Avx2.UnpackHigh(a, b), Avx2.UnpackHigh(c, d));
        Avx2.UnpackLow(ab.AsUInt64(), cd.AsUInt64()).AsUInt16().Store(all + 32);
        Avx2.UnpackHigh(ab.AsUInt64(), cd.AsUInt64()).AsUInt16().Store(all + 48);
        return Vector256.Sum((a.AsUInt16() + b.AsUInt16()) + (c.AsUInt16() + d.AsUInt16()));
    }

    /// <summary>The bits that <paramref name="keep"/> names stay in x, the others change places with those of y a step below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Swap(ref Vector256<ulong> x, ref Vector256<ulong> y, [ConstantExpected] byte step, Vector256<ulong> keep)
    {
        var differ = ((x >>> step) ^ y) & keep;
        y ^= differ;
        x ^= differ << step;
    }

    /// <summary>The sums of two neighbouring planes over the lanes: the even bytes in the lower half, the odd ones in the upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Pair(Vector256<ulong> left, Vector256<ulong> right, Vector256<ulong> ninth)
    {
        var (even, odd) = (Pair(Even(left, ninth), Even(right, ninth >>> 1)), Pair(Odd(left, ninth), Odd(right, ninth >>> 1)));
        var sums = Avx2.Permute2x128(even, odd, 0x20) + Avx2.Permute2x128(even, odd, 0x31);
        var neighbours = Vector256.Create((byte)0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15, 0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
        return Avx2.Shuffle(sums.AsByte(), neighbours).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Even(Vector256<ulong> bytes, Vector256<ulong> ninth) => (bytes & Vector256.Create(0x00FF00FF00FF00FFUL)) | ((ninth << 8) & Vector256.Create(0x0100010001000100UL));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Odd(Vector256<ulong> bytes, Vector256<ulong> ninth) => (bytes.AsUInt16() >>> 8).AsUInt64() | (ninth & Vector256.Create(0x0100010001000100UL));

    /// <summary>Neighbouring 64-bit lanes of two vectors of 16-bit numbers added: a, b, a, b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ushort> Pair(Vector256<ulong> a, Vector256<ulong> b) => Avx2.UnpackLow(a, b).AsUInt16() + Avx2.UnpackHigh(a, b).AsUInt16();
}
