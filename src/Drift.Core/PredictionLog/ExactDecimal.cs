using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Drift;

/// <summary>
/// Reads numbers as JSON writes them, to the last bit what the BCL reads, several times faster: 19 digits fit into an integer, and an integer times a
/// power of ten is rounded correctly by one multiplication of doubles where both are exact (Clinger 1990), else by one of 64 with 128 bits
/// (Lemire 2021, "Number parsing at a gigabyte per second"). What is left, more digits or very large and very small numbers, is the BCL's.
/// </summary>
static unsafe partial class ExactDecimal
{
    const int LeastPower = -65, MostPower = 65, MostDigits = 19, ExactPower = 22;
    const ulong ExactInteger = 1UL << 53, Zeros = 0x3030_3030_3030_3030;

    static ReadOnlySpan<double> Tens => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    static ReadOnlySpan<ulong> Powers =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000,
        100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    /// <summary>Powers of five, normalised to 128 bits: those of positive powers cut off, the reciprocals of the others rounded up.</summary>
    static readonly (ulong High, ulong Low)[] fives = [.. Enumerable.Range(LeastPower, MostPower - LeastPower + 1).Select(Five)];

    /// <summary>
    /// Reads a number and moves behind it; false where none begins, or one that begins with a needless zero. A byte that is no part of a number must stand
    /// behind it in the same memory, at or before <paramref name="end"/>.
    /// </summary>
    public static bool TryRead(ref byte* at, byte* end, out double value)
    {
        if (end - at > Window && TryQuick(ref at, out value)) return true;
        value = 0;
        var start = at;
        var negative = *at == '-';
        var first = at + (negative ? 1 : 0);
        var p = Digits(first, end, 0, out var digits);
        var count = p - first;
        if (count == 0 || *first == '0' && count > 1) return false;
        var exponent = 0;
        if (*p == '.')
        {
            var fraction = p + 1;
            p = Digits(fraction, end, digits, out digits);
            exponent = (int)(fraction - p);
            if (exponent == 0) return false;
            count -= exponent;
        }
        if ((*p | 0x20) == 'e' && !Exponent(ref p, ref exponent)) return false;
        at = p;
        if ((count <= MostDigits || count - LeadingZeros(first) <= MostDigits) && TryScale(digits, exponent, out value))
        {
            if (negative) value = -value;
            return true;
        }
        return Utf8Parser.TryParse(new ReadOnlySpan<byte>(start, (int)(p - start)), out value, out var used) && used == p - start;
    }

    /// <summary>Appends digits to a number, eight at a time and the last ones together, without a branch for each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte* Digits(byte* p, byte* end, ulong before, out ulong digits)
    {
        digits = before;
        while (end - p >= 8)
        {
            var bytes = Eight(p) ^ Zeros;
            var others = (bytes + 0x7676_7676_7676_7676 | bytes) & 0x8080_8080_8080_8080; // what is above 9
            var count = BitOperations.TrailingZeroCount(others) >> 3;
            if (count > 0) digits = digits * Powers[count] + Value(bytes << 64 - 8 * count);
            p += count;
            if (count < 8) return p;
        }
        for (uint digit; (digit = *p - (uint)'0') <= 9; p++) digits = digits * 10 + digit;
        return p;
    }

    /// <summary>Eight bytes, the first one lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Eight(byte* p) => BitConverter.IsLittleEndian ? *(ulong*)p : BinaryPrimitives.ReverseEndianness(*(ulong*)p);

    /// <summary>The number that eight digits 0..9 write: pairs, then fours, then all eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Value(ulong digits)
    {
        digits = digits * 10 + (digits >> 8);
        return ((digits & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064 + (digits >> 16 & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001) >> 32;
    }

    static bool Exponent(ref byte* at, ref int exponent)
    {
        var p = at + 1;
        var negative = *p == '-';
        if (negative || *p == '+') p++;
        var first = p;
        var value = 0;
        for (uint digit; (digit = *p - (uint)'0') <= 9; p++) value = Math.Min(value * 10 + (int)digit, 1_000_000);
        exponent += negative ? -value : value;
        at = p;
        return p > first;
    }

    static int LeadingZeros(byte* p)
    {
        var zeros = 0;
        for (; *p is (byte)'0' or (byte)'.'; p++)
            if (*p == '0') zeros++;
        return zeros;
    }

    /// <summary>digits * 10^exponent, correctly rounded; false where this way cannot tell.</summary>
    static bool TryScale(ulong digits, int exponent, out double value)
    {
        value = 0;
        if (digits <= ExactInteger && exponent is >= -ExactPower and <= ExactPower)
        {
            value = exponent < 0 ? digits / Tens[-exponent] : digits * Tens[exponent];
            return true;
        }
        if (exponent is < LeastPower or > MostPower) return false;
        return digits == 0 || TryRound(digits, exponent, out value);
    }

    /// <summary>Lemire's way: the product with a power of five holds 55 certain bits, except where its low bits are all ones.</summary>
    static bool TryRound(ulong digits, int exponent, out double value)
    {
        const int Fraction = 52, Bias = 1023;
        value = 0;
        var shift = BitOperations.LeadingZeroCount(digits);
        digits <<= shift;
        var five = fives[exponent - LeastPower];
        var high = Math.BigMul(digits, five.High, out var low);
        if ((high & 0x1FF) == 0x1FF)
        {
            var carry = Math.BigMul(digits, five.Low, out _);
            low += carry;
            if (low < carry) high++;
        }
        var top = (int)(high >> 63);
        var mantissa = high >> top + 64 - Fraction - 3;
        var power = (217_706 * exponent >> 16) + 63 + top - shift + Bias; // 217706 / 65536 = log2(10)
        if (power is <= 0 or >= 2 * Bias) return false;
        // Exactly between two doubles: to the even one.
        if (low <= 1 && exponent is >= -4 and <= 23 && (mantissa & 3) == 1 && mantissa << top + 64 - Fraction - 3 == high) mantissa &= ~1UL;
        mantissa = (mantissa & 1) + mantissa >> 1;
        if (mantissa == 2UL << Fraction) (mantissa, power) = (1UL << Fraction, power + 1);
        value = BitConverter.UInt64BitsToDouble(mantissa & ~(1UL << Fraction) | (ulong)power << Fraction);
        return true;
    }

    static (ulong High, ulong Low) Five(int power)
    {
        var five = BigInteger.Pow(5, Math.Abs(power));
        var bits = (int)five.GetBitLength();
        var scaled = power >= 0 ? bits > 128 ? five >> bits - 128 : five << 128 - bits : Reciprocal(five, power, bits);
        return ((ulong)(scaled >> 64), (ulong)(scaled & ulong.MaxValue));
    }

    static BigInteger Reciprocal(BigInteger five, int power, int bits)
    {
        if (power >= -27) return (BigInteger.One << bits + 127) / five + 1;
        var scaled = (BigInteger.One << 2 * bits + 128) / five + 1;
        return scaled >> (int)scaled.GetBitLength() - 128;
    }
}
