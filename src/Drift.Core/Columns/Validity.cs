using System.Numerics;

namespace Drift;

/// <summary>Reads an Arrow-style validity bitmap: bit i (least significant first) is 1 where value i is present. An empty bitmap means that nothing is null.</summary>
public static class Validity
{
    /// <summary>Whether the value at a bit position is present.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bitmap, int bit) => bitmap.IsEmpty || (bitmap[bit >> 3] >> (bit & 7) & 1) != 0;

    /// <summary>How many of the <paramref name="length"/> values from bit <paramref name="offset"/> on are null.</summary>
    /// <exception cref="ArgumentException">The bitmap is shorter than that.</exception>
    public static int CountNulls(ReadOnlySpan<byte> bitmap, int offset, int length)
    {
        if (bitmap.IsEmpty) return 0;
        Check(bitmap, offset, length);
        var valid = 0;
        var at = 0;
        for (; at < length && (offset + at & 7) != 0; at++) valid += IsValid(bitmap, offset + at) ? 1 : 0;
        for (; at + 8 <= length; at += 8) valid += BitOperations.PopCount(bitmap[offset + at >> 3]);
        for (; at < length; at++) valid += IsValid(bitmap, offset + at) ? 1 : 0;
        return length - valid;
    }

    internal static void Check(ReadOnlySpan<byte> bitmap, int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (!bitmap.IsEmpty && (long)offset + length > (long)bitmap.Length * 8)
            throw new ArgumentException($"the validity bitmap holds {(long)bitmap.Length * 8} bits, {(long)offset + length} are needed", nameof(bitmap));
    }

    /// <summary>A bitmap from a test of each row; empty when every row is present.</summary>
    internal static byte[] Of(int length, Func<int, bool> isValid)
    {
        var bits = new byte[length + 7 >> 3];
        var nulls = 0;
        for (var i = 0; i < length; i++)
            if (isValid(i)) bits[i >> 3] |= (byte)(1 << (i & 7));
            else nulls++;
        return nulls == 0 ? [] : bits;
    }
}
