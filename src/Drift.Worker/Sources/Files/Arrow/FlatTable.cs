using System.Buffers.Binary;
using System.Text;

namespace Drift.Worker.Sources.Files.Arrow;

/// <summary>
/// A table of a FlatBuffers message, read in place. Nothing in it is trusted: every offset is an index into the span, so what points outside is an
/// exception and never a read; a vector's length must fit into what is there.
/// </summary>
readonly ref struct FlatTable(ReadOnlySpan<byte> bytes, int at)
{
    readonly ReadOnlySpan<byte> bytes = bytes;
    readonly int at = at;

    public static FlatTable Root(ReadOnlySpan<byte> bytes) => new(bytes, Offset(bytes, 0));

    static int Offset(ReadOnlySpan<byte> bytes, int at)
    {
        var target = checked(at + BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]));
        return target >= 0 && target < bytes.Length ? target : throw new FormatException("an offset points outside its message");
    }

    /// <summary>Where a field stands; 0 where it is absent.</summary>
    int Field(int index)
    {
        var table = checked(at - BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[table..]);
        var slot = 4 + 2 * index;
        if (slot + 2 > size) return 0;
        var relative = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(table + slot)..]);
        return relative == 0 ? 0 : at + relative;
    }

    public bool Has(int index) => Field(index) != 0;

    public byte Byte(int index, byte otherwise = 0) => Field(index) is var f and > 0 ? bytes[f] : otherwise;

    public short Short(int index, short otherwise = 0) => Field(index) is var f and > 0 ? BinaryPrimitives.ReadInt16LittleEndian(bytes[f..]) : otherwise;

    public int Int(int index, int otherwise = 0) => Field(index) is var f and > 0 ? BinaryPrimitives.ReadInt32LittleEndian(bytes[f..]) : otherwise;

    public long Long(int index, long otherwise = 0) => Field(index) is var f and > 0 ? BinaryPrimitives.ReadInt64LittleEndian(bytes[f..]) : otherwise;

    int Target(int index) => Field(index) is var f and > 0 ? Offset(bytes, f) : throw new FormatException("a required field is missing");

    public FlatTable Table(int index) => new(bytes, Target(index));

    public string Text(int index)
    {
        if (!Has(index)) return "";
        var start = Target(index);
        return Encoding.UTF8.GetString(bytes.Slice(start + 4, BinaryPrimitives.ReadInt32LittleEndian(bytes[start..])));
    }

    /// <summary>How many elements a vector has.</summary>
    /// <param name="index">The field.</param>
    /// <param name="elementSize">The bytes of one element.</param>
    public int Count(int index, int elementSize)
    {
        if (!Has(index)) return 0;
        var start = Target(index);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[start..]);
        return count >= 0 && (long)count * elementSize <= bytes.Length - start - 4 ? count : throw new FormatException("a vector is longer than its message");
    }

    public FlatTable TableAt(int index, int element) => new(bytes, Offset(bytes, Target(index) + 4 + 4 * element));

    /// <summary>An element of two longs: a buffer's place, a column's length and nulls.</summary>
    public (long First, long Second) PairAt(int index, int element)
    {
        var start = Target(index) + 4 + 16 * element;
        return (BinaryPrimitives.ReadInt64LittleEndian(bytes[start..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[(start + 8)..]));
    }

    /// <summary>A block of a file's footer: where a message begins and how long its head is.</summary>
    public (long Offset, int Length) BlockAt(int index, int element)
    {
        var start = Target(index) + 4 + 24 * element;
        return (BinaryPrimitives.ReadInt64LittleEndian(bytes[start..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[(start + 8)..]));
    }
}
