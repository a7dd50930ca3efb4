using System.Buffers.Binary;
using System.Text;

namespace Drift.Worker.Sources.Files.Arrow;

/// <summary>A column of one record batch: its rows, its validity (empty when nothing is null) and its buffers.</summary>
readonly record struct ArrowColumn(int Length, ReadOnlyMemory<byte> Validity, ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second)
{
    public bool IsValid(int row) => Validity.IsEmpty || (Validity.Span[row >> 3] >> (row & 7) & 1) != 0;
}

/// <summary>
/// Arrow IPC, streams and files, without a package: flat columns, dictionaries of text. What it does not read it refuses by name: compression, nested
/// types, views, delta dictionaries, big-endian data.
/// </summary>
sealed class ArrowReader(ReadOnlyMemory<byte> bytes)
{
    static readonly byte[] magic = "ARROW1"u8.ToArray();
    static readonly byte[] continuation = [0xFF, 0xFF, 0xFF, 0xFF];
    readonly Dictionary<long, string?[]> dictionaries = [];

    /// <summary>The columns; known once the first batch has been read.</summary>
    public IReadOnlyList<ArrowField> Fields { get; private set; } = [];

    /// <summary>The dictionary of a field, as it stands for the current batch.</summary>
    public string?[] Dictionary(ArrowField field) => dictionaries.TryGetValue(field.Dictionary!.Value, out var entries) ? entries : throw new FormatException($"column '{field.Name}': its dictionary is missing");

    public static bool LooksLike(ReadOnlySpan<byte> start) => start.StartsWith(magic) || start.StartsWith(continuation);

    /// <summary>The batches in order; dictionaries on the way take effect for those after them.</summary>
    public IEnumerable<ArrowColumn[]> Batches() => bytes.Span.StartsWith(magic) ? OfFile() : OfStream();

    /// <summary>A file says in its footer where everything stands; the schema message at its start may be missing.</summary>
    IEnumerable<ArrowColumn[]> OfFile()
    {
        var blocks = Footer();
        foreach (var (offset, length) in blocks)
            if (Message(checked((int)offset + 8), length - 8, out _) is { } batch) yield return batch;
    }

    List<(long, int)> Footer()
    {
        var span = bytes.Span;
        if (!span.EndsWith(magic)) throw new FormatException("it ends too early");
        var length = BinaryPrimitives.ReadInt32LittleEndian(span[^10..]);
        var footer = FlatTable.Root(span[^(10 + length)..^10]);
        ReadSchema(footer.Table(1));
        var blocks = new List<(long, int)>();
        foreach (var list in (ReadOnlySpan<int>)[2, 3])
            for (var i = 0; i < footer.Count(list, 24); i++) blocks.Add(footer.BlockAt(list, i));
        return blocks;
    }

    IEnumerable<ArrowColumn[]> OfStream()
    {
        for (var at = 0; at < bytes.Length;)
        {
            if (bytes.Length - at < 8) throw new FormatException("it ends too early");
            if (BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[at..]) != -1) throw new FormatException("no message where one should begin");
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[(at + 4)..]);
            if (length == 0) yield break;
            if (Message(at + 8, length, out at) is { } batch) yield return batch;
        }
    }

    ArrowColumn[]? Message(int start, int length, out int next)
    {
        var message = FlatTable.Root(bytes.Span.Slice(start, length));
        var body = bytes.Slice(checked(start + length), checked((int)message.Long(3)));
        next = checked(start + length + body.Length);
        switch (message.Byte(1))
        {
            case 1:
                ReadSchema(message.Table(2));
                return null;
            case 2:
                ReadDictionary(message.Table(2), body);
                return null;
            case 3:
                return ReadBatch(message.Table(2), body, Fields, plain: false);
            default:
                throw new FormatException($"a message of kind {message.Byte(1)}; flat record batches are read");
        }
    }

    void ReadSchema(FlatTable schema)
    {
        if (schema.Short(0) != 0) throw new FormatException("big-endian data");
        var fields = new ArrowField[schema.Count(1, 4)];
        for (var i = 0; i < fields.Length; i++) fields[i] = ArrowField.Read(schema.TableAt(1, i));
        Fields = fields;
    }

    void ReadDictionary(FlatTable dictionary, ReadOnlyMemory<byte> body)
    {
        if (dictionary.Byte(2) != 0) throw new FormatException("delta dictionaries; write each dictionary whole");
        var id = dictionary.Long(0);
        var field = Fields.FirstOrDefault(f => f.Dictionary == id) ?? throw new FormatException($"a dictionary {id} that no column has");
        var column = ReadBatch(dictionary.Table(1), body, [field], plain: true)[0];
        var entries = new string?[column.Length];
        for (var i = 0; i < entries.Length; i++) entries[i] = column.IsValid(i) ? Text(field, column, i) : null;
        dictionaries[id] = entries;
    }

    static ArrowColumn[] ReadBatch(FlatTable batch, ReadOnlyMemory<byte> body, IReadOnlyList<ArrowField> fields, bool plain)
    {
        if (batch.Has(3)) throw new FormatException("compressed buffers; write without compression");
        if (batch.Count(1, 16) < fields.Count) throw new FormatException("a batch with fewer columns than the schema");
        var (rows, buffers, at) = (batch.Long(0), batch.Count(2, 16), 0);
        var columns = new ArrowColumn[fields.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var field = fields[i];
            var (length, nulls) = batch.PairAt(1, i);
            if (length < 0 || length > int.MaxValue || (!plain && length != rows)) throw new FormatException($"column '{field.Name}' has {length} rows in a batch of {rows}");
            var encoded = field.Dictionary is not null && !plain;
            if (field.Type == ArrowType.Null) columns[i] = new((int)length, default, default, default);
            else
            {
                var validity = Next(batch, body);
                var first = Next(batch, body);
                var second = field.Type == ArrowType.Text && !encoded ? Next(batch, body) : default;
                columns[i] = Checked(field, new((int)length, nulls == 0 ? default : validity, first, second), encoded, nulls);
            }
        }
        return columns;

        ReadOnlyMemory<byte> Next(FlatTable from, ReadOnlyMemory<byte> within)
        {
            if (at >= buffers) throw new FormatException("a batch with fewer buffers than its columns need");
            var (offset, length) = from.PairAt(2, at++);
            return within.Slice(checked((int)offset), checked((int)length));
        }
    }

    /// <summary>Every buffer is as long as the rows need, so that reading a row needs no further check.</summary>
    static ArrowColumn Checked(ArrowField field, ArrowColumn column, bool encoded, long nulls)
    {
        var bits = encoded ? field.IndexBits : field.Bits;
        var needed = field.Type == ArrowType.Text && !encoded ? column.Length == 0 ? 0 : (column.Length + 1L) * bits / 8 : (column.Length * (long)bits + 7) / 8;
        if (column.First.Length < needed || (nulls != 0 && column.Validity.Length < (column.Length + 7) / 8)) throw new FormatException($"column '{field.Name}': a buffer is shorter than its rows need");
        return column;
    }

    public static string Text(ArrowField field, in ArrowColumn column, int row)
    {
        var offsets = column.First.Span;
        var (start, end) = field.Bits == 32
            ? (BinaryPrimitives.ReadInt32LittleEndian(offsets[(4 * row)..]), BinaryPrimitives.ReadInt32LittleEndian(offsets[(4 * row + 4)..]))
            : (checked((int)BinaryPrimitives.ReadInt64LittleEndian(offsets[(8 * row)..])), checked((int)BinaryPrimitives.ReadInt64LittleEndian(offsets[(8 * row + 8)..])));
        if (start < 0 || end < start || end > column.Second.Length) throw new FormatException($"column '{field.Name}': a text lies outside its buffer");
        return Encoding.UTF8.GetString(column.Second.Span[start..end]);
    }
}
