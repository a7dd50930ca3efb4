using System.Buffers;
using System.Buffers.Binary;

namespace Drift;

public static partial class ProfileFormat
{
    const byte CountsVersion = 1;

    /// <summary>
    /// The counts of a window without its cells: a few hundred bytes where the document takes kilobytes. Only the reference that the window was
    /// counted against can read them back.
    /// </summary>
    public static byte[] WriteCounts(Profile window)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        buffer.Write([CountsVersion]);
        buffer.Write(Convert.FromHexString(window.Id));
        Varint(buffer, window.Rows);
        foreach (var column in window.Columns)
        {
            if (column.Histogram is { } h)
            {
                Sparse(buffer, h.Counts);
                foreach (var count in (ReadOnlySpan<long>)[h.Null, h.NaN, h.NegativeInfinity, h.PositiveInfinity, h.Below, h.Above, h.Mismatched, h.Moments.N]) Varint(buffer, count);
                if (h.Moments.N > 0)
                    foreach (var number in (ReadOnlySpan<double>)[h.Moments.Mean, h.Moments.M2, h.Moments.Min, h.Moments.Max])
                    {
                        BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(8), number);
                        buffer.Advance(8);
                    }
            }
            else if (column.Categories is { } c)
            {
                Sparse(buffer, c.Counts);
                foreach (var count in (ReadOnlySpan<long>)[c.Other, c.Unseen, c.Null, c.Mismatched]) Varint(buffer, count);
            }
            if (column.Spec.Forbids) Varint(buffer, column.Forbidden);
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="WriteCounts"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are damaged, or were counted against other cells.</exception>
    public static Profile ReadCounts(ReadOnlySpan<byte> bytes, Profile reference)
    {
        if (bytes.Length < 9 || bytes[0] != CountsVersion) throw new FormatException($"not window counts of version {CountsVersion}");
        var cells = Convert.ToHexStringLower(bytes[1..9]);
        if (cells != reference.Id) throw new FormatException($"the counts were made against the cells {cells}, the reference has {reference.Id}");
        bytes = bytes[9..];
        var rows = Varint(ref bytes);
        var columns = new ColumnProfile[reference.Columns.Count];
        for (var i = 0; i < columns.Length; i++) columns[i] = ReadColumnCounts(ref bytes, reference.Columns[i]);
        if (!bytes.IsEmpty) throw new FormatException($"{bytes.Length} bytes too many in window counts");
        return new(columns, rows) { Model = reference.Model, ModelVersion = reference.ModelVersion, KnownId = reference.Id };
    }

    static ColumnProfile ReadColumnCounts(ref ReadOnlySpan<byte> bytes, ColumnProfile like)
    {
        if (like.Histogram is { } histogram)
        {
            var counts = Sparse(ref bytes, histogram.Binning.Count);
            Span<long> rest = stackalloc long[8];
            for (var i = 0; i < rest.Length; i++) rest[i] = Varint(ref bytes);
            var moments = rest[7] == 0 ? Moments.Empty : new Moments(rest[7], Double(ref bytes), Double(ref bytes), Double(ref bytes), Double(ref bytes));
            return new(like.Spec, new Histogram(histogram.Binning, counts)
            {
                Null = rest[0], NaN = rest[1], NegativeInfinity = rest[2], PositiveInfinity = rest[3], Below = rest[4], Above = rest[5], Mismatched = rest[6], Moments = moments,
            }) { DesignEffect = like.DesignEffect, Forbidden = ReadForbidden(ref bytes, like.Spec) };
        }
        var vocabulary = like.Categories!.Vocabulary;
        var found = Sparse(ref bytes, vocabulary.Categories.Count);
        return new(like.Spec, new CategoryCounts(vocabulary, found) { Other = Varint(ref bytes), Unseen = Varint(ref bytes), Null = Varint(ref bytes), Mismatched = Varint(ref bytes) })
        {
            DesignEffect = like.DesignEffect,
            Forbidden = ReadForbidden(ref bytes, like.Spec),
        };
    }

    /// <summary>Only columns whose signature forbids values have the number.</summary>
    static long ReadForbidden(ref ReadOnlySpan<byte> bytes, ColumnSpec spec) => spec.Forbids ? Varint(ref bytes) : 0;

    const byte SketchVersion = 1;

    /// <summary>A version, how many cells, and for each the distance from the one before (the first: from the least possible) and the count.</summary>
    static byte[] SketchBytes(QuantileSketch sketch)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        buffer.Write([SketchVersion]);
        Varint(buffer, sketch.Cells.Length);
        var last = -QuantileSketch.Outermost;
        for (var i = 0; i < sketch.Cells.Length; i++)
        {
            Varint(buffer, sketch.Cells[i] - last);
            Varint(buffer, sketch.Counts[i]);
            last = sketch.Cells[i];
        }
        return buffer.WrittenSpan.ToArray();
    }

    static QuantileSketch ReadSketch(StrictJson json)
    {
        if (json.Element.ValueKind != System.Text.Json.JsonValueKind.String || !json.Element.TryGetBytesFromBase64(out var given) || given.Length < 2 || given[0] != SketchVersion) throw json.Wrong($"the base64 of a quantile sketch of version {SketchVersion}");
        ReadOnlySpan<byte> bytes = given.AsSpan(1);
        try
        {
            var count = Varint(ref bytes);
            if (count > given.Length) throw new FormatException("more cells than bytes");
            var (cells, counts, last) = (new int[count], new long[count], -(long)QuantileSketch.Outermost);
            for (var i = 0; i < cells.Length; i++)
            {
                last += Varint(ref bytes);
                cells[i] = checked((int)last);
                counts[i] = Varint(ref bytes);
            }
            return bytes.IsEmpty ? QuantileSketch.FromCells(cells, counts) : throw new FormatException($"{bytes.Length} bytes too many");
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new FormatException($"{json.Path}: a damaged sketch: {error.Message}", error);
        }
    }

    /// <summary>How many counts are not zero, then for each the distance from the one before and the count.</summary>
    static void Sparse(ArrayBufferWriter<byte> buffer, ReadOnlySpan<long> counts)
    {
        Varint(buffer, counts.Length - counts.Count(0L));
        var last = -1;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0) continue;
            Varint(buffer, i - last);
            Varint(buffer, counts[i]);
            last = i;
        }
    }

    static long[] Sparse(ref ReadOnlySpan<byte> bytes, int length)
    {
        var counts = new long[length];
        var at = -1L;
        for (var left = Varint(ref bytes); left > 0; left--)
        {
            at += Varint(ref bytes);
            if (at < 0 || at >= length) throw new FormatException("window counts name a cell outside the reference's");
            counts[at] = Varint(ref bytes);
        }
        return counts;
    }

    static void Varint(ArrayBufferWriter<byte> buffer, long value)
    {
        var left = (ulong)value;
        var span = buffer.GetSpan(10);
        var length = 0;
        for (; left >= 0x80; left >>= 7) span[length++] = (byte)(left | 0x80);
        span[length++] = (byte)left;
        buffer.Advance(length);
    }

    static long Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var (i, shift) = (0, 0); i < bytes.Length && shift < 63; i++, shift += 7)
        {
            value |= (ulong)(bytes[i] & 0x7F) << shift;
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return (long)value;
        }
        throw new FormatException("window counts end in the middle of a number");
    }

    static double Double(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8) throw new FormatException("window counts end in the middle of a number");
        var value = BinaryPrimitives.ReadDoubleLittleEndian(bytes);
        bytes = bytes[8..];
        return value;
    }
}
