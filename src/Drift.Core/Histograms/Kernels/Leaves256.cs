using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>One-hot words of 32 bits for positions below 32.</summary>
readonly unsafe struct NarrowLeaves256 : IWords256<int>
{
    public static int Length => 8;

    public static int Bits => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Four(int* from, out Vector256<ulong> a, out Vector256<ulong> b, out Vector256<ulong> c, out Vector256<ulong> d) =>
        (a, b, c, d) = (Word(from), Word(from + 8), Word(from + 16), Word(from + 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Word(int* from) => Avx2.ShiftLeftLogicalVariable(Vector256<uint>.One, Vector256.Load(from).AsUInt32()).AsUInt64();
}

/// <summary>One-hot words of 64 bits for positions below 64.</summary>
readonly unsafe struct WideLeaves256 : IWords256<int>
{
    public static int Length => 4;

    public static int Bits => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Four(int* from, out Vector256<ulong> a, out Vector256<ulong> b, out Vector256<ulong> c, out Vector256<ulong> d)
    {
        // Which lane a position comes to does not matter: the even ones stay, the odd ones move down.
        var (left, right) = (Vector256.Load(from).AsUInt64(), Vector256.Load(from + 8).AsUInt64());
        var even = Vector256.Create(0xFFFFFFFFUL);
        (a, b, c, d) = (Word(left & even), Word(left >>> 32), Word(right & even), Word(right >>> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Word(Vector256<ulong> leaf) => Avx2.ShiftLeftLogicalVariable(Vector256<ulong>.One, leaf);
}
