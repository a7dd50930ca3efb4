using System.Buffers;
using System.Numerics;
using System.Text;

namespace Drift;

/// <summary>One column of a batch as it lies in memory: the batch's rows from its own and its batch's offset on.</summary>
readonly unsafe struct ArrowColumn
{
    const int Most = 1 << 30;
    readonly string name, format;
    readonly CSchema* schema;
    readonly CArray* array;
    readonly int offset, rows;

    public ArrowColumn(string name, CSchema* schema, CArray* array, long batchOffset, int rows)
    {
        (this.name, this.rows) = (name, rows);
        this.schema = schema;
        this.array = array;
        format = ArrowCData.Text(schema->Format);
        if (array->Offset < 0 || array->Length < 0 || array->Offset > Most || array->Length > Most || batchOffset > Most) throw Wrong($"offset {array->Offset} and length {array->Length} cannot be");
        if (batchOffset + rows > array->Length) throw Wrong($"{batchOffset} + {rows} rows of a column of {array->Length} are wanted");
        offset = (int)(array->Offset + batchOffset);
    }

    public static bool IsNumber(string format) => format is "c" or "C" or "s" or "S" or "i" or "I" or "l" or "L" or "e" or "f" or "g";

    public void AddTo(ProfileBuilder builder, int at)
    {
        if (rows == 0) return;
        var kind = builder.Schema.Columns[at].Kind;
        if (schema->Dictionary != null) AddDictionary(builder, at, kind);
        else if (format == "n") builder.AddNull(at, rows);
        else if (IsNumber(format))
        {
            if (kind == ColumnKind.Numeric) AddNumbers(builder);
            else AddMismatched(builder, at);
        }
        else if (format is "u" or "U" or "b")
        {
            if (kind != ColumnKind.Categorical) AddMismatched(builder, at);
            else if (format == "b") builder.AddBits(name, new ReadOnlySpan<byte>(Buffer(1, 2), Bytes), offset, rows, Nulls(), Nulls().IsEmpty ? 0 : offset);
            else AddText(builder);
        }
        else throw Wrong($"format '{format}' is not read: integers, floats, booleans, UTF-8 and dictionaries of it are");
    }

    int Bytes => (int)(((long)offset + rows + 7) >> 3);

    void AddNumbers(ProfileBuilder builder)
    {
        switch (format)
        {
            case "c": Add<sbyte>(builder); break;
            case "C": Add<byte>(builder); break;
            case "s": Add<short>(builder); break;
            case "S": Add<ushort>(builder); break;
            case "i": Add<int>(builder); break;
            case "I": Add<uint>(builder); break;
            case "l": Add<long>(builder); break;
            case "L": Add<ulong>(builder); break;
            case "e": Add<Half>(builder); break;
            case "f": Add<float>(builder); break;
            default: Add<double>(builder); break;
        }
    }

    void Add<T>(ProfileBuilder builder) where T : unmanaged, INumberBase<T> => builder.AddNumeric(name, Values<T>(), Nulls(), Nulls().IsEmpty ? 0 : offset);

    void AddText(ProfileBuilder builder)
    {
        var offsets = Offsets(out var data);
        builder.AddUtf8(name, offsets, data, Nulls(), Nulls().IsEmpty ? 0 : offset);
    }

    void AddDictionary(ProfileBuilder builder, int at, ColumnKind kind)
    {
        if (kind != ColumnKind.Categorical)
        {
            AddMismatched(builder, at);
            return;
        }
        if (array->Dictionary == null) throw Wrong("it is a dictionary without its entries");
        var entries = new ArrowColumn(name, schema->Dictionary, array->Dictionary, 0, ArrowCData.Whole(array->Dictionary->Length, "dictionary"));
        if (entries.format is not ("u" or "U")) throw Wrong($"its dictionary's format is '{entries.format}'; UTF-8 is read");
        var codes = ArrayPool<int>.Shared.Rent(rows);
        Codes(codes.AsSpan(0, rows));
        builder.AddDictionary(name, codes.AsSpan(0, rows), entries.Decoded(), Nulls(), Nulls().IsEmpty ? 0 : offset);
        ArrayPool<int>.Shared.Return(codes);
    }

    string?[] Decoded()
    {
        var offsets = Offsets(out var data);
        var nulls = Nulls();
        var decoded = new string?[rows];
        for (var i = 0; i < rows; i++)
            if (Validity.IsValid(nulls, offset + i)) decoded[i] = Encoding.UTF8.GetString(data[offsets[i]..offsets[i + 1]]);
        return decoded;
    }

    void Codes(Span<int> codes)
    {
        switch (format)
        {
            case "c": Widen<sbyte>(codes); break;
            case "C": Widen<byte>(codes); break;
            case "s": Widen<short>(codes); break;
            case "S": Widen<ushort>(codes); break;
            case "i": Values<int>().CopyTo(codes); break;
            case "I": Widen<uint>(codes); break;
            case "l": Widen<long>(codes); break;
            case "L": Widen<ulong>(codes); break;
            default: throw Wrong($"codes of format '{format}' are not read");
        }
        // Where there is no bitmap a code of -1 would pass as a null; in Arrow it is outside the dictionary.
        if (Nulls().IsEmpty && codes.Contains(-1)) throw Wrong("a code is outside the dictionary");
    }

    /// <summary>A code too large for a dictionary of any length becomes one that is refused.</summary>
    void Widen<T>(Span<int> codes) where T : unmanaged, INumberBase<T>
    {
        var values = Values<T>();
        for (var i = 0; i < values.Length; i++) codes[i] = int.CreateSaturating(values[i]);
    }

    void AddMismatched(ProfileBuilder builder, int at)
    {
        var nulls = Validity.CountNulls(Nulls(), offset, rows);
        builder.AddNull(at, nulls);
        builder.AddMismatched(at, rows - nulls);
    }

    ReadOnlySpan<T> Values<T>() where T : unmanaged => rows == 0 ? default : new((T*)Buffer(1, 2) + offset, rows);

    /// <summary>The bitmap, from its first bit on; empty when nothing is null.</summary>
    ReadOnlySpan<byte> Nulls()
    {
        if (array->NullCount == 0 || rows == 0) return default;
        if (array->BufferCount < 1 || array->Buffers == null) throw Wrong("it has no buffers");
        if (array->Buffers[0] != null) return new(array->Buffers[0], Bytes);
        return array->NullCount < 0 ? default : throw Wrong($"it has {array->NullCount} nulls and no bitmap");
    }

    /// <summary>The string offsets from the first row on; large ones are brought to where the first string begins.</summary>
    ReadOnlySpan<int> Offsets(out ReadOnlySpan<byte> data)
    {
        data = default;
        if (rows == 0) return [0];
        if (format == "u")
        {
            var plain = new ReadOnlySpan<int>((int*)Buffer(1, 3) + offset, rows + 1);
            data = Data(0, Ordered(plain));
            return plain;
        }
        var large = new ReadOnlySpan<long>((long*)Buffer(1, 3) + offset, rows + 1);
        var first = large[0];
        if (first < 0 || Ordered(large) - first > Most) throw Wrong($"its text lies at {first}..{large[^1]}");
        var near = new int[rows + 1];
        for (var i = 0; i < near.Length; i++) near[i] = (int)(large[i] - first);
        data = Data(first, near[^1]);
        return near;
    }

    /// <summary>The last offset, after all have been seen to go up: a hole in them would lead outside.</summary>
    long Ordered<T>(ReadOnlySpan<T> offsets) where T : unmanaged, INumber<T>
    {
        for (var i = 0; i < offsets.Length; i++)
            if (offsets[i] < (i == 0 ? T.Zero : offsets[i - 1])) throw Wrong($"string {Math.Max(0, i - 1)} begins at {(i == 0 ? "" : offsets[i - 1])} and ends at {offsets[i]}");
        return long.CreateChecked(offsets[^1]);
    }

    ReadOnlySpan<byte> Data(long from, long length) => length == 0 ? default : new(Buffer(2, 3) + from, ArrowCData.Whole(length, "text"));

    byte* Buffer(int at, int needed)
    {
        if (array->BufferCount < needed || array->Buffers == null) throw Wrong($"it has {array->BufferCount} buffers; {needed} are needed");
        return array->Buffers[at] != null ? (byte*)array->Buffers[at] : rows == 0 ? null : throw Wrong($"buffer {at} is missing");
    }

    ArgumentException Wrong(string what) => new($"column '{name}': {what}");
}
