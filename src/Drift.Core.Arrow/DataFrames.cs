using System.Runtime.InteropServices;
using Microsoft.Data.Analysis;

namespace Drift;

/// <summary>Adds frames of Microsoft.Data.Analysis to profiles, chunk by chunk where they lie.</summary>
public static class DataFrames
{
    /// <summary>Adds every column of the frame that the builder's schema knows; a column that the frame lacks counts as null, values of the other kind as mismatched.</summary>
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
            {
                builder.AddNull(i, column.NullCount);
                builder.AddMismatched(i, column.Length - column.NullCount);
            }
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
        _ => false,
    };

    static bool Add<T>(ProfileBuilder builder, string name, PrimitiveDataFrameColumn<T> column) where T : unmanaged, System.Numerics.INumberBase<T>
    {
        if (column.GetReadOnlyDataBuffers().Any(IsReinterpreted)) AddOneByOne(builder, name, column);
        else builder.AddChunks(name, column.GetReadOnlyDataBuffers(), column.GetReadOnlyNullBitMapBuffers());
        return true;
    }

    /// <summary>A frame that was read from Arrow hands out byte memory under another type, whose offset is then taken for a number of elements: its spans are wrong.</summary>
    static bool IsReinterpreted<T>(ReadOnlyMemory<T> memory) where T : unmanaged =>
        typeof(T) != typeof(byte) && MemoryMarshal.TryGetArray(memory, out var segment) && (object?)segment.Array is byte[];

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
            case PrimitiveDataFrameColumn<bool> flags: builder.Add(name, ((IEnumerable<bool?>)flags).Select(f => f is { } flag ? flag ? "true" : "false" : null)); return true;
            default: return false;
        }
    }
}
