namespace Drift;

/// <summary>What a cell of a row holds.</summary>
enum Cell : byte
{
    /// <summary>Null or absent.</summary>
    Null,

    /// <summary>A number or a category.</summary>
    Value,

    /// <summary>A value of another type than the column's.</summary>
    Mismatched,
}

/// <summary>One decoded record, column by column, reused from record to record: numbers in one array, categories as slices of one buffer.</summary>
public sealed class RecordRow
{
    Cell[] cells = [];
    double[] numbers = [];
    (int Start, int Length)[] slices = [];
    byte[] text = new byte[256];
    int textLength;

    internal RecordLayout? Layout { get; private set; }

    internal void Reset(RecordLayout layout)
    {
        var count = layout.Columns.Count;
        if (cells.Length < count)
        {
            cells = new Cell[count];
            numbers = new double[count];
            slices = new (int, int)[count];
        }
        cells.AsSpan(0, count).Clear();
        Layout = layout;
        textLength = 0;
    }

    /// <summary>The category of a column in UTF-8; empty and false when it is null or of another type.</summary>
    public bool TryGetCategory(int column, out ReadOnlySpan<byte> utf8)
    {
        var found = cells[column] == Cell.Value && Layout!.Columns[column].Kind == ColumnKind.Categorical;
        utf8 = found ? Text(column) : default;
        return found;
    }

    /// <summary>The number of a column; false when it is null, of another type or no numeric column.</summary>
    public bool TryGetNumber(int column, out double value)
    {
        var found = cells[column] == Cell.Value && Layout!.Columns[column].Kind == ColumnKind.Numeric;
        value = found ? numbers[column] : double.NaN;
        return found;
    }

    internal Span<Cell> Cells => cells;

    internal Span<double> Numbers => numbers;

    internal Cell this[int column] => cells[column];

    internal double Number(int column) => numbers[column];

    internal ReadOnlySpan<byte> Text(int column) => text.AsSpan(slices[column].Start, slices[column].Length);

    internal void SetNull(int column) => cells[column] = Cell.Null;

    internal void SetMismatched(int column) => cells[column] = Cell.Mismatched;

    internal void Set(int column, double value)
    {
        cells[column] = Cell.Value;
        numbers[column] = value + 0.0; // -0.0 becomes 0.0
    }

    internal void Set(int column, ReadOnlySpan<byte> category)
    {
        category.CopyTo(Reserve(category.Length));
        Commit(column, category.Length);
    }

    /// <summary>Room at the end of the text buffer; <see cref="Commit"/> makes its first bytes a cell.</summary>
    internal Span<byte> Reserve(int length)
    {
        if (text.Length - textLength < length) Array.Resize(ref text, Math.Max(text.Length * 2, textLength + length));
        return text.AsSpan(textLength, length);
    }

    internal void Commit(int column, int length)
    {
        cells[column] = Cell.Value;
        slices[column] = (textLength, length);
        textLength += length;
    }
}
