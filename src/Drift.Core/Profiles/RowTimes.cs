namespace Drift;

/// <summary>The times of a reference's rows: a table's column with role time, in Unix milliseconds.</summary>
sealed class RowTimes
{
    readonly List<double> times = [];
    bool incomplete;

    public DateTimeOffset? First => times.Count == 0 ? null : At(times.Min());

    public DateTimeOffset? AfterLast => times.Count == 0 ? null : At(times.Max()).AddMilliseconds(1);

    public void Add(Table table)
    {
        if (table.Columns.FirstOrDefault(column => column.Spec.Role == ColumnRole.Time) is not NumericColumn column)
        {
            incomplete |= table.Rows > 0;
            return;
        }
        for (var i = 0; i < column.Length; i++)
            if (!column.IsNull(i) && double.IsFinite(column.Values.Span[i])) times.Add(column.Values.Span[i]);
            else incomplete = true;
    }

    public void Clear()
    {
        times.Clear();
        incomplete = false;
    }

    /// <summary>The rows by time; empty when a row has none.</summary>
    public int[] Order(int rows)
    {
        if (incomplete || times.Count == 0 || times.Count != rows) return [];
        var order = new int[rows];
        for (var i = 0; i < rows; i++) order[i] = i;
        var keys = times.ToArray();
        Array.Sort(keys, order, Comparer<double>.Default);
        return order;
    }

    static DateTimeOffset At(double milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
}
