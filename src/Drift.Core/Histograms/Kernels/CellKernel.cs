using System.Numerics.Tensors;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>One way to count values into the cells of one binning; which one is best is decided once, when the binning is first counted with.</summary>
abstract unsafe class CellKernel
{
    /// <summary>The values that are counted before anything else is done with them, in bytes: they stay in the first-level cache.</summary>
    public const int Block = 1920;

    /// <summary>Adds how many of at most <see cref="Block"/> values lie in each cell; returns how many that were.</summary>
    /// <remarks>A value outside [first, last edge] or NaN is never counted. A value of the last cell may be left out, the caller knows why: what is neither counted nor outside.</remarks>
    public abstract int Count(double* values, int length, long* counts);

    /// <inheritdoc cref="Count(double*, int, long*)"/>
    public virtual int Count(float* values, int length, long* counts)
    {
        var doubles = stackalloc double[Block];
        TensorPrimitives.ConvertTruncating(new ReadOnlySpan<float>(values, length), new Span<double>(doubles, length));
        return Count(doubles, length, counts);
    }

    public static CellKernel For(Binning binning)
    {
        if (Avx512DQ.IsSupported && Avx512BW.IsSupported)
        {
            if (binning.UniformRule is { } rule) return binning.Count <= 64 ? new UniformOneHot512(rule) : new UniformIndex512(rule);
            if (binning.Count <= TreeOneHot512.MaxCells) return new TreeOneHot512(binning.Edges);
        }
        else if (Avx2.IsSupported && Fma.IsSupported && binning.Count <= 64 && binning.UniformRule is { } rule) return new UniformOneHot256(rule);
        return binning.Count <= ComparedEdges.MaxCells ? new ComparedEdges(binning) : new EdgeTable(binning);
    }
}
