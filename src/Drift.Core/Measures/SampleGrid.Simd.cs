using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

readonly partial record struct SampleGrid
{
    /// <summary><see cref="CellOf"/> for 32 numbers at a time, as many as 16-bit cells fill a vector; returns how many were done and whether one may be NaN.</summary>
    (int Done, bool MayBeNaN) Vectors(ReadOnlySpan<double> values, Span<ushort> cells)
    {
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(cells);
        var sum = Vector512<double>.Zero; // a NaN makes it a NaN; so do infinities of both signs, which only costs a second look
        var at = 0;
        for (; at <= values.Length - 32; at += 32)
        {
            var (a, b) = (Vector512.LoadUnsafe(ref from, (nuint)at), Vector512.LoadUnsafe(ref from, (nuint)at + 8));
            var (c, d) = (Vector512.LoadUnsafe(ref from, (nuint)at + 16), Vector512.LoadUnsafe(ref from, (nuint)at + 24));
            sum += (a + b) + (c + d);
            Vector512.Narrow(Cells(a, b), Cells(c, d)).StoreUnsafe(ref to, (nuint)at);
        }
        return (at, double.IsNaN(Vector512.Sum(sum)));
    }

    Vector512<uint> Cells(Vector512<double> a, Vector512<double> b)
    {
        var (left, right) = (Vector512.Create(centre) - a, Vector512.Create(centre) - b);
        var (scale, one) = (Vector512.Create(inverse), Vector512<double>.One);
        var position = Upper(Vector512.FusedMultiplyAdd(Vector512.Abs(left), scale, one), Vector512.FusedMultiplyAdd(Vector512.Abs(right), scale, one));
        var step = Vector512.Min((position - Vector512.Create(One)) >>> shift, Vector512.Create(half - 1));
        var below = ~(Upper(left, right).AsInt32() >> 31).AsUInt32();
        return (step ^ below) + Vector512.Create(half);
    }

    /// <summary>The upper halves of 16 doubles.</summary>
    static Vector512<uint> Upper(Vector512<double> a, Vector512<double> b) =>
        Avx512F.PermuteVar16x32x2(a.AsUInt32(), Vector512.Create(1u, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31), b.AsUInt32());
}
