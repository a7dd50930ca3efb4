using System.Buffers.Binary;

namespace Drift.Worker.Sources.Files.Arrow;

/// <summary>Feeds the columns of an Arrow IPC stream or file to column readers. Their types are known, so nothing is guessed; ids and times are left out as ever.</summary>
static class ArrowFile
{
    /// <summary>Rows of columns that hold only nulls cost nothing in the file; more of them than this are damage.</summary>
    const int MostNulls = 100_000_000;

    public static List<ColumnReader> Read(string file, Stream stream, Func<string, CellMode, ColumnReader> columnOf, Action<long>? progress)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        try
        {
            return Read(new ArrowReader(memory.GetBuffer().AsMemory(0, (int)memory.Length)), columnOf, progress);
        }
        catch (AggregateException e) when (e.InnerException is FormatException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw Unreadable(file, e.InnerException);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw Unreadable(file, e);
        }
    }

    static InputException Unreadable(string file, Exception e) => new($"{file}: not a readable Arrow file: {(e is FormatException ? e.Message : "it is damaged")}", e);

    static List<ColumnReader> Read(ArrowReader reader, Func<string, CellMode, ColumnReader> columnOf, Action<long>? progress)
    {
        List<ColumnReader>? columns = null;
        foreach (var batch in reader.Batches())
        {
            columns ??= Columns(reader.Fields, columnOf);
            Parallel.For(0, batch.Length, i => Add(columns[i], reader, reader.Fields[i], batch[i]));
            progress?.Invoke(columns.Count == 0 ? 0 : columns[0].Rows);
        }
        return columns ?? Columns(reader.Fields, columnOf);
    }

    static List<ColumnReader> Columns(IReadOnlyList<ArrowField> fields, Func<string, CellMode, ColumnReader> columnOf)
    {
        if (fields.Count == 0) throw new FormatException("it has no columns");
        if (fields.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1 || g.Key.Length == 0) is { } twice) throw new FormatException(twice.Key.Length == 0 ? "a column has no name" : $"column '{twice.Key}' stands twice");
        return [.. fields.Select(f => columnOf(f.Name, f.Type switch
        {
            ArrowType.Int or ArrowType.Float => CellMode.Number,
            ArrowType.Date or ArrowType.Timestamp => CellMode.Time,
            _ => CellMode.Category,
        }))];
    }

    static void Add(ColumnReader target, ArrowReader reader, ArrowField field, ArrowColumn column)
    {
        if (field.Type == ArrowType.Null && column.Length > MostNulls) throw new FormatException($"column '{field.Name}': {column.Length} rows of nothing");
        var entries = field.Dictionary is null ? null : reader.Dictionary(field);
        for (var row = 0; row < column.Length; row++)
        {
            if (field.Type == ArrowType.Null || !column.IsValid(row)) target.Add(Cell.Null);
            else if (entries is not null) AddText(target, Entry(field, column, entries, row));
            else AddValue(target, field, column, row);
        }
    }

    static void AddValue(ColumnReader target, ArrowField field, in ArrowColumn column, int row)
    {
        var values = column.First.Span;
        switch (field.Type)
        {
            case ArrowType.Float: target.AddNumber(Real(values, field.Bits, row), whole: false); break;
            case ArrowType.Int: target.AddNumber(field.Signed ? Whole(values, field.Bits, row) : Unsigned(values, field.Bits, row), whole: true); break;
            case ArrowType.Bool: target.Add(new Cell(CellType.Bool, (values[row >> 3] >> (row & 7) & 1) != 0 ? "true" : "false", 0)); break;
            case ArrowType.Text: AddText(target, ArrowReader.Text(field, column, row)); break;
            default: target.AddTime(Ticks(field, Whole(values, field.Bits, row))); break;
        }
    }

    static void AddText(ColumnReader target, string? text) => target.Add(text is null ? Cell.Null : new Cell(CellType.Text, text, 0));

    static string? Entry(ArrowField field, in ArrowColumn column, string?[] entries, int row)
    {
        var values = column.First.Span;
        var index = field.IndexSigned ? Whole(values, field.IndexBits, row) : checked((long)Unsigned(values, field.IndexBits, row));
        return (ulong)index < (ulong)entries.Length ? entries[index] : throw new FormatException($"column '{field.Name}': index {index} into a dictionary of {entries.Length}");
    }

    static double Real(ReadOnlySpan<byte> values, int bits, int row) => bits switch
    {
        16 => (double)BinaryPrimitives.ReadHalfLittleEndian(values[(2 * row)..]),
        32 => BinaryPrimitives.ReadSingleLittleEndian(values[(4 * row)..]),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(values[(8 * row)..]),
    };

    static long Whole(ReadOnlySpan<byte> values, int bits, int row) => bits switch
    {
        8 => (sbyte)values[row],
        16 => BinaryPrimitives.ReadInt16LittleEndian(values[(2 * row)..]),
        32 => BinaryPrimitives.ReadInt32LittleEndian(values[(4 * row)..]),
        _ => BinaryPrimitives.ReadInt64LittleEndian(values[(8 * row)..]),
    };

    static ulong Unsigned(ReadOnlySpan<byte> values, int bits, int row) => bits switch
    {
        8 => values[row],
        16 => BinaryPrimitives.ReadUInt16LittleEndian(values[(2 * row)..]),
        32 => BinaryPrimitives.ReadUInt32LittleEndian(values[(4 * row)..]),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(values[(8 * row)..]),
    };

    /// <summary>UTC ticks; null where the instant lies outside the calendar.</summary>
    static long? Ticks(ArrowField field, long value)
    {
        var ticks = field.TicksPerUnit == 0 ? (Int128)value / 100 : (Int128)value * field.TicksPerUnit;
        ticks += DateTime.UnixEpoch.Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? (long)ticks : null;
    }
}
