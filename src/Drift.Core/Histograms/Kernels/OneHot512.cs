using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>Reads 8 numbers as doubles, exactly.</summary>
unsafe interface ILoad512<T> where T : unmanaged
{
    static abstract Vector512<double> Eight(T* from);
}

readonly unsafe struct Doubles512 : ILoad512<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Eight(double* from) => Vector512.Load(from);
}

readonly unsafe struct Floats512 : ILoad512<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Eight(float* from) => Avx512F.ConvertToVector512Double(Vector256.Load(from));
}

/// <summary>What the kernels with one-hot words share: blocks of groups, the last group filled up with NaN, which no cell counts.</summary>
[SkipLocalsInit]
abstract unsafe class OneHot512 : CellKernel
{
    /// <summary>Values that become one carry.</summary>
    protected const int GroupLength = HarleySeal512.Group * 8;

    /// <summary>How far ahead memory is asked for, in bytes, into the second-level cache: more such requests can be under way than of those for the first level.</summary>
    public const int Ahead = 16384;

    readonly int firstBit, cells;

    /// <summary>Cell i is the bit i + firstBit.</summary>
    protected OneHot512(int firstBit, int cells) => (this.firstBit, this.cells) = (firstBit, cells);

    public sealed override int Count(double* values, int length, long* counts)
    {
        var tail = stackalloc double[GroupLength];
        return Count<double, Doubles512>(values, length, tail, double.NaN, counts);
    }

    public override int Count(float* values, int length, long* counts)
    {
        var tail = stackalloc float[GroupLength];
        // What fits into the planes once is half of what a block of floats may be.
        var first = Math.Min(length, Block);
        return Count<float, Floats512>(values, first, tail, float.NaN, counts) + (first < length ? Count<float, Floats512>(values + first, length - first, tail, float.NaN, counts) : 0);
    }

    int Count<T, TLoad>(T* values, int length, T* tail, T filler, long* counts) where T : unmanaged where TLoad : ILoad512<T>
    {
        var (whole, rest) = (length / GroupLength, length % GroupLength);
        if (rest > 0)
        {
            new Span<T>(values + whole * GroupLength, rest).CopyTo(new(tail, rest));
            new Span<T>(tail + rest, GroupLength - rest).Fill(filler);
        }
        var room = stackalloc byte[HarleySeal512.PlanesSize];
        var planes = HarleySeal512.Aligned(room);
        AddUp<T, TLoad>(values, whole, rest > 0 ? whole + 1 : whole, tail, planes);
        return HarleySeal512.Flush(planes, firstBit, cells, counts);
    }

    /// <summary>Fills the planes from <paramref name="whole"/> groups of values and, where <paramref name="groups"/> says one more, the tail.</summary>
    protected abstract void AddUp<T, TLoad>(T* values, int whole, int groups, T* tail, Vector512<ulong>* planes) where T : unmanaged where TLoad : ILoad512<T>;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static Vector512<double> Load<T, TLoad>(T* from) where T : unmanaged where TLoad : ILoad512<T>
    {
        Sse.Prefetch1((byte*)from + Ahead);
        return TLoad.Eight(from);
    }
}
