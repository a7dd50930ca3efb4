using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>Up to 32 cells of equal width for floats, 16 at a time: <see cref="FloatRule"/>, its table in two registers. A word has 32 bits, two words share a lane.</summary>
[SkipLocalsInit]
sealed unsafe class FloatOneHot512
{
    const int GroupLength = HarleySeal512.Group * 16;

    readonly int cells;
    readonly FloatRule rule;
    readonly Vector512<float> low, high;

    public FloatOneHot512(FloatRule rule)
    {
        (this.rule, cells) = (rule, rule.First.Length);
        Span<float> table = stackalloc float[FloatRule.MaxCells];
        table.Fill(float.NaN); // nothing is below what is not there
        rule.First.CopyTo(table);
        (low, high) = (Vector512.Create<float>(table), Vector512.Create<float>(table[16..]));
    }

    /// <summary>Like <see cref="CellKernel.Count(float*, int, long*)"/>.</summary>
    public int Count(float* values, int length, long* counts)
    {
        var tail = stackalloc float[GroupLength];
        var (whole, rest) = (length / GroupLength, length % GroupLength);
        if (rest > 0)
        {
            new Span<float>(values + whole * GroupLength, rest).CopyTo(new(tail, rest));
            new Span<float>(tail + rest, GroupLength - rest).Fill(float.NaN);
        }
        var room = stackalloc byte[HarleySeal512.PlanesSize];
        var planes = HarleySeal512.Aligned(room);
        AddUp(values, whole, rest > 0 ? whole + 1 : whole, tail, planes);
        return HarleySeal512.FlushHalves(planes, cells, counts);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void AddUp(float* values, int whole, int groups, float* tail, Vector512<ulong>* planes)
    {
        var (scale, offset, low, high) = (Vector512.Create(rule.Scale), Vector512.Create(rule.Offset), this.low, this.high);
        Vector512<ulong> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default, p6 = default, p7 = default;
        for (var group = 0; group < groups; group++)
        {
            var from = group < whole ? values + group * GroupLength : tail;
            var a = Four(from, scale, offset, low, high, ref p0, ref p1);
            var b = Four(from + 64, scale, offset, low, high, ref p0, ref p1);
            var ab = HarleySeal512.Add(ref p2, a, b);
            var c = Four(from + 128, scale, offset, low, high, ref p0, ref p1);
            var d = Four(from + 192, scale, offset, low, high, ref p0, ref p1);
            var cd = HarleySeal512.Add(ref p2, c, d);
            HarleySeal512.Ripple(HarleySeal512.Add(ref p3, ab, cd), ref p4, ref p5, ref p6, ref p7);
        }
        (planes[0], planes[1], planes[2], planes[3]) = (p0, p1, p2, p3);
        (planes[4], planes[5], planes[6], planes[7]) = (p4, p5, p6, p7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Four(
        float* from, Vector512<float> scale, Vector512<float> offset, Vector512<float> low, Vector512<float> high, ref Vector512<ulong> ones, ref Vector512<ulong> twos) =>
        HarleySeal512.AddFour(
            ref ones,
            ref twos,
            Word(from, scale, offset, low, high),
            Word(from + 16, scale, offset, low, high),
            Word(from + 32, scale, offset, low, high),
            Word(from + 48, scale, offset, low, high));

    /// <summary>The lookup takes the lowest five bits of i. For any other i x is below or above all cells, and stays so whatever it is compared with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Word(float* from, Vector512<float> scale, Vector512<float> offset, Vector512<float> low, Vector512<float> high)
    {
        Sse.Prefetch1((byte*)from + OneHot512.Ahead);
        var x = Vector512.Load(from);
        var i = Avx512F.ConvertToVector512Int32(Vector512.FusedMultiplyAdd(x, scale, offset), FloatRoundingMode.ToNegativeInfinity);
        var early = Vector512.LessThan(x, Avx512F.PermuteVar16x32x2(low, i, high)).AsInt32();
        i = Vector512.ConditionalSelect(early, i - Vector512<int>.One, i);
        return Avx512F.ShiftLeftLogicalVariable(Vector512<uint>.One, i.AsUInt32()).AsUInt64();
    }
}
