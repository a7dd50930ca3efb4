using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

ref partial struct SampleCells
{
    /// <summary>The same for cells from one to another, looking at 32 rows at once and only at those between.</summary>
    readonly void Collect(int first, int last)
    {
        ref var cell = ref MemoryMarshal.GetArrayDataReference(cells!);
        var (low, width) = (Vector512.Create((ushort)first), Vector512.Create((ushort)(last - first)));
        var at = 0;
        for (; at <= values.Length - 32; at += 32)
            for (var between = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref cell, (nuint)at) - low, width).ExtractMostSignificantBits(); between != 0; between &= between - 1)
                Collect(at + BitOperations.TrailingZeroCount(between));
        for (; at < values.Length; at++) Collect(at);
    }

    /// <summary>The same on half as wide vectors, for machines without AVX-512.</summary>
    readonly void Collect256(int first, int last)
    {
        ref var cell = ref MemoryMarshal.GetArrayDataReference(cells!);
        var (low, width) = (Vector256.Create((ushort)first), Vector256.Create((ushort)(last - first)));
        var at = 0;
        for (; at <= values.Length - 32; at += 32)
        {
            var lower = Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref cell, (nuint)at) - low, width);
            var upper = Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref cell, (nuint)at + 16) - low, width);
            // Packing takes 128-bit halves in turns.
            var both = Avx2.Permute4x64(Avx2.PackSignedSaturate(lower.AsInt16(), upper.AsInt16()).AsInt64(), 0b11_01_10_00).AsByte();
            for (var between = both.ExtractMostSignificantBits(); between != 0; between &= between - 1) Collect(at + BitOperations.TrailingZeroCount(between));
        }
        for (; at < values.Length; at++) Collect(at);
    }

    readonly void Collect(int row)
    {
        ref var end = ref ends![cells![row]];
        if (end != Skipped) gathered![end++] = values[row];
    }
}
