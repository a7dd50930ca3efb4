using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Drift;

/// <summary>Finds a number by a UTF-8 name without making a string; built once. Open addressing at most half full.</summary>
sealed class Utf8Map
{
    readonly byte[][] names;
    readonly int[] values;
    readonly int mask;

    public Utf8Map(IEnumerable<KeyValuePair<string, int>> entries)
    {
        var list = entries.ToList();
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, list.Count * 2 + 2));
        names = new byte[size][];
        values = new int[size];
        mask = size - 1;
        foreach (var (name, value) in list) Insert(Encoding.UTF8.GetBytes(name), value);
    }

    void Insert(byte[] name, int value)
    {
        var at = Hash(name) & mask;
        while (names[at] is { } taken)
        {
            if (taken.AsSpan().SequenceEqual(name)) throw new ArgumentException($"'{Encoding.UTF8.GetString(name)}' stands twice");
            at = (at + 1) & mask;
        }
        names[at] = name;
        values[at] = value;
    }

    /// <summary>The number of that name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        for (var at = Hash(name) & mask; names[at] is { } candidate; at = (at + 1) & mask)
            if (name.SequenceEqual(candidate)) return values[at];
        return -1;
    }

    static int Hash(ReadOnlySpan<byte> name)
    {
        var hash = (ulong)name.Length * 0x9E3779B97F4A7C15;
        while (name.Length >= 8)
        {
            hash = BitOperations.RotateLeft(hash ^ MemoryMarshal.Read<ulong>(name), 29) * 0xBF58476D1CE4E5B9;
            name = name[8..];
        }
        foreach (var b in name) hash = (hash ^ b) * 0x100000001B3;
        hash *= 0x94D049BB133111EB;
        return (int)(hash >> 33);
    }
}
