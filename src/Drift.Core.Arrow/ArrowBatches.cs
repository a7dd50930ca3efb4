using Apache.Arrow;
using Apache.Arrow.Types;

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
            if (!named.TryGetValue(spec.Name, out var array) || array is NullArray) builder.AddNull(i, batch.Length);
            else if (spec.Kind == ColumnKind.Numeric ? !AddNumbers(builder, spec.Name, array) : !AddCategories(builder, spec.Name, array)) AddMismatched(builder, i, spec.Name, array);
        }
        return builder.AddRows(batch.Length);
    }

    static bool AddNumbers(ProfileBuilder builder, string name, IArrowArray array)
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
            default: return false;
        }
        return true;
    }

    static bool AddCategories(ProfileBuilder builder, string name, IArrowArray array)
    {
        switch (array)
        {
            case StringArray a: builder.AddUtf8(name, a.ValueOffsets, a.Values, Nulls(a), Bit(a)); break;
            // The values' bits are not sliced either.
            case BooleanArray a: builder.AddBits(name, a.ValueBuffer.Span, a.Offset, a.Length, Nulls(a), Bit(a)); break;
            case DictionaryArray a: AddDictionary(builder, name, a); break;
            case IReadOnlyList<string?> text: builder.Add(name, text); break; // large strings and views
            default: return false;
        }
        return true;
    }

    static void AddDictionary(ProfileBuilder builder, string name, DictionaryArray array)
    {
        if (array.Dictionary is not IReadOnlyList<string?> entries) throw new NotSupportedException($"column '{name}': a dictionary of {array.Dictionary.Data.DataType.Name} is not read; one of strings is");
        var codes = new int[array.Length];
        // A code under a null may be anything: it is never read.
        for (var i = 0; i < codes.Length; i++) codes[i] = array.IsNull(i) ? 0 : Code(name, array.Indices, i);
        builder.AddDictionary(name, codes, entries, Nulls(array), Bit(array));
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
        _ => throw new NotSupportedException($"column '{name}': codes of {indices.Data.DataType.Name} are not read"),
    };

    /// <summary>Numbers where categories belong, or the other way round. Of what could stand in neither kind nobody could say what it is.</summary>
    static void AddMismatched(ProfileBuilder builder, int at, string name, IArrowArray array)
    {
        if (array is not (IReadOnlyList<string?> or DictionaryArray) && array.Data.DataType is not NumberType)
            throw new NotSupportedException($"column '{name}': {array.Data.DataType.Name} is not read; integers, floats, booleans, strings and dictionaries of strings are");
        builder.AddNull(at, array.NullCount);
        builder.AddMismatched(at, array.Length - array.NullCount);
    }

    /// <summary>The bitmap is not sliced: its first bit belongs to the array's offset.</summary>
    static ReadOnlySpan<byte> Nulls(Apache.Arrow.Array array) => array.NullCount == 0 ? default : array.NullBitmapBuffer.Span;

    static int Bit(Apache.Arrow.Array array) => array.NullCount == 0 ? 0 : array.Offset;
}
