using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

readonly partial record struct SampleGrid
{
    /// <summary>The same as <see cref="Vectors"/> on half as wide vectors, for machines without AVX-512.</summary>
    (int Done, bool MayBeNaN) Vectors256(ReadOnlySpan<double> values, Span<ushort> cells)
    {
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(cells);
        var (centres, scale, last) = (Vector256.Create(centre), Vector256.Create(inverse), Vector256.Create(half - 1));
        var sum = Vector256<double>.Zero;
        var at = 0;
        for (; at <= values.Length - 16; at += 16)
        {
            var (a, b) = (Vector256.LoadUnsafe(ref from, (nuint)at), Vector256.LoadUnsafe(ref from, (nuint)at + 4));
            var (c, d) = (Vector256.LoadUnsafe(ref from, (nuint)at + 8), Vector256.LoadUnsafe(ref from, (nuint)at + 12));
            sum += (a + b) + (c + d);
            var narrow = Avx2.PackUnsignedSaturate(Cells(a, b, centres, scale, last).AsInt32(), Cells(c, d, centres, scale, last).AsInt32());
            // In each 128-bit half now lie two cells of a, two of b, c and d.
            Avx2.PermuteVar8x32(narrow.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsUInt16().StoreUnsafe(ref to, (nuint)at);
        }
        return (at, double.IsNaN(Vector256.Sum(sum)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector256<uint> Cells(Vector256<double> a, Vector256<double> b, Vector256<double> centres, Vector256<double> scale, Vector256<uint> last)
    {
        var (left, right, one) = (centres - a, centres - b, Vector256<double>.One);
        var position = Halves(Fma.MultiplyAdd(Vector256.Abs(left), scale, one), Fma.MultiplyAdd(Vector256.Abs(right), scale, one));
        var step = Vector256.Min((position - Vector256.Create(One)) >>> shift, last);
        var below = ~(Halves(left, right).AsInt32() >> 31).AsUInt32();
        return (step ^ below) + Vector256.Create(half);
    }

    /// <summary>The upper halves of eight doubles: two of a, two of b, and again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Halves(Vector256<double> a, Vector256<double> b) => Avx.Shuffle(a.AsSingle(), b.AsSingle(), 0xDD).AsUInt32();
}
