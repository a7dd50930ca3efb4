namespace Drift;

/// <summary>Columns of equal length in memory: what a data file or a data frame becomes.</summary>
public sealed class Table
{
    /// <summary>Creates a table.</summary>
    /// <exception cref="ArgumentException">The columns differ in length, or a name stands twice.</exception>
    public Table(IEnumerable<Column> columns)
    {
        Columns = [.. columns];
        Schema = new Schema(Columns.Select(column => column.Spec));
        Rows = Columns.Count == 0 ? 0 : Columns[0].Length;
        foreach (var column in Columns)
            if (column.Length != Rows)
                throw new ArgumentException($"column '{column.Spec.Name}' has {column.Length} rows, '{Columns[0].Spec.Name}' has {Rows}", nameof(columns));
    }

    /// <summary>The columns' specs in order.</summary>
    public Schema Schema { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>The column of that name, or null.</summary>
    public Column? Find(string name) => Schema.IndexOf(name) is var at and >= 0 ? Columns[at] : null;

    /// <summary>Rows <paramref name="start"/> up to <paramref name="start"/> + <paramref name="length"/>, without copying.</summary>
    public Table Slice(int start, int length) => new(Columns.Select(column => column.Slice(start, length)));

    /// <summary>The given rows in the given order.</summary>
    public Table Take(ReadOnlySpan<int> rows)
    {
        var taken = new List<Column>(Columns.Count);
        foreach (var column in Columns) taken.Add(column.Take(rows));
        return new(taken);
    }

    /// <summary>The rows for which <paramref name="keep"/> is true.</summary>
    /// <exception cref="ArgumentException">The mask is not one value per row.</exception>
    public Table Where(ReadOnlySpan<bool> keep)
    {
        if (keep.Length != Rows) throw new ArgumentException($"the mask has {keep.Length} values, the table {Rows} rows", nameof(keep));
        var rows = new List<int>();
        for (var i = 0; i < keep.Length; i++)
            if (keep[i]) rows.Add(i);
        return Take(rows.ToArray());
    }
}
