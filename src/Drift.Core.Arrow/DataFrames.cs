using System.Runtime.InteropServices;
using Microsoft.Data.Analysis;

namespace Drift;

/// <summary>Adds frames of Microsoft.Data.Analysis to profiles, chunk by chunk where they lie.</summary>
/// <remarks>
/// A frame that <c>DataFrame.FromArrowRecordBatch</c> made of a slice holds other rows than the slice: Microsoft.Data.Analysis does not look at offsets. Add a record batch
/// by <see cref="ArrowBatches.AddBatch"/> instead, which costs no frame.
/// </remarks>
public static class DataFrames
{
    /// <summary>Adds every column of the frame that the builder's schema knows; a column that the frame lacks counts as null, values of the other kind as mismatched.</summary>
    /// <exception cref="NotSupportedException">A column has a type that is not read; the message names both.</exception>
    public static ProfileBuilder AddFrame(this ProfileBuilder builder, DataFrame frame)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(frame);
        var named = new Dictionary<string, DataFrameColumn>(StringComparer.Ordinal);
        foreach (var column in frame.Columns) named[column.Name] = column;
        var rows = named.Values.Select(c => c.Length).DefaultIfEmpty(0).Max();
        for (var i = 0; i < builder.Schema.Columns.Count; i++)
        {
            var spec = builder.Schema.Columns[i];
            if (!named.TryGetValue(spec.Name, out var column)) builder.AddNull(i, rows);
            else if (spec.Kind == ColumnKind.Numeric ? !AddNumbers(builder, spec.Name, column) : !AddCategories(builder, spec.Name, column))
                AddMismatched(builder, i, column);
        }
        return builder.AddRows(rows);
    }

    static bool AddNumbers(ProfileBuilder builder, string name, DataFrameColumn column) => column switch
    {
        PrimitiveDataFrameColumn<double> c => Add(builder, name, c),
        PrimitiveDataFrameColumn<float> c => Add(builder, name, c),
        PrimitiveDataFrameColumn<long> c => Add(builder, name, c),
        PrimitiveDataFrameColumn<int> c => Add(builder, name, c),
        PrimitiveDataFrameColumn<short> c => Add(builder, name, c),
        PrimitiveDataFrameColumn<sbyte> c => Add(builder, name, c),
        PrimitiveDataFrameColumn<byte> c => Add(builder, name, c),
        PrimitiveDataFrameColumn<ushort> c => Add(builder, name, c),
        PrimitiveDataFrameColumn<uint> c => Add(builder, name, c),
        PrimitiveDataFrameColumn<ulong> c => Add(builder, name, c),
        PrimitiveDataFrameColumn<decimal> c => Add(builder, name, c),
        _ => false,
    };

    static bool Add<T>(ProfileBuilder builder, string name, PrimitiveDataFrameColumn<T> column) where T : unmanaged, System.Numerics.INumberBase<T>
    {
        if (LiesInItsOwnMemory(column)) builder.AddChunks(name, column.GetReadOnlyDataBuffers(), column.GetReadOnlyNullBitMapBuffers());
        else AddOneByOne(builder, name, column);
        return true;
    }

    /// <summary>
    /// Whether the frame made the column's memory itself. What it took over from Arrow it hands out as bytes under another type: an offset in bytes is then taken for one in
    /// elements, and the spans are of other memory. Its own memory is bytes too, but begins at their first.
    /// </summary>
    static bool LiesInItsOwnMemory<T>(PrimitiveDataFrameColumn<T> column) where T : unmanaged
    {
        try
        {
            return column.GetReadOnlyDataBuffers().All(m => MemoryMarshal.TryGetArray(m, out var segment) && segment.Offset == 0);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false; // Arrow's booleans are fewer bytes than rows
        }
    }

    /// <summary>Through the column's own access, which has the values right.</summary>
    static void AddOneByOne<T>(ProfileBuilder builder, string name, PrimitiveDataFrameColumn<T> column) where T : unmanaged, System.Numerics.INumberBase<T>
    {
        var values = new T[column.Length];
        var bits = new byte[(column.Length + 7) / 8];
        var at = 0;
        foreach (var value in (IEnumerable<T?>)column)
        {
            if (value is { } known)
            {
                values[at] = known;
                bits[at >> 3] |= (byte)(1 << (at & 7));
            }
            at++;
        }
        builder.AddNumeric<T>(name, values, bits);
    }

    static bool AddCategories(ProfileBuilder builder, string name, DataFrameColumn column)
    {
        switch (column)
        {
            case IEnumerable<string?> text: builder.Add(name, text); return true;
            // Its own access is wrong there, too.
            case PrimitiveDataFrameColumn<bool> flags when !LiesInItsOwnMemory(flags):
                throw new NotSupportedException($"column '{name}': Microsoft.Data.Analysis takes Arrow's booleans, which are bits, for bytes; add the record batch with AddBatch");
            case PrimitiveDataFrameColumn<bool> flags: builder.Add(name, ((IEnumerable<bool?>)flags).Select(f => f is { } flag ? flag ? "true" : "false" : null)); return true;
            case PrimitiveDataFrameColumn<char> letters: builder.Add(name, ((IEnumerable<char?>)letters).Select(l => l?.ToString())); return true;
            default: return false;
        }
    }

    /// <summary>Numbers where categories belong, or the other way round. Of what could stand in neither kind nobody could say what it is.</summary>
    static void AddMismatched(ProfileBuilder builder, int at, DataFrameColumn column)
    {
        if (!column.IsNumericColumn() && column is not (IEnumerable<string?> or PrimitiveDataFrameColumn<bool> or PrimitiveDataFrameColumn<char>))
            throw new NotSupportedException($"column '{column.Name}': {column.DataType.Name} is not read; numbers, strings, booleans and characters are");
        builder.AddNull(at, column.NullCount);
        builder.AddMismatched(at, column.Length - column.NullCount);
    }
}
