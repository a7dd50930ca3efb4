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
abstract unsafe class OneHot512 : CellKernel
{
    /// <summary>Values that become one carry.</summary>
    protected const int GroupLength = HarleySeal512.Group * 8;

    /// <summary>How far ahead memory is asked for, in bytes: far enough to hide a trip to the memory, near enough to stay in the first-level cache.</summary>
    const int Ahead = 16384;

    readonly int firstBit, cells;

    /// <summary>Cell i is the bit i + firstBit.</summary>
    protected OneHot512(int firstBit, int cells) => (this.firstBit, this.cells) = (firstBit, cells);

    public sealed override int Count(double* values, int length, long* counts)
    {
        var tail = stackalloc double[GroupLength];
        return Count<double, Doubles512>(values, length, tail, double.NaN, counts);
    }

    public sealed override int Count(float* values, int length, long* counts)
    {
        var tail = stackalloc float[GroupLength];
        return Count<float, Floats512>(values, length, tail, float.NaN, counts);
    }

    int Count<T, TLoad>(T* values, int length, T* tail, T filler, long* counts) where T : unmanaged where TLoad : ILoad512<T>
    {
        var (whole, rest) = (length / GroupLength, length % GroupLength);
        if (rest > 0)
        {
            new Span<T>(values + whole * GroupLength, rest).CopyTo(new(tail, rest));
            new Span<T>(tail + rest, GroupLength - rest).Fill(filler);
        }
        // The stack is aligned to 16 bytes; a plane across two cache lines would cost more than the whole alignment.
        var room = stackalloc byte[HarleySeal512.Planes * 64 + 63];
        var planes = (Vector512<ulong>*)((nuint)(room + 63) & ~(nuint)63);
        AddUp<T, TLoad>(values, whole, rest > 0 ? whole + 1 : whole, tail, planes);
        return HarleySeal512.Flush(planes, firstBit, cells, counts);
    }

    /// <summary>Fills the planes from <paramref name="whole"/> groups of values and, where <paramref name="groups"/> says one more, the tail.</summary>
    protected abstract void AddUp<T, TLoad>(T* values, int whole, int groups, T* tail, Vector512<ulong>* planes) where T : unmanaged where TLoad : ILoad512<T>;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static Vector512<double> Load<T, TLoad>(T* from) where T : unmanaged where TLoad : ILoad512<T>
    {
        Sse.Prefetch0((byte*)from + Ahead);
        return TLoad.Eight(from);
    }
}
