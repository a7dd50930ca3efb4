using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>More than 64 cells of equal width: the cells of a block as 16-bit numbers, then one increment each.</summary>
[SkipLocalsInit]
sealed unsafe class UniformIndex512(UniformRule rule) : CellKernel
{
    public override int Count(double* values, int length, long* counts)
    {
        var cells = stackalloc ushort[Block + 16];
        var (whole, outside) = (length & ~15, 0);
        Index(values, whole, cells);
        for (var i = 0; i < whole; i++)
            if (cells[i] < rule.Count) counts[cells[i]]++;
            else outside++;
        for (var i = whole; i < length; i++)
            if (rule.Position(values[i]) is >= 0 and var position && position < rule.Count) counts[(int)position]++;
            else outside++;
        return length - outside;
    }

    /// <summary>Count stands for everything outside; a NaN and what is too large for an int become 0x80000000, which is outside too.</summary>
    void Index(double* values, int length, ushort* cells)
    {
        var (scale, offset, most) = (Vector512.Create(rule.Scale), Vector512.Create(rule.Offset), Vector256.Create((uint)rule.Count));
        for (var i = 0; i < length; i += 16)
        {
            var low = Avx512F.ConvertToVector256Int32(Vector512.FusedMultiplyAdd(Vector512.Load(values + i), scale, offset), FloatRoundingMode.ToNegativeInfinity);
            var high = Avx512F.ConvertToVector256Int32(Vector512.FusedMultiplyAdd(Vector512.Load(values + i + 8), scale, offset), FloatRoundingMode.ToNegativeInfinity);
            Vector256.Narrow(Vector256.Min(low.AsUInt32(), most), Vector256.Min(high.AsUInt32(), most)).Store(cells + i);
        }
    }
}
