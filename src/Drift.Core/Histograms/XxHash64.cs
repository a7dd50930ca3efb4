using System.Buffers.Binary;
using System.Numerics;

namespace Drift;

/// <summary>XxHash64 with seed 0, the hash by which a profile remembers categories that it does not list.</summary>
static class XxHash64
{
    const ulong P1 = 0x9E3779B185EBCA87, P2 = 0xC2B2AE3D27D4EB4F, P3 = 0x165667B19E3779F9, P4 = 0x85EBCA77C2B2AE63, P5 = 0x27D4EB2F165667C5;

    public static ulong Hash(ReadOnlySpan<byte> data)
    {
        var length = (ulong)data.Length;
        var hash = data.Length >= 32 ? Long(ref data) : P5;
        hash += length;
        for (; data.Length >= 8; data = data[8..]) hash = BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(data)), 27) * P1 + P4;
        if (data.Length >= 4)
        {
            hash = BitOperations.RotateLeft(hash ^ BinaryPrimitives.ReadUInt32LittleEndian(data) * P1, 23) * P2 + P3;
            data = data[4..];
        }
        foreach (var value in data) hash = BitOperations.RotateLeft(hash ^ value * P5, 11) * P1;
        hash = (hash ^ hash >> 33) * P2;
        hash = (hash ^ hash >> 29) * P3;
        return hash ^ hash >> 32;
    }

    static ulong Long(ref ReadOnlySpan<byte> data)
    {
        var (a, b, c, d) = (unchecked(P1 + P2), P2, 0UL, unchecked(0 - P1));
        for (; data.Length >= 32; data = data[32..])
        {
            a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(data));
            b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(data[8..]));
            c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(data[16..]));
            d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(data[24..]));
        }
        var hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        hash = Merge(hash, a);
        hash = Merge(hash, b);
        hash = Merge(hash, c);
        return Merge(hash, d);
    }

    static ulong Round(ulong sum, ulong lane) => BitOperations.RotateLeft(sum + lane * P2, 31) * P1;

    static ulong Merge(ulong hash, ulong sum) => (hash ^ Round(0, sum)) * P1 + P4;
}
