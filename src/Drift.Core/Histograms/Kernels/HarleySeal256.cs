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

    /// <summary>Four vectors of words, made in step: each operation waits for the one before.</summary>
    void Four(T* from, out Vector256<ulong> a, out Vector256<ulong> b, out Vector256<ulong> c, out Vector256<ulong> d);
}

/// <summary>The same as <see cref="HarleySeal512"/> on half as wide vectors, for machines without AVX-512: a block has up to two times 240 vectors, so up to two sets of planes.</summary>
[SkipLocalsInit]
static unsafe class HarleySeal256
{
    const int Planes = 8, Group = 16, GroupsPerSet = 15, MaxSets = 2;

    /// <summary>Adds how many values have each bit from <paramref name="firstBit"/> on to the cells; returns their sum. The last group is filled up with what has none of these bits.</summary>
    public static int Count<T, TWords>(TWords words, T* values, int length, T filler, int firstBit, int cells, long* counts) where T : unmanaged where TWords : struct, IWords256<T>
    {
        var groupLength = Group * TWords.Length;
        var tail = stackalloc T[groupLength];
        var room = stackalloc byte[MaxSets * Planes * 32 + 31];
        var planes = (Vector256<ulong>*)((nuint)(room + 31) & ~(nuint)31);
        var (whole, rest, sets) = (length / groupLength, length % groupLength, 0);
        if (rest > 0)
        {
            new Span<T>(values + whole * groupLength, rest).CopyTo(new(tail, rest));
            new Span<T>(tail + rest, groupLength - rest).Fill(filler);
        }
        var groups = rest > 0 ? whole + 1 : whole;
        for (var first = 0; first < groups; first += GroupsPerSet)
            AddUp(words, values + first * groupLength, whole - first, Math.Min(GroupsPerSet, groups - first), tail, planes + Planes * sets++);
        return sets == 0 ? 0 : Flush(planes, sets, TWords.Bits, firstBit, cells, counts);
    }

    /// <summary>Fills a set of planes from <paramref name="whole"/> groups of values and, where <paramref name="groups"/> says one more, the tail.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void AddUp<T, TWords>(TWords given, T* values, int whole, int groups, T* tail, Vector256<ulong>* planes) where T : unmanaged where TWords : struct, IWords256<T>
    {
        var words = given;
        Vector256<ulong> p0 = default, p1 = default, p2 = default, p3 = default;
        (planes[4], planes[5], planes[6], planes[7]) = (p0, p0, p0, p0);
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
    static int Flush(Vector256<ulong>* planes, int sets, int bits, int firstBit, int cells, long* counts)
    {
        var used = (cells == 64 ? ulong.MaxValue : (1UL << cells) - 1) << firstBit;
        if (bits == 32) used |= used << 32;
        for (var set = 0; set < sets; set++) Turn(planes + Planes * set, Vector256.Create(used));
        var all = stackalloc ushort[64];
        var total = Lanes(planes, sets, all);
        if (bits == 32)
            for (var at = 0; at < 32; at += 16) (Vector256.Load(all + at) + Vector256.Load(all + at + 32)).Store(all + at);
        all += firstBit;
        var cell = 0;
        for (; cell <= cells - 4; cell += 4) (Vector256.Load(counts + cell) + Avx2.ConvertToVector256Int64(all + cell)).Store(counts + cell);
        for (; cell < cells; cell++) counts[cell] += all[cell];
        return total;
    }

    /// <summary>In each byte position, bit j of plane p becomes bit p of plane j: plane j then holds the counts of the positions 8k + j of each lane as bytes.</summary>
    static void Turn(Vector256<ulong>* planes, Vector256<ulong> used)
    {
        var (a, b, c, d) = (planes[0] & used, planes[1] & used, planes[2] & used, planes[3] & used);
        var (e, f, g, h) = (planes[4] & used, planes[5] & used, planes[6] & used, planes[7] & used);
        var keep = Vector256.Create(0x0F0F0F0F0F0F0F0FUL);
        Swap(ref a, ref e, 4, keep);
        Swap(ref b, ref f, 4, keep);
        Swap(ref c, ref g, 4, keep);
        Swap(ref d, ref h, 4, keep);
        keep = Vector256.Create(0x3333333333333333UL);
        Swap(ref a, ref c, 2, keep);
        Swap(ref b, ref d, 2, keep);
        Swap(ref e, ref g, 2, keep);
        Swap(ref f, ref h, 2, keep);
        keep = Vector256.Create(0x5555555555555555UL);
        Swap(ref a, ref b, 1, keep);
        Swap(ref c, ref d, 1, keep);
        Swap(ref e, ref f, 1, keep);
        Swap(ref g, ref h, 1, keep);
        (planes[0], planes[1], planes[2], planes[3]) = (a, b, c, d);
        (planes[4], planes[5], planes[6], planes[7]) = (e, f, g, h);
    }

    /// <summary>The bits that <paramref name="keep"/> names stay in x, the others change places with those of y a step below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Swap(ref Vector256<ulong> x, ref Vector256<ulong> y, [ConstantExpected] byte step, Vector256<ulong> keep)
    {
        var differ = ((x >>> step) ^ y) & keep;
        y ^= differ;
        x ^= differ << step;
    }

    /// <summary>Adds the bytes of the sets and of the four lanes as 16-bit numbers, in the order of the positions; returns their sum.</summary>
    static int Lanes(Vector256<ulong>* planes, int sets, ushort* all)
    {
        var (a, b, c, d) = (Pair(planes, sets), Pair(planes + 2, sets), Pair(planes + 4, sets), Pair(planes + 6, sets));
        // Each 128-bit half now has two neighbouring positions side by side, four times 16 positions apart: a transposition brings eight neighbours together.
        var (ab, cd) = (Avx2.UnpackLow(a, b), Avx2.UnpackLow(c, d));
        Avx2.UnpackLow(ab.AsUInt64(), cd.AsUInt64()).AsUInt16().Store(all);
        Avx2.UnpackHigh(ab.AsUInt64(), cd.AsUInt64()).AsUInt16().Store(all + 16);
        (ab, cd) = (Avx2.UnpackHigh(a, b), Avx2.UnpackHigh(c, d));
        Avx2.UnpackLow(ab.AsUInt64(), cd.AsUInt64()).AsUInt16().Store(all + 32);
        Avx2.UnpackHigh(ab.AsUInt64(), cd.AsUInt64()).AsUInt16().Store(all + 48);
        return Vector256.Sum((a.AsUInt16() + b.AsUInt16()) + (c.AsUInt16() + d.AsUInt16()));
    }

    /// <summary>The sums of two neighbouring planes: the even bytes in the lower half, the odd ones in the upper half.</summary>
    static Vector256<uint> Pair(Vector256<ulong>* planes, int sets)
    {
        var (left, right) = (planes[0], planes[1]);
        var (even, odd) = (Pair(Even(left), Even(right)), Pair(Odd(left), Odd(right)));
        if (sets > 1)
        {
            (left, right) = (planes[Planes], planes[Planes + 1]);
            (even, odd) = (even + Pair(Even(left), Even(right)), odd + Pair(Odd(left), Odd(right)));
        }
        var sums = Avx2.Permute2x128(even, odd, 0x20) + Avx2.Permute2x128(even, odd, 0x31);
        var neighbours = Vector256.Create((byte)0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15, 0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
        return Avx2.Shuffle(sums.AsByte(), neighbours).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Even(Vector256<ulong> bytes) => bytes & Vector256.Create(0x00FF00FF00FF00FFUL);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Odd(Vector256<ulong> bytes) => (bytes.AsUInt16() >>> 8).AsUInt64();

    /// <summary>Neighbouring 64-bit lanes of two vectors of 16-bit numbers added: a, b, a, b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ushort> Pair(Vector256<ulong> a, Vector256<ulong> b) => Avx2.UnpackLow(a, b).AsUInt16() + Avx2.UnpackHigh(a, b).AsUInt16();
}
