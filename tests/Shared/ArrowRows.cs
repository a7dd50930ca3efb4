#if ARROW
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Drift.Tests;

/// <summary>Rows of every type that is read: as arrays of the real Apache.Arrow, with rubbish wherever a bit says null, and added plainly.</summary>
static class ArrowRows
{
    public static readonly string[] Numbers = ["double", "float", "half", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"];
    static readonly string[] texts = ["text", "large", "view"];
    static readonly string[] codes = ["code8", "code16", "code32", "code64", "ucode8", "ucode16", "ucode32", "ucode64", "large-code"];

    // An entry can itself be null; the last one is never used.
    static readonly string?[] entries = [null, "t0", "t1", "t\u00fc2", "", "t4", "unused"];

    public static readonly Drift.Schema Schema = Drift.Schema.Of([.. Numbers.Select(n => ColumnSpec.Numeric(n)), .. ((string[])[.. texts, "bool", .. codes]).Select(n => ColumnSpec.Categorical(n))]);

    /// <summary>Whole and below 97, so that every type holds it exactly; each column has nulls of its own.</summary>
    public static int? Number(string column, int i) => (i * 7 + column.Length) % (4 + column[^1] % 5) == 0 ? null : i * 31 % 97;

    public static string? Text(string column, int i) => (i * 5 + column.Length) % 6 == 0 ? null : i % 11 == 0 ? "" : $"t\u00fc{i * 13 % 7}";

    public static bool? Flag(int i) => i % 7 == 3 ? null : i % 3 == 0;

    static int? Code(string column, int i) => (i * 5 + column.Length) % 7 == 0 ? null : i % 6;

    /// <summary>The text or category of a row.</summary>
    public static string? Category(string column, int i) =>
        column == "bool" ? Flag(i) switch { true => "true", false => "false", null => null } : texts.Contains(column) ? Text(column, i) : Code(column, i) is { } code ? entries[code] : null;

    /// <summary>The same rows by the overloads for plain values.</summary>
    public static ProfileBuilder AddPlainly(this ProfileBuilder builder, int from, int count)
    {
        var rows = Enumerable.Range(from, count).ToArray();
        foreach (var column in builder.Schema.Columns)
            if (column.Kind == ColumnKind.Numeric) builder.Add(column.Name, [.. rows.Select(i => (double)(Number(column.Name, i) ?? 0))], Set(count, i => Number(column.Name, from + i) is not null));
            else builder.Add(column.Name, rows.Select(i => Category(column.Name, i)));
        return builder;
    }

    /// <summary>A batch of the columns of a schema.</summary>
    public static Apache.Arrow.RecordBatch Batch(Drift.Schema schema, int count)
    {
        var arrays = schema.Columns.Select(c => Array(c.Name, count)).ToList();
        return new(new Apache.Arrow.Schema(schema.Columns.Select((c, i) => new Field(c.Name, arrays[i].Data.DataType, nullable: true)), null), arrays, count);
    }

    static IArrowArray Array(string column, int count) => column switch
    {
        "double" => Fixed<double>(column, count, DoubleType.Default),
        "float" => Fixed<float>(column, count, FloatType.Default),
        "half" => Fixed<Half>(column, count, HalfFloatType.Default),
        "int8" or "code8" => Fixed<sbyte>(column, count, Int8Type.Default),
        "int16" or "code16" => Fixed<short>(column, count, Int16Type.Default),
        "int32" or "code32" or "large-code" => Fixed<int>(column, count, Int32Type.Default),
        "int64" or "code64" => Fixed<long>(column, count, Int64Type.Default),
        "uint8" or "ucode8" => Fixed<byte>(column, count, UInt8Type.Default),
        "uint16" or "ucode16" => Fixed<ushort>(column, count, UInt16Type.Default),
        "uint32" or "ucode32" => Fixed<uint>(column, count, UInt32Type.Default),
        "uint64" or "ucode64" => Fixed<ulong>(column, count, UInt64Type.Default),
        "text" or "large" => ArrowArrayFactory.BuildArray(Strings([.. Enumerable.Range(0, count).Select(i => Text(column, i))], column == "large")),
        "view" => new StringViewArray.Builder().AppendRange(Enumerable.Range(0, count).Select(i => Text(column, i))).Build(),
        _ => ArrowArrayFactory.BuildArray(new ArrayData(BooleanType.Default, count, Enumerable.Range(0, count).Count(i => Flag(i) is null), 0, [Bits(count, i => Flag(i) is not null), Bits(count, i => Flag(i) is true or null)])),
    };

    static IArrowArray Fixed<T>(string column, int count, IArrowType type) where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var coded = codes.Contains(column);
        int?[] rows = [.. Enumerable.Range(0, count).Select(i => coded ? Code(column, i) : Number(column, i))];
        T[] values = [.. rows.Select(v => v is { } known ? T.CreateChecked(known) : T.MaxValue)];
        return ArrowArrayFactory.BuildArray(new ArrayData(coded ? new DictionaryType(type, Large(column) ? LargeStringType.Default : StringType.Default, false) : type, count, rows.Count(v => v is null), 0,
            [Bits(count, i => rows[i] is not null), new ArrowBuffer(MemoryMarshal.AsBytes<T>(values).ToArray())], null, coded ? Strings(entries, Large(column)) : null));
    }

    static bool Large(string column) => column.StartsWith("large", StringComparison.Ordinal);

    static ArrayData Strings(string?[] values, bool large)
    {
        byte[][] parts = [.. values.Select(v => Encoding.UTF8.GetBytes(v ?? "never read"))];
        long[] offsets = [0, .. parts.Select((_, i) => parts.Take(i + 1).Sum(p => (long)p.Length))];
        return new ArrayData(large ? LargeStringType.Default : StringType.Default, values.Length, values.Count(v => v is null), 0,
            [Bits(values.Length, i => values[i] is not null), new ArrowBuffer(large ? MemoryMarshal.AsBytes<long>(offsets).ToArray() : MemoryMarshal.AsBytes<int>([.. offsets.Select(o => (int)o)]).ToArray()), new ArrowBuffer(parts.SelectMany(p => p).ToArray())]);
    }

    static ArrowBuffer Bits(int count, Func<int, bool> set) => new(Set(count, set));

    static byte[] Set(int count, Func<int, bool> set)
    {
        var bits = new byte[(count + 7) / 8];
        for (var i = 0; i < count; i++)
            if (set(i)) bits[i >> 3] |= (byte)(1 << (i & 7));
        return bits;
    }
}
#endif
