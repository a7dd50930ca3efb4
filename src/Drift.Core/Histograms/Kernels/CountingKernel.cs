using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Drift;

/// <summary>Counts values into cells exactly as <see cref="Binning.BinOf"/> says.</summary>
[SkipLocalsInit]
static unsafe class CountingKernel
{
    /// <summary>Below this, one value at a time is faster than filling vectors.</summary>
    const int FewValues = 12;

    public static void Count(Binning binning, ReadOnlySpan<double> values, Span<long> counts, ref Outside outside)
    {
        for (; values.Length > CellKernel.Block; values = values[CellKernel.Block..]) CountBlock(binning, values[..CellKernel.Block], counts, ref outside, inside: false);
        CountBlock(binning, values, counts, ref outside, inside: false);
    }

    /// <summary>Floats, each one compared as the double that it is.</summary>
    public static void Count(Binning binning, ReadOnlySpan<float> values, Span<long> counts, ref Outside outside)
    {
        Span<double> room = stackalloc double[CellKernel.FloatBlock];
        for (; !values.IsEmpty; values = values[Math.Min(CellKernel.FloatBlock, values.Length)..])
        {
            var block = values[..Math.Min(CellKernel.FloatBlock, values.Length)];
            var counted = 0;
            if (block.Length >= FewValues)
            {
                fixed (float* source = block)
                fixed (long* cells = counts)
                    counted = binning.Kernel.Count(source, block.Length, cells);
                if (counted == block.Length) continue;
            }
            var doubles = room[..block.Length];
            TensorPrimitives.ConvertTruncating(block, doubles);
            if (counted == 0) Count(binning, doubles, counts, ref outside);
            else Settle(binning, doubles, counted, counts, ref outside);
        }
    }

    /// <summary>Counts one block of at most <see cref="CellKernel.Block"/> values.</summary>
    /// <param name="binning">The cells.</param>
    /// <param name="values">The block.</param>
    /// <param name="counts">One count per cell, added to.</param>
    /// <param name="outside">What lies in no cell, added to.</param>
    /// <param name="inside">The caller knows that every value lies between the first and the last edge, so nothing needs to be classified.</param>
    public static void CountBlock(Binning binning, ReadOnlySpan<double> values, Span<long> counts, ref Outside outside, bool inside)
    {
        if (values.Length < FewValues || !inside && MayMisplace(binning) && HasTinyNegative(values))
        {
            CountScalar(binning, values, counts, ref outside);
            return;
        }
        int counted;
        fixed (double* source = values)
        fixed (long* cells = counts)
            counted = binning.Kernel.Count(source, values.Length, cells);
        if (inside) counts[^1] += values.Length - counted;
        else if (counted != values.Length) Settle(binning, values, counted, counts, ref outside);
    }

    /// <summary>Says of the values that the kernel left out where they belong: what is not outside all cells lies at the end of the last one.</summary>
    static void Settle(Binning binning, ReadOnlySpan<double> values, int counted, Span<long> counts, ref Outside outside)
    {
        var before = outside.Total;
        outside.Add(values, binning.Edges[0], binning.Edges[^1]);
        counts[^1] += values.Length - counted - (outside.Total - before);
    }

    static bool MayMisplace(Binning binning) => binning.UniformRule is { MissesTinyNegatives: true };

    static bool HasTinyNegative(ReadOnlySpan<double> values)
    {
        var found = false;
        foreach (var x in values) found |= UniformRule.IsTinyNegative(x);
        return found;
    }

    /// <summary>The specification: one value at a time.</summary>
    public static void CountScalar(Binning binning, ReadOnlySpan<double> values, Span<long> counts, ref Outside outside)
    {
        foreach (var x in values)
        {
            var cell = binning.BinOf(x);
            if (cell >= 0) counts[cell]++;
            else outside.Add(cell);
        }
    }
}
