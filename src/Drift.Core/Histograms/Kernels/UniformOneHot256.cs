using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>The same as <see cref="UniformOneHot512"/> on half as wide vectors, for machines without AVX-512.</summary>
[SkipLocalsInit]
sealed unsafe class UniformOneHot256(UniformRule rule) : CellKernel
{
    const int GroupLength = 16 * 4;
    const int Planes = 8;
    const int MaxGroups = 15;

    public override int Count(double* values, int length, long* counts)
    {
        var counted = 0;
        for (; length > GroupLength * MaxGroups; values += GroupLength * MaxGroups, length -= GroupLength * MaxGroups) counted += CountPart(values, GroupLength * MaxGroups, counts);
        return counted + CountPart(values, length, counts);
    }

    int CountPart(double* values, int length, long* counts)
    {
        var tail = stackalloc double[GroupLength];
        var planes = stackalloc Vector256<ulong>[Planes];
        var (whole, rest) = (length / GroupLength, length % GroupLength);
        if (rest > 0)
        {
            new Span<double>(values + whole * GroupLength, rest).CopyTo(new(tail, rest));
            new Span<double>(tail + rest, GroupLength - rest).Fill(double.NaN);
        }
        AddUp(values, whole, rest > 0 ? whole + 1 : whole, tail, planes);
        return Flush(planes, counts);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void AddUp(double* values, int whole, int groups, double* tail, Vector256<ulong>* planes)
    {
        var (scale, offset) = (Vector256.Create(rule.Scale), Vector256.Create(rule.Offset));
        Vector256<ulong> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default, p6 = default, p7 = default;
        for (var group = 0; group < groups; group++)
        {
            var from = group < whole ? values + group * GroupLength : tail;
            var a = Four(from, scale, offset, ref p0, ref p1);
            var b = Four(from + 16, scale, offset, ref p0, ref p1);
            var ab = Add(ref p2, a, b);
            var c = Four(from + 32, scale, offset, ref p0, ref p1);
            var d = Four(from + 48, scale, offset, ref p0, ref p1);
            var cd = Add(ref p2, c, d);
            var carry = Add(ref p3, ab, cd);
            (p4, carry) = (p4 ^ carry, p4 & carry);
            (p5, carry) = (p5 ^ carry, p5 & carry);
            (p6, carry) = (p6 ^ carry, p6 & carry);
            p7 ^= carry;
        }
        (planes[0], planes[1], planes[2], planes[3]) = (p0, p1, p2, p3);
        (planes[4], planes[5], planes[6], planes[7]) = (p4, p5, p6, p7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Four(double* from, Vector256<double> scale, Vector256<double> offset, ref Vector256<ulong> ones, ref Vector256<ulong> twos)
    {
        var first = Add(ref ones, Word(from, scale, offset), Word(from + 4, scale, offset));
        var second = Add(ref ones, Word(from + 8, scale, offset), Word(from + 12, scale, offset));
        return Add(ref twos, first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Word(double* from, Vector256<double> scale, Vector256<double> offset)
    {
        // A NaN or a number too large for an int becomes 0x80000000: negative, so no shift that leaves a bit.
        var cell = Avx.ConvertToVector128Int32WithTruncation(Vector256.Floor(Fma.MultiplyAdd(Vector256.Load(from), scale, offset)));
        return Avx2.ShiftLeftLogicalVariable(Vector256<ulong>.One, Avx2.ConvertToVector256Int64(cell).AsUInt64());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Add(ref Vector256<ulong> sum, Vector256<ulong> b, Vector256<ulong> c)
    {
        var differ = sum ^ b;
        var carry = (sum & b) | (differ & c);
        sum = differ ^ c;
        return carry;
    }

    /// <summary>Gathers the planes' bits j, j + 8, .. into bytes, and adds the four lanes' bytes to the cells.</summary>
    int Flush(Vector256<ulong>* planes, long* counts)
    {
        var bytes = stackalloc byte[32];
        var (one, total) = (Vector256.Create((byte)1).AsUInt64(), 0);
        for (var j = 0; j < 8; j++)
        {
            var sum = Vector256<byte>.Zero;
            for (var plane = Planes - 1; plane >= 0; plane--) sum = sum + sum + ((planes[plane] >>> j) & one).AsByte();
            sum.Store(bytes);
            for (int i = 0, cell = j; cell < rule.Count; i++, cell += 8)
            {
                var count = bytes[i] + bytes[i + 8] + bytes[i + 16] + bytes[i + 24];
                counts[cell] += count;
                total += count;
            }
        }
        return total;
    }
}
