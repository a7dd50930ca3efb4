using System.Runtime.InteropServices;

namespace Drift;

/// <summary>
/// Record batches of the Arrow C Data Interface, by which pyarrow, DuckDB, Polars and others hand over columns in the same process: counted where they lie, without a
/// copy and without a package. Flat columns: integers, floats, booleans, UTF-8 (also large) and dictionaries of UTF-8. Nothing is kept and nothing is released: both
/// structures stay the caller's.
/// </summary>
/// <remarks>
/// Everything that the structures say of themselves is checked: counts, offsets, null pointers, the order of string offsets, dictionary codes. The interface does not
/// say how long a buffer is, so a producer that lies about its lengths cannot be found out; take batches only from code in the same process that you trust.
/// </remarks>
public static unsafe class ArrowCData
{
    /// <summary>Adds a batch: every column of the builder that the batch has; one that it lacks counts as null. Values of the other kind are mismatched.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="schema">The address of an <c>ArrowSchema</c> of a struct (format <c>+s</c>).</param>
    /// <param name="array">The address of its <c>ArrowArray</c>.</param>
    /// <exception cref="ArgumentException">A structure contradicts itself or is of a kind that is not read; the message names the column.</exception>
    public static ProfileBuilder AddArrow(this ProfileBuilder builder, nint schema, nint array)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var type = Struct(schema);
        var batch = Batch(type, array);
        var rows = Whole(batch->Length, "length");
        var named = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < type->ChildCount; i++)
            if (!named.TryAdd(Text(Child(type->Children, i, "schema")->Name), i)) throw new ArgumentException($"two columns are named '{Text(type->Children[i]->Name)}'", nameof(schema));
        for (var i = 0; i < builder.Schema.Columns.Count; i++)
        {
            var column = builder.Schema.Columns[i];
            if (named.TryGetValue(column.Name, out var at)) new ArrowColumn(column.Name, type->Children[at], Child(batch->Children, at, "array"), batch->Offset, rows).AddTo(builder, i);
            else builder.AddNull(i, rows);
        }
        return builder.AddRows(rows);
    }

    /// <summary>A schema from a batch's: numbers numeric, text, booleans and dictionaries categorical, everything else left out.</summary>
    /// <exception cref="ArgumentException">It is no struct, or two columns have one name.</exception>
    public static Schema SchemaOf(nint schema)
    {
        var type = Struct(schema);
        var columns = new List<ColumnSpec>();
        for (var i = 0; i < type->ChildCount; i++)
        {
            var child = Child(type->Children, i, "schema");
            var (name, format) = (Text(child->Name), Text(child->Format));
            if (child->Dictionary != null || format is "u" or "U" or "b") columns.Add(ColumnSpec.Categorical(name));
            else if (ArrowColumn.IsNumber(format)) columns.Add(ColumnSpec.Numeric(name));
        }
        return new Schema(columns);
    }

    static CSchema* Struct(nint schema)
    {
        var type = (CSchema*)schema;
        if (type == null) throw new ArgumentNullException(nameof(schema));
        if (type->Release == null) throw new ArgumentException("the schema has been released", nameof(schema));
        if (Text(type->Format) is not "+s" and var format) throw new ArgumentException($"the schema's format is '{format}'; a batch is a struct, '+s'", nameof(schema));
        if (type->ChildCount is < 0 or > int.MaxValue || type->ChildCount > 0 && type->Children == null) throw new ArgumentException($"the schema says it has {type->ChildCount} columns", nameof(schema));
        return type;
    }

    static CArray* Batch(CSchema* type, nint array)
    {
        var batch = (CArray*)array;
        if (batch == null) throw new ArgumentNullException(nameof(array));
        if (batch->Release == null) throw new ArgumentException("the array has been released", nameof(array));
        if (batch->ChildCount != type->ChildCount || batch->ChildCount > 0 && batch->Children == null)
            throw new ArgumentException($"the array has {batch->ChildCount} columns, its schema {type->ChildCount}", nameof(array));
        Whole(batch->Length, "length");
        Whole(batch->Offset, "offset");
        if (batch->NullCount != 0 && batch->BufferCount > 0 && batch->Buffers != null && batch->Buffers[0] != null) throw new ArgumentException("rows that are null as a whole are not read", nameof(array));
        return batch;
    }

    internal static T* Child<T>(T** children, int at, string what) where T : unmanaged =>
        children != null && children[at] != null ? children[at] : throw new ArgumentException($"column {at} of the {what} is missing");

    internal static int Whole(long number, string what) => number is >= 0 and <= int.MaxValue ? (int)number : throw new ArgumentException($"a {what} of {number} cannot be: 0 to {int.MaxValue} are read at once");

    internal static string Text(byte* text) => text == null ? "" : Marshal.PtrToStringUTF8((nint)text) ?? "";
}

/// <summary>The interface's <c>ArrowSchema</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct CSchema
{
    public byte* Format, Name, Metadata;
    public long Flags, ChildCount;
    public CSchema** Children;
    public CSchema* Dictionary;
    public delegate* unmanaged<CSchema*, void> Release;
    public void* Private;
}

/// <summary>The interface's <c>ArrowArray</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct CArray
{
    public long Length, NullCount, Offset, BufferCount, ChildCount;
    public void** Buffers;
    public CArray** Children;
    public CArray* Dictionary;
    public delegate* unmanaged<CArray*, void> Release;
    public void* Private;
}
