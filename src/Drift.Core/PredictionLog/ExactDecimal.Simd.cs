using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Drift;

static unsafe partial class ExactDecimal
{
    /// <summary>As many bytes are looked at together.</summary>
    public const int Window = 32;

    /// <summary>
    /// Reads what most numbers are: up to 8 digits, or up to 8 digits, a point and up to 18. Point and end are found in one step, so that the next number
    /// need not wait for this one's digits. False: leaves everything to the general way.
    /// </summary>
    /// <param name="first">The first digit; <see cref="Window"/> bytes from there must be readable.</param>
    /// <param name="stop">Behind the last digit.</param>
    /// <param name="digits">All digits as one number.</param>
    /// <param name="fraction">How many of them stand behind the point.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryPlain(byte* first, out byte* stop, out ulong digits, out int fraction)
    {
        var others = Vector256.GreaterThan(Vector256.Load(first) - Vector256.Create((byte)'0'), Vector256.Create((byte)9)).ExtractMostSignificantBits();
        var point = BitOperations.TrailingZeroCount(others);
        stop = first + point;
        (digits, fraction) = (0, 0);
        // One branch for all that is rare: whether a number begins with 0 is not to be foreseen.
        if ((uint)(point - 1) > 7 | *first == '0' & point > 1) return false;
        var whole = (Eight(first) ^ Zeros) << 64 - 8 * point;
        if (*stop == '.')
        {
            var behind = stop + 1;
            stop = first + BitOperations.TrailingZeroCount(others & others - 1);
            fraction = (int)(stop - behind);
            if (fraction is 0 or > 18 || point + fraction > MostDigits) return false;
            // All digits in one word where they fit.
            digits = point + fraction <= 8 ? Value(whole >> 8 * fraction | (Eight(behind) ^ Zeros) << 64 - 8 * fraction) : Append(Value(whole), behind, fraction);
        }
        else digits = Value(whole);
        return (*stop | 0x20) != 'e';
    }

    /// <summary>Appends 1 to 18 digits to a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Append(ulong number, byte* digits, int count)
    {
        for (; count > 8; count -= 8, digits += 8) number = number * 100_000_000 + Value(Eight(digits) ^ Zeros);
        return number * Powers[count] + Value((Eight(digits) ^ Zeros) << 64 - 8 * count);
    }

    /// <summary>The quick part of <see cref="TryRead"/>: a plain number whose value is one exact division. <see cref="Window"/> + 1 bytes must be readable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryQuick(ref byte* at, out double value)
    {
        var negative = *at == '-';
        if (!TryPlain(at + (negative ? 1 : 0), out var stop, out var digits, out var fraction))
        {
            value = 0;
            return false;
        }
        if (digits <= ExactInteger) value = digits / Tens[fraction];
        else if (!TryRound(digits, -fraction, out value)) return false;
        // Not by a branch: signs are what no processor foresees.
        value = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(value) | (negative ? 1UL : 0) << 63);
        at = stop;
        return true;
    }
}
