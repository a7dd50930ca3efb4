using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Drift;

/// <summary>Finds those of a list's texts that are short: such a text is one number, compared at once. Open addressing, at most a quarter full.</summary>
sealed class ShortTexts
{
    /// <summary>The longest text that is found, in bytes; the length itself takes the eighth.</summary>
    public const int Longest = 7;

    readonly ulong[] keys;
    readonly int[] positions;

    public ShortTexts(ReadOnlySpan<byte[]> texts)
    {
        var count = 0;
        foreach (var text in texts)
            if (text.Length <= Longest) count++;
        keys = new ulong[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, count * 4))];
        positions = new int[keys.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i].Length > Longest) continue;
            var key = Key(texts[i]);
            var at = Start(key);
            while (keys[at] != 0) at = at + 1 & keys.Length - 1;
            (keys[at], positions[at]) = (key, i);
        }
    }

    /// <summary>The position of a text of at most <see cref="Longest"/> bytes, or -1.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        var key = Key(text);
        for (var at = Start(key); keys[at] != 0; at = at + 1 & keys.Length - 1)
            if (keys[at] == key) return positions[at];
        return -1;
    }

    int Start(ulong key) => (int)(key * 0x9E37_79B9_7F4A_7C15 >> 40) & keys.Length - 1;

    /// <summary>The bytes, and the length on top of them, so that no text is 0 and a NUL at the end counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Key(ReadOnlySpan<byte> text)
    {
        var key = (ulong)(text.Length + 1) << 56;
        switch (text.Length)
        {
            case 0: return key;
            case 1: return key | text[0];
            case 2: return key | BinaryPrimitives.ReadUInt16LittleEndian(text);
            case 3: return key | BinaryPrimitives.ReadUInt16LittleEndian(text) | (ulong)text[2] << 16;
            default: return key | BinaryPrimitives.ReadUInt32LittleEndian(text) | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[(text.Length - 4)..]) << 8 * (text.Length - 4);
        }
    }
}
