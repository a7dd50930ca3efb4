namespace Drift.Worker.Sources.Files;

/// <summary>Feeds the rows of a CSV file to column readers: one thread splits the next rows into fields while the others turn the last ones into values.</summary>
static class CsvFile
{
    const int BatchRows = 1024;

    public static List<ColumnReader> Read(string file, Stream stream, Func<string, ColumnReader> columnOf, Action<long>? progress)
    {
        using var rows = new CsvRows(file, stream);
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
