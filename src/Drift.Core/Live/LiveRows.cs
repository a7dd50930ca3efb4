using System.Text;

namespace Drift;

/// <summary>Rows of one thread, kept column by column until there are enough for a kernel. Not thread-safe.</summary>
sealed class LiveRows
{
    const int Batch = 1024;

    /// <summary>From one column's value to the next one's: a power of 2 would crowd a row into few sets of the cache.</summary>
    const int Stride = Batch + 8;

    const int ShortText = 256;

    readonly ProfileBuilder builder;
    readonly int[] numeric, categorical;
    readonly double[] columns;
    int pending, rows;

    public LiveRows(Profile reference)
    {
        builder = ProfileBuilder.ForWindow(reference);
        var all = Enumerable.Range(0, reference.Columns.Count);
        numeric = [.. all.Where(column => reference.Columns[column].Histogram is not null)];
        categorical = [.. all.Where(column => reference.Columns[column].Histogram is null)];
        columns = new double[numeric.Length * Stride];
    }

    public bool IsEmpty => rows == 0;

    public void Add(ReadOnlySpan<double> values, ReadOnlySpan<string?> texts)
    {
        for (var i = 0; i < values.Length; i++) columns[i * Stride + pending] = values[i];
        for (var i = 0; i < texts.Length; i++) Add(categorical[i], texts[i]);
        rows++;
        if (++pending == Batch) Count();
    }

    /// <summary>What was added since the last time; null when nothing was.</summary>
    public Profile? Take()
    {
        if (rows == 0) return null;
        Count();
        var profile = builder.AddRows(rows).ToProfile();
        builder.Clear();
        rows = 0;
        return profile;
    }

    void Count()
    {
        for (var i = 0; i < numeric.Length; i++) builder.AddNumbers(numeric[i], columns.AsSpan(i * Stride, pending));
        pending = 0;
    }

    void Add(int column, string? text)
    {
        Span<byte> utf8 = stackalloc byte[ShortText];
        if (text is null) builder.AddNull(column);
        else if (Encoding.UTF8.TryGetBytes(text, utf8, out var length)) builder.AddUtf8(column, utf8[..length]);
        else builder.AddUtf8(column, Encoding.UTF8.GetBytes(text));
    }
}
