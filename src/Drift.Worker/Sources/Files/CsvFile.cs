namespace Drift.Worker.Sources.Files;

/// <summary>
/// Feeds the rows of a CSV file to column readers: one thread splits the next rows into fields while the others turn the last ones into values. Ordinary
/// files are read from their bytes; one that is not is read once more, row by row with all rules.
/// </summary>
static class CsvFile
{
    const int BatchRows = 1024;

    /// <param name="file">The file's name.</param>
    /// <param name="open">Gives its content from the start.</param>
    /// <param name="lines">How many lines it has, if that is known.</param>
    /// <param name="columnOf">Makes the reader of a column.</param>
    /// <param name="progress">Is told how many rows were read.</param>
    public static List<ColumnReader> Read(string file, Func<Stream> open, int? lines, Func<string, ColumnReader> columnOf, Action<long>? progress)
    {
        using var stream = open();
        using var rows = new CsvRows(file, stream);
        if (TryRead(open, lines - 1, rows.Names, columnOf, progress) is { } quick) return quick;
        using var again = open();
        using var all = new CsvRows(file, again);
        return Read(all, columnOf, progress);
    }

    /// <summary>From the bytes; null where the file is not ordinary throughout.</summary>
    internal static List<ColumnReader>? TryRead(Func<Stream> open, int? rows, IReadOnlyList<string> names, Func<string, ColumnReader> columnOf, Action<long>? progress)
    {
        using var stream = open();
        var columns = names.Select(columnOf).ToList();
        if (rows is { } known)
            foreach (var column in columns) column.Expect(known);
        var blocks = new CsvBlocks(stream, names.Count);
        var (filling, other) = (new CsvBlocks.Block(names.Count), new CsvBlocks.Block(names.Count));
        var parsing = Task.CompletedTask;
        long read = 0;
        for (var first = true; ; first = false)
        {
            var usual = blocks.TryFill(filling);
            parsing.GetAwaiter().GetResult();
            if (!usual) return null;
            if (filling.Rows == 0) return columns;
            var (block, skip) = (filling, first ? 1 : 0); // the header
            parsing = Task.Run(() => Parallel.For(0, columns.Count, c => columns[c].Add(block, c, skip)));
            (filling, other) = (other, filling);
            progress?.Invoke(read += block.Rows - skip);
        }
    }

    internal static List<ColumnReader> Read(CsvRows rows, Func<string, ColumnReader> columnOf, Action<long>? progress)
    {
        var columns = rows.Names.Select(columnOf).ToList();
        var (filling, other) = (new string?[BatchRows * columns.Count], new string?[BatchRows * columns.Count]);
        var parsing = Task.CompletedTask;
        long read = 0;
        while (true)
        {
            var count = Fill(rows, filling, columns.Count);
            parsing.GetAwaiter().GetResult();
            if (count == 0) break;
            var batch = filling;
            parsing = Task.Run(() => Parallel.For(0, columns.Count, c => Keep(columns[c], batch, c, columns.Count, count)));
            (filling, other) = (other, filling);
            progress?.Invoke(read += count);
        }
        return columns;
    }

    static int Fill(CsvRows rows, string?[] cells, int width)
    {
        var count = 0;
        for (; count < BatchRows && rows.Read(); count++)
            for (var c = 0; c < width; c++) cells[count * width + c] = rows[c];
        return count;
    }

    static void Keep(ColumnReader column, string?[] cells, int at, int width, int count)
    {
        for (var row = 0; row < count; row++) column.Add(Cell.Untyped(cells[row * width + at] ?? ""));
    }
}
