using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>One way to count values into the cells of one binning; which one is best is decided once, when the binning is first counted with.</summary>
[SkipLocalsInit]
abstract unsafe class CellKernel
{
    /// <summary>As many values stay in the first-level cache until all is done with them, and 240 vectors of 8 fit into the planes of the one-hot kernels.</summary>
    public const int Block = 1920;

    /// <summary>The same for floats, of which twice as many take up the same room.</summary>
    public const int FloatBlock = 2 * Block;

    /// <summary>Adds how many of at most <see cref="Block"/> values lie in each cell; returns how many that were.</summary>
    /// <remarks>A value outside [first, last edge] or NaN is never counted. A value of the last cell may be left out, the caller knows why: what is neither counted nor outside.</remarks>
    public abstract int Count(double* values, int length, long* counts);

    /// <summary>The same for at most <see cref="FloatBlock"/> floats.</summary>
    public virtual int Count(float* values, int length, long* counts)
    {
        var doubles = stackalloc double[Block];
        var counted = 0;
        for (var at = 0; at < length; at += Block)
        {
            var part = new ReadOnlySpan<float>(values + at, Math.Min(Block, length - at));
            TensorPrimitives.ConvertTruncating(part, new Span<double>(doubles, Block));
            counted += Count(doubles, part.Length, counts);
        }
        return counted;
    }

    public static CellKernel For(Binning binning)
    {
        if (Avx512DQ.IsSupported && Avx512BW.IsSupported)
        {
            if (binning.UniformRule is { } rule) return binning.Count <= 64 ? new UniformOneHot512(rule, FloatRule.Fit(rule, binning.Edges)) : new UniformIndex512(rule);
            if (binning.Count <= TreeOneHot512.MaxCells) return new TreeOneHot512(binning.Edges);
        }
        else if (Avx2.IsSupported && Fma.IsSupported)
        {
            if (binning.Count <= 64 && binning.UniformRule is { } rule) return new UniformOneHot256(rule);
            if (binning.UniformRule is null && TreeOneHot256.Fit(binning.Edges) is { } tree) return tree;
        }
        return binning.Count <= ComparedEdges.MaxCells ? new ComparedEdges(binning) : new EdgeTable(binning);
    }
}
