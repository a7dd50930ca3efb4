using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>Reads 4 numbers as doubles, exactly.</summary>
unsafe interface ILoad256<T> where T : unmanaged
{
    static abstract Vector256<double> Four(T* from);
}

readonly unsafe struct Doubles256 : ILoad256<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Four(double* from) => Vector256.Load(from);
}

readonly unsafe struct Floats256 : ILoad256<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Four(float* from) => Avx.ConvertToVector256Double(Vector128.Load(from));
}

/// <summary>The same as <see cref="UniformOneHot512"/> on half as wide vectors, for machines without AVX-512.</summary>
sealed unsafe class UniformOneHot256(UniformRule rule) : CellKernel
{
    /// <summary>How far ahead memory is asked for, in bytes.</summary>
    const int Ahead = 4096;

    /// <summary>Cells for which a word of 32 bits is enough.</summary>
    const int MaxNarrow = 32;

    public override int Count(double* values, int length, long* counts) =>
        rule.Count <= MaxNarrow ? CountNarrow<double, Doubles256>(values, length, double.NaN, counts) : CountWide<double, Doubles256>(values, length, double.NaN, counts);

    public override int Count(float* values, int length, long* counts)
    {
        if (rule.Count <= MaxNarrow) return CountNarrow<float, Floats256>(values, length, float.NaN, counts);
        // What fits into the planes once is half of what a block of floats may be.
        var first = Math.Min(length, Block);
        return CountWide<float, Floats256>(values, first, float.NaN, counts) + CountWide<float, Floats256>(values + first, length - first, float.NaN, counts);
    }

    int CountNarrow<T, TLoad>(T* values, int length, T filler, long* counts) where T : unmanaged where TLoad : ILoad256<T> =>
        HarleySeal256.Count(new Narrow<T, TLoad>(rule), values, length, filler, 0, rule.Count, counts);

    int CountWide<T, TLoad>(T* values, int length, T filler, long* counts) where T : unmanaged where TLoad : ILoad256<T> =>
        HarleySeal256.Count(new Wide<T, TLoad>(rule), values, length, filler, 0, rule.Count, counts);

    /// <summary>The cells of 16 values as doubles without a fraction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Cells<T, TLoad>(
        T* from, Vector256<double> scale, Vector256<double> offset, out Vector256<double> a, out Vector256<double> b, out Vector256<double> c, out Vector256<double> d)
        where T : unmanaged where TLoad : ILoad256<T>
    {
        // One request for each line of the cache.
        Sse.Prefetch1((byte*)from + Ahead);
        if (sizeof(T) > sizeof(float)) Sse.Prefetch1((byte*)from + Ahead + 64);
        a = Vector256.Floor(Fma.MultiplyAdd(TLoad.Four(from), scale, offset));
        b = Vector256.Floor(Fma.MultiplyAdd(TLoad.Four(from + 4), scale, offset));
        c = Vector256.Floor(Fma.MultiplyAdd(TLoad.Four(from + 8), scale, offset));
        d = Vector256.Floor(Fma.MultiplyAdd(TLoad.Four(from + 12), scale, offset));
    }

    /// <summary>Words of 64 bits.</summary>
    readonly struct Wide<T, TLoad>(UniformRule rule) : IWords256<T> where T : unmanaged where TLoad : ILoad256<T>
    {
        /// <summary>1.5 * 2^52: its sum with a whole number has that number in its lowest bits. A sum with anything else differs from it by no number of 0 to 63.</summary>
        const double Whole = 6755399441055744.0;

        readonly Vector256<double> scale = Vector256.Create(rule.Scale), offset = Vector256.Create(rule.Offset);

        public static int Length => 4;

        public static int Bits => 64;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Four(T* from, out Vector256<ulong> a, out Vector256<ulong> b, out Vector256<ulong> c, out Vector256<ulong> d)
        {
            Cells<T, TLoad>(from, scale, offset, out var x, out var y, out var z, out var w);
            (a, b, c, d) = (Word(x), Word(y), Word(z), Word(w));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<ulong> Word(Vector256<double> cell)
        {
            var whole = Vector256.Create(Whole);
            return Avx2.ShiftLeftLogicalVariable(Vector256<ulong>.One, (cell + whole).AsUInt64() - whole.AsUInt64());
        }
    }

    /// <summary>Words of 32 bits, twice as many.</summary>
    readonly struct Narrow<T, TLoad>(UniformRule rule) : IWords256<T> where T : unmanaged where TLoad : ILoad256<T>
    {
        readonly Vector256<double> scale = Vector256.Create(rule.Scale), offset = Vector256.Create(rule.Offset);

        public static int Length => 8;

        public static int Bits => 32;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Four(T* from, out Vector256<ulong> a, out Vector256<ulong> b, out Vector256<ulong> c, out Vector256<ulong> d)
        {
            Cells<T, TLoad>(from, scale, offset, out var x, out var y, out var z, out var w);
            (a, b) = (Word(x, y), Word(z, w));
            Cells<T, TLoad>(from + 16, scale, offset, out x, out y, out z, out w);
            (c, d) = (Word(x, y), Word(z, w));
        }

        /// <summary>A NaN or a number too large for an int becomes 0x80000000: no shift that leaves a bit.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<ulong> Word(Vector256<double> left, Vector256<double> right)
        {
            var cells = Vector256.Create(Avx.ConvertToVector128Int32WithTruncation(left), Avx.ConvertToVector128Int32WithTruncation(right));
            return Avx2.ShiftLeftLogicalVariable(Vector256<uint>.One, cells.AsUInt32()).AsUInt64();
        }
    }
}
