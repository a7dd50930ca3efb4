using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    readonly void Collect(int row)
    {
        ref var end = ref ends![cells![row]];
        if (end != Skipped) gathered![end++] = values[row];
    }
}
