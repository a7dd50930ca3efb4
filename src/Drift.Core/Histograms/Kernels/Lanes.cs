using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Drift;

/// <summary>Eight doubles side by side. Sums are made lane by lane and the lanes are added in one order, so every machine gets the same bits.</summary>
unsafe interface ILanes<TSelf> where TSelf : ILanes<TSelf>
{
    static abstract TSelf All(double value);

    static abstract TSelf Load(double* from);

    void Store(double* to);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf Min(TSelf a, TSelf b);

    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>a b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The finite lanes, and another value in place of the others.</summary>
    static abstract TSelf FiniteOr(TSelf x, TSelf other);

    /// <summary>One more where x is at or above the edge. The counter's lanes hold whole numbers of 64 bits; a NaN is above nothing.</summary>
    static abstract TSelf Count(TSelf counter, TSelf x, TSelf edge);
}

/// <summary>The eight doubles as one vector.</summary>
readonly unsafe struct Lanes512(Vector512<double> v) : ILanes<Lanes512>
{
    readonly Vector512<double> v = v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 All(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(double* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(double* to) => v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Vector512.MinNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Vector512.MaxNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 FiniteOr(Lanes512 x, Lanes512 other) =>
        new(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(Vector512.Abs(x.v), Vector512.Create(double.MaxValue)), x.v, other.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Count(Lanes512 counter, Lanes512 x, Lanes512 edge)
    {
        var count = counter.v.AsInt64();
        return new(Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x.v, edge.v).AsInt64(), count + Vector512<long>.One, count).AsDouble());
    }
}

/// <summary>The eight doubles as two vectors, for machines without AVX-512.</summary>
readonly unsafe struct Lanes256(Vector256<double> low, Vector256<double> high) : ILanes<Lanes256>
{
    readonly Vector256<double> low = low, high = high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 All(double value) => new(Vector256.Create(value), Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(double* from) => new(Vector256.Load(from), Vector256.Load(from + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(double* to)
    {
        low.Store(to);
        high.Store(to + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a.low + b.low, a.high + b.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a.low - b.low, a.high - b.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a.low * b.low, a.high * b.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Vector256.MinNative(a.low, b.low), Vector256.MinNative(a.high, b.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Vector256.MaxNative(a.low, b.low), Vector256.MaxNative(a.high, b.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.FusedMultiplyAdd(a.low, b.low, c.low), Vector256.FusedMultiplyAdd(a.high, b.high, c.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 FiniteOr(Lanes256 x, Lanes256 other) => new(FiniteOr(x.low, other.low), FiniteOr(x.high, other.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Count(Lanes256 counter, Lanes256 x, Lanes256 edge) =>
        new(Count(counter.low.AsInt64(), x.low, edge.low), Count(counter.high.AsInt64(), x.high, edge.high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Count(Vector256<long> counter, Vector256<double> x, Vector256<double> edge) => (counter - Vector256.GreaterThanOrEqual(x, edge).AsInt64()).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> FiniteOr(Vector256<double> x, Vector256<double> other) =>
        Vector256.ConditionalSelect(Vector256.LessThanOrEqual(Vector256.Abs(x), Vector256.Create(double.MaxValue)), x, other);
}
