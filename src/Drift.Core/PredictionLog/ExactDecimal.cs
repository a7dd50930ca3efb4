using System.Buffers.Text;
using System.Numerics;

namespace Drift;

/// <summary>
/// Reads numbers as JSON writes them, to the last bit what the BCL reads, several times faster: 19 digits fit into an integer, and an integer times a
/// power of ten is rounded correctly by one multiplication of doubles where both are exact (Clinger 1990), else by one of 64 with 128 bits
/// (Lemire 2021, "Number parsing at a gigabyte per second"). What is left, more digits or very large and very small numbers, is the BCL's.
/// </summary>
static unsafe class ExactDecimal
{
    const int LeastPower = -65, MostPower = 65, MostDigits = 19, ExactPower = 22;
    const ulong ExactInteger = 1UL << 53;

    static readonly double[] tens = [.. Enumerable.Range(0, ExactPower + 1).Select(power => (double)BigInteger.Pow(10, power))];

    /// <summary>Powers of five, normalised to 128 bits: those of positive powers cut off, the reciprocals of the others rounded up.</summary>
    static readonly (ulong High, ulong Low)[] fives = [.. Enumerable.Range(LeastPower, MostPower - LeastPower + 1).Select(Five)];

    /// <summary>Reads a number and moves behind it; false where none begins. A byte that is no part of a number must stand behind it in the same memory, at or before <paramref name="end"/>.</summary>
    public static bool TryRead(ref byte* at, byte* end, out double value)
    {
        var start = at;
        var p = at;
        value = 0;
        var negative = *p == '-';
        if (negative) p++;
        var first = p;
        ulong digits = 0;
        if (*p == '0') p++;
        else if (!Digits(ref p, ref digits)) return false;
        var exponent = 0;
        var count = p - first;
        if (*p == '.')
        {
            var fraction = ++p;
            for (; end - p >= 8 && Eight(p, out var block); p += 8) digits = digits * 100_000_000 + block;
            if (!Digits(ref p, ref digits) && p == fraction) return false;
            exponent = (int)(fraction - p);
            count += p - fraction;
        }
        if ((*p | 0x20) == 'e' && !Exponent(ref p, ref exponent)) return false;
        at = p;
        if ((count <= MostDigits || count - LeadingZeros(first) <= MostDigits) && TryScale(digits, exponent, ref value))
        {
            if (negative) value = -value;
            return true;
        }
        return Utf8Parser.TryParse(new ReadOnlySpan<byte>(start, (int)(p - start)), out value, out var used) && used == p - start;
    }

    static bool Digits(ref byte* p, ref ulong value)
    {
        var first = p;
        for (uint digit; (digit = *p - (uint)'0') <= 9; p++) value = value * 10 + digit;
        return p > first;
    }

    static bool Exponent(ref byte* p, ref int exponent)
    {
        p++;
        var negative = *p == '-';
        if (negative || *p == '+') p++;
        var first = p;
        var value = 0;
        for (uint digit; (digit = *p - (uint)'0') <= 9; p++) value = Math.Min(value * 10 + (int)digit, 1_000_000);
        exponent += negative ? -value : value;
        return p > first;
    }

    /// <summary>Eight digits at once, where the next eight bytes are digits.</summary>
    static bool Eight(byte* p, out ulong value)
    {
        var bytes = BitConverter.IsLittleEndian ? *(ulong*)p : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(*(ulong*)p);
        value = bytes - 0x3030_3030_3030_3030;
        if (((bytes + 0x4646_4646_4646_4646 | value) & 0x8080_8080_8080_8080) != 0) return false;
        value = value * 10 + (value >> 8); // pairs, then fours, then all eight
        value = ((value & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064 + (value >> 16 & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001) >> 32;
        return true;
    }

    static int LeadingZeros(byte* p)
    {
        var zeros = 0;
        for (; *p is (byte)'0' or (byte)'.'; p++)
            if (*p == '0') zeros++;
        return zeros;
    }

    /// <summary>digits * 10^exponent, correctly rounded; false where this way cannot tell.</summary>
    static bool TryScale(ulong digits, int exponent, ref double value)
    {
        if (digits <= ExactInteger && exponent is >= -ExactPower and <= ExactPower)
        {
            value = exponent < 0 ? digits / tens[-exponent] : digits * tens[exponent];
            return true;
        }
        return digits == 0 || exponent is >= LeastPower and <= MostPower && TryRound(digits, exponent, ref value);
    }

    /// <summary>Lemire's way: the product with a power of five holds 55 certain bits, except where its low bits are all ones.</summary>
    static bool TryRound(ulong digits, int exponent, ref double value)
    {
        const int Fraction = 52, Bias = 1023;
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
