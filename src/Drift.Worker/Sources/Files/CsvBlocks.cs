using System.Buffers;

namespace Drift.Worker.Sources.Files;

/// <summary>
/// Splits ordinary CSV straight from its bytes, a thousand rows at a time: UTF-8, fields without quotes or with quotes around the whole of them. On anything
/// else it says so, and the file is read again by <see cref="CsvRows"/>, which knows every rule and every complaint.
/// </summary>
sealed class CsvBlocks(Stream stream, int width)
{
    public const int BlockRows = 1024;

    const int FirstLength = 1 << 18, LongestBlock = 1 << 26;

    static readonly SearchValues<byte> special = SearchValues.Create(",\n\r\""u8);

    byte[] rest = [];
    int restLength;
    bool begun, ended;

    /// <summary>Rows as they stand in a buffer: where each field starts and how long it is. A missing field has length 0.</summary>
    public sealed class Block(int width)
    {
        public byte[] Bytes = new byte[FirstLength];
        public int Length, Rows;
        public readonly (int Start, int Length)[] Fields = new (int, int)[BlockRows * width];

        public int Width => width;
    }

    /// <summary>Whether a stream begins like text that is no UTF-8.</summary>
    static bool IsForeign(ReadOnlySpan<byte> start) => start is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..] or [0, 0, 0xFE, 0xFF, ..];

    /// <summary>Fills a block with the next rows; none at the end. False: something unusual was met.</summary>
    public bool TryFill(Block block)
    {
        (block.Length, block.Rows) = (restLength, 0);
        if (block.Bytes.Length < rest.Length) block.Bytes = new byte[rest.Length];
        rest.AsSpan(0, restLength).CopyTo(block.Bytes);
        var at = 0;
        while (true)
        {
            switch (Row(block, ref at))
            {
                case Found.Row when block.Rows == BlockRows: return Keep(block, at);
                case Found.Row: break;
                case Found.Unusual: return false;
                case Found.End: return Keep(block, at);
                default:
                    if (block.Rows > 0 && at > block.Bytes.Length / 2) return Keep(block, at);
                    if (!More(block)) return false;
                    break;
            }
        }
    }

    enum Found
    {
        Row,
        End,
        Unusual,
        MoreNeeded,
    }

    bool Keep(Block block, int at)
    {
        restLength = block.Length - at;
        if (rest.Length < restLength) rest = new byte[block.Bytes.Length];
        block.Bytes.AsSpan(at, restLength).CopyTo(rest);
        return true;
    }

    /// <summary>Reads on; a last line without an end gets one. False for text that is no UTF-8, and for a row beyond all measure.</summary>
    bool More(Block block)
    {
        if (block.Length + 1 >= block.Bytes.Length)
        {
            if (block.Bytes.Length >= LongestBlock) return false;
            Array.Resize(ref block.Bytes, block.Bytes.Length * 2);
        }
        var read = stream.Read(block.Bytes.AsSpan(block.Length, block.Bytes.Length - block.Length - 1));
        block.Length += read;
        if (read == 0)
        {
            ended = true;
            if (block.Length > 0 && block.Bytes[block.Length - 1] != '\n') block.Bytes[block.Length++] = (byte)'\n';
        }
        return true;
    }

    Found Row(Block block, ref int at)
    {
        if (!begun)
        {
            if (block.Length < 4 && !ended) return Found.MoreNeeded;
            if (IsForeign(block.Bytes.AsSpan(0, block.Length))) return Found.Unusual;
            begun = true;
            if (block.Bytes.AsSpan(0, block.Length) is [0xEF, 0xBB, 0xBF, ..]) at = 3;
        }
        var bytes = block.Bytes.AsSpan(0, block.Length);
        // Empty lines are no rows.
        while (at < bytes.Length && (bytes[at] == '\n' || bytes[at] == '\r' && at + 1 < bytes.Length && bytes[at + 1] == '\n')) at++;
        if (at == bytes.Length) return ended ? Found.End : Found.MoreNeeded;
        var fields = block.Fields.AsSpan(block.Rows * width, width);
        var (start, field) = (at, 0);
        while (true)
        {
            if (start == bytes.Length) return ended ? Found.Unusual : Found.MoreNeeded;
            var (from, length) = (start, 0);
            if (bytes[start] == '"')
            {
                from++;
                length = bytes[from..].IndexOf((byte)'"');
                if (length < 0 || from + length + 1 == bytes.Length) return ended ? Found.Unusual : Found.MoreNeeded;
                start = from + length + 1;
                if (bytes[start] is not ((byte)',' or (byte)'\n' or (byte)'\r')) return Found.Unusual;
            }
            else
            {
                length = bytes[start..].IndexOfAny(special);
                if (length < 0) return ended ? Found.Unusual : Found.MoreNeeded;
                start += length;
            }
            if (field == width) return Found.Unusual;
            fields[field++] = (from, length);
            if (bytes[start] == ',') start++;
            else if (bytes[start] == '"') return Found.Unusual;
            else
            {
                if (bytes[start] == '\r')
                {
                    if (start + 1 == bytes.Length) return ended ? Found.Unusual : Found.MoreNeeded;
                    if (bytes[++start] != '\n') return Found.Unusual;
                }
                fields[field..].Clear();
                block.Rows++;
                at = start + 1;
                return Found.Row;
            }
        }
    }
}
