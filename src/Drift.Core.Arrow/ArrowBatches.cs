using System.Globalization;
using Apache.Arrow;

namespace Drift;

/// <summary>Adds record batches of Apache.Arrow to profiles, where they lie.</summary>
public static class ArrowBatches
{
    /// <summary>Adds every column of the batch that the builder's schema knows; a column that the batch lacks counts as null, values of the other kind as mismatched.</summary>
    /// <exception cref="NotSupportedException">A column has a type that is not read; the message names both.</exception>
    public static ProfileBuilder AddBatch(this ProfileBuilder builder, Apache.Arrow.RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(batch);
        var named = new Dictionary<string, IArrowArray>(StringComparer.Ordinal);
        for (var i = 0; i < batch.ColumnCount; i++) named[batch.Schema.GetFieldByIndex(i).Name] = batch.Column(i);
        for (var i = 0; i < builder.Schema.Columns.Count; i++)
        {
            var spec = builder.Schema.Columns[i];
            if (!named.TryGetValue(spec.Name, out var array)) builder.AddNull(i, batch.Length);
            else if (spec.Kind == ColumnKind.Numeric) AddNumbers(builder, i, spec.Name, array);
            else AddCategories(builder, i, spec.Name, array);
        }
        return builder.AddRows(batch.Length);
    }

    static void AddNumbers(ProfileBuilder builder, int at, string name, IArrowArray array)
    {
        switch (array)
        {
            case DoubleArray a: builder.AddNumeric(name, a.Values, Nulls(a), Bit(a)); break;
            case FloatArray a: builder.AddNumeric(name, a.Values, Nulls(a), Bit(a)); break;
            case HalfFloatArray a: builder.AddNumeric(name, a.Values, Nulls(a), Bit(a)); break;
            case Int8Array a: builder.AddNumeric(name, a.Values, Nulls(a), Bit(a)); break;
            case Int16Array a: builder.AddNumeric(name, a.Values, Nulls(a), Bit(a)); break;
            case Int32Array a: builder.AddNumeric(name, a.Values, Nulls(a), Bit(a)); break;
            case Int64Array a: builder.AddNumeric(name, a.Values, Nulls(a), Bit(a)); break;
            case UInt8Array a: builder.AddNumeric(name, a.Values, Nulls(a), Bit(a)); break;
            case UInt16Array a: builder.AddNumeric(name, a.Values, Nulls(a), Bit(a)); break;
            case UInt32Array a: builder.AddNumeric(name, a.Values, Nulls(a), Bit(a)); break;
            case UInt64Array a: builder.AddNumeric(name, a.Values, Nulls(a), Bit(a)); break;
            default: Mismatched(builder, at, array); break;
        }
    }

    static void AddCategories(ProfileBuilder builder, int at, string name, IArrowArray array)
    {
        switch (array)
        {
            case StringArray a: builder.AddUtf8(name, a.ValueOffsets, a.Values, Nulls(a), Bit(a)); break;
            // The values' bits are not sliced either.
            case BooleanArray a: builder.AddBits(name, a.ValueBuffer.Span, a.Offset, a.Length, Nulls(a), Bit(a)); break;
            case DictionaryArray a: AddDictionary(builder, name, a); break;
            default: Mismatched(builder, at, array); break;
        }
    }

    static void AddDictionary(ProfileBuilder builder, string name, DictionaryArray array)
    {
        if (array.Dictionary is not StringArray entries) throw new NotSupportedException($"column '{name}': a dictionary of {array.Dictionary.Data.DataType.Name} is not read; one of strings is");
        var dictionary = new string?[entries.Length];
        for (var i = 0; i < dictionary.Length; i++) dictionary[i] = entries.IsNull(i) ? null : entries.GetString(i);
        var codes = new int[array.Length];
        // A code under a null may be anything: it is never read.
        for (var i = 0; i < codes.Length; i++) codes[i] = array.IsNull(i) ? 0 : Code(name, array.Indices, i);
        builder.AddDictionary(name, codes, dictionary, Nulls(array), Bit(array));
    }

    static int Code(string name, IArrowArray indices, int i) => indices switch
    {
        Int8Array a => a.Values[i],
        Int16Array a => a.Values[i],
        Int32Array a => a.Values[i],
        Int64Array a => int.CreateSaturating(a.Values[i]),
        UInt8Array a => a.Values[i],
        UInt16Array a => a.Values[i],
        UInt32Array a => int.CreateSaturating(a.Values[i]),
        UInt64Array a => int.CreateSaturating(a.Values[i]),
        _ => throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"column '{name}': codes of {indices.Data.DataType.Name} are not read")),
    };

    static void Mismatched(ProfileBuilder builder, int at, IArrowArray array)
    {
        var nulls = array.NullCount;
        builder.AddNull(at, nulls);
        builder.AddMismatched(at, array.Length - nulls);
    }

    /// <summary>The bitmap is not sliced: its first bit belongs to the array's offset.</summary>
    static ReadOnlySpan<byte> Nulls(Apache.Arrow.Array array) => array.NullCount == 0 ? default : array.NullBitmapBuffer.Span;

    static int Bit(Apache.Arrow.Array array) => array.NullCount == 0 ? 0 : array.Offset;
}
