using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>Up to 64 cells of equal width: 1 shifted by floor(fma(x, scale, offset)). A shift by anything outside 0..63, and so a NaN, leaves no bit.</summary>
sealed unsafe class UniformOneHot512(UniformRule rule, FloatRule? floats) : OneHot512(0, rule.Count)
{
    readonly FloatOneHot512? narrow = floats is { } own ? new(own) : null;

    public override int Count(float* values, int length, long* counts) => narrow is null ? base.Count(values, length, counts) : narrow.Count(values, length, counts);

    [MethodImpl(MethodImplOptions.NoInlining)]
    protected override void AddUp<T, TLoad>(T* values, int whole, int groups, T* tail, Vector512<ulong>* planes)
    {
        var (scale, offset) = (Vector512.Create(rule.Scale), Vector512.Create(rule.Offset));
        Vector512<ulong> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default, p6 = default, p7 = default;
        for (var group = 0; group < groups; group++)
        {
            var from = group < whole ? values + group * GroupLength : tail;
            var a = Four<T, TLoad>(from, scale, offset, ref p0, ref p1);
            var b = Four<T, TLoad>(from + 32, scale, offset, ref p0, ref p1);
            var ab = HarleySeal512.Add(ref p2, a, b);
            var c = Four<T, TLoad>(from + 64, scale, offset, ref p0, ref p1);
            var d = Four<T, TLoad>(from + 96, scale, offset, ref p0, ref p1);
            var cd = HarleySeal512.Add(ref p2, c, d);
            HarleySeal512.Ripple(HarleySeal512.Add(ref p3, ab, cd), ref p4, ref p5, ref p6, ref p7);
        }
        (planes[0], planes[1], planes[2], planes[3]) = (p0, p1, p2, p3);
        (planes[4], planes[5], planes[6], planes[7]) = (p4, p5, p6, p7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Four<T, TLoad>(T* from, Vector512<double> scale, Vector512<double> offset, ref Vector512<ulong> ones, ref Vector512<ulong> twos)
        where T : unmanaged where TLoad : ILoad512<T> => HarleySeal512.AddFour(
            ref ones,
            ref twos,
            Word(Load<T, TLoad>(from), scale, offset),
            Word(Load<T, TLoad>(from + 8), scale, offset),
            Word(Load<T, TLoad>(from + 16), scale, offset),
            Word(Load<T, TLoad>(from + 24), scale, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Word(Vector512<double> x, Vector512<double> scale, Vector512<double> offset)
    {
        var cell = Avx512DQ.ConvertToVector512Int64(Vector512.FusedMultiplyAdd(x, scale, offset), FloatRoundingMode.ToNegativeInfinity);
        return Avx512F.ShiftLeftLogicalVariable(Vector512<ulong>.One, cell.AsUInt64());
    }
}
