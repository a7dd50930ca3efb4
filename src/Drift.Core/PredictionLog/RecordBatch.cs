namespace Drift;

/// <summary>
/// Collects rows and hands them to a window's <see cref="ProfileBuilder"/> in blocks, which is what its counting kernels are fast at: rows that have a
/// number in every numeric column as they are, others column by column. Its memory is allocated with the first row and bounded whatever the number of columns.
/// </summary>
public sealed class RecordBatch
{
    const int MostNumbers = 1 << 15, MostRows = 1024, LeastRows = 16;

    readonly RecordLayout layout;
    readonly ProfileBuilder target;
    readonly int capacity, stride;
    readonly bool[] numeric;
    readonly int[] counts;
    readonly long[] nulls, mismatched;
    readonly int[] categorical;
    double[] numbers = [];
    RowCounter? complete;
    int rows;

    /// <summary>Creates a batch that feeds a builder whose columns are the layout's, in its order.</summary>
    /// <exception cref="ArgumentException">The columns differ.</exception>
    public RecordBatch(RecordLayout layout, ProfileBuilder target)
    {
        if (!layout.Columns.Select(c => (c.Name, c.Kind)).SequenceEqual(target.Schema.Columns.Select(c => (c.Name, c.Kind))))
            throw new ArgumentException("the layout's columns are not the builder's", nameof(layout));
        this.layout = layout;
        this.target = target;
        var columns = layout.Columns.Count;
        capacity = Math.Clamp(MostNumbers / Math.Max(1, columns), LeastRows, MostRows);
        stride = capacity + 8; // a power of 2 would crowd a row into few sets of the cache
        categorical = [.. Enumerable.Range(0, columns).Where(c => layout.Columns[c].Kind == ColumnKind.Categorical)];
        numeric = [.. layout.Columns.Select(c => c.Kind == ColumnKind.Numeric)];
        counts = new int[columns];
        nulls = new long[columns];
        mismatched = new long[columns];
    }

    /// <summary>Adds the row that the reader of this layout has just read.</summary>
    public void Add(RecordRow row)
    {
        if (row.Layout != layout) throw new ArgumentException("the row is of another layout", nameof(row));
        var cells = row.Cells[..counts.Length];
        if (IsComplete(cells))
        {
            complete ??= new RowCounter(target, [.. numeric.Select((isNumeric, column) => isNumeric ? column : -1)]);
            complete.Add(row.Numbers[..counts.Length]);
            foreach (var column in categorical) AddCell(row, column, cells[column]);
        }
        else AddCells(row, cells);
        if (++rows == capacity) FlushColumns();
    }

    /// <summary>Whether every numeric column has a number; where there are categories too, a row without a null says so most quickly.</summary>
    bool IsComplete(ReadOnlySpan<Cell> cells)
    {
        if (!cells.ContainsAnyExcept(Cell.Value)) return true;
        for (var column = 0; column < cells.Length; column++)
            if (numeric[column] && cells[column] != Cell.Value) return false;
        return true;
    }

    void AddCells(RecordRow row, ReadOnlySpan<Cell> cells)
    {
        if (numbers.Length == 0) numbers = new double[counts.Length * stride];
        var values = row.Numbers;
        for (var column = 0; column < cells.Length; column++)
        {
            if (!numeric[column] || cells[column] != Cell.Value) AddCell(row, column, cells[column]);
            else numbers[column * stride + counts[column]++] = values[column];
        }
    }

    void AddCell(RecordRow row, int column, Cell cell)
    {
        switch (cell)
        {
            case Cell.Null: nulls[column]++; break;
            case Cell.Mismatched: mismatched[column]++; break;
            default: target.AddUtf8(column, row.Text(column)); break;
        }
    }

    /// <summary>Hands over what was collected. The builder's profile is complete only after this.</summary>
    public void Flush()
    {
        complete?.Flush();
        FlushColumns();
    }

    void FlushColumns()
    {
        if (rows == 0) return;
        for (var column = 0; column < counts.Length; column++)
        {
            if (counts[column] > 0) target.AddNumbers(column, numbers.AsSpan(column * stride, counts[column]));
            if (nulls[column] > 0) target.AddNull(column, nulls[column]);
            if (mismatched[column] > 0) target.AddMismatched(column, mismatched[column]);
        }
        target.AddRows(rows);
        counts.AsSpan().Clear();
        nulls.AsSpan().Clear();
        mismatched.AsSpan().Clear();
        rows = 0;
    }
}
