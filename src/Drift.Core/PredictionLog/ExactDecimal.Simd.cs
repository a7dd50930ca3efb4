using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Drift;

static unsafe partial class ExactDecimal
{
    /// <summary>As many bytes are looked at together.</summary>
    const int Window = 32;

    /// <summary>
    /// Reads what most numbers are: up to 8 digits, or up to 8 digits, a point and up to 18. Point and end are found in one step, so that the next number
    /// need not wait for this one's digits. False: leaves everything to the general way.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryPlain(ref byte* at, out ulong digits, ref int exponent)
    {
        digits = 0;
        var first = at;
        var others = Vector256.GreaterThan(Vector256.Load(first) - Vector256.Create((byte)'0'), Vector256.Create((byte)9)).ExtractMostSignificantBits();
        var point = BitOperations.TrailingZeroCount(others);
        if (point is 0 or > 8 || *first == '0' && point > 1) return false;
        digits = Value((Eight(first) ^ Zeros) << 64 - 8 * point);
        var stop = point;
        if (first[point] == '.')
        {
            stop = BitOperations.TrailingZeroCount(others & others - 1);
            var fraction = stop - point - 1;
            if (fraction is 0 or > 18 || point + fraction > MostDigits) return false;
            digits = Append(digits, first + point + 1, fraction);
            exponent = -fraction;
        }
        at = first + stop;
        return (*at | 0x20) != 'e';
    }

    /// <summary>Appends 1 to 18 digits to a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Append(ulong number, byte* digits, int count)
    {
        for (; count > 8; count -= 8, digits += 8) number = number * 100_000_000 + Value(Eight(digits) ^ Zeros);
        return number * Powers[count] + Value((Eight(digits) ^ Zeros) << 64 - 8 * count);
    }
}
