using System.Text;

namespace Drift.Worker.Sources.Files;

sealed unsafe partial class ColumnReader
{
    readonly Utf8Codes texts = new();

    /// <summary>Adds the column's cells of a block of rows, from their bytes wherever the column knows what it holds.</summary>
    public void Add(CsvBlocks.Block block, int column, int skip)
    {
        fixed (byte* bytes = block.Bytes)
            for (var row = skip; row < block.Rows; row++)
            {
                var (start, length) = block.Fields[row * block.Width + column];
                if (!TryAdd(bytes + start, length, bytes + block.Length)) Add(Cell.Untyped(Encoding.UTF8.GetString(bytes + start, length)));
            }
    }

    /// <summary>The common cases; false leaves the cell to the general way. A delimiter stands behind every cell, before <paramref name="end"/>.</summary>
    bool TryAdd(byte* cell, int length, byte* end)
    {
        if (length == 0) return false;
        switch (Mode)
        {
            case CellMode.Number:
                var at = cell;
                if (!ExactDecimal.TryRead(ref at, end, out var value) || at != cell + length) return false;
                AddNumber(value, new ReadOnlySpan<byte>(cell, length).IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0);
                return true;
            case CellMode.Category when keep:
                var text = new ReadOnlySpan<byte>(cell, length);
                var code = texts.Find(text);
                if (code < 0) texts.Add(text, code = CodeOf(Encoding.UTF8.GetString(text)));
                Rows++;
                codes.Add(code);
                untyped[code]++;
                return true;
            case CellMode.Count:
                Rows++;
                counts.Text++;
                return true;
            default: return false;
        }
    }
}
