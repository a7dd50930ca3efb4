using System.Runtime.CompilerServices;
using System.Text;

namespace Drift;

/// <summary>Rows of one thread. Not thread-safe.</summary>
sealed class LiveRows
{
    const int ShortText = 256;

    readonly ProfileBuilder builder;
    readonly RowCounter numbers;
    readonly int[] categorical;
    int rows;

    public LiveRows(Profile reference)
    {
        builder = ProfileBuilder.ForWindow(reference);
        var all = Enumerable.Range(0, reference.Columns.Count).ToLookup(column => reference.Columns[column].Histogram is null);
        numbers = new(builder, [.. all[false]]);
        categorical = [.. all[true]];
    }

    public bool IsEmpty => rows == 0;

    /// <summary>Adds a row's numbers; nothing in here can fail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<double> values)
    {
        numbers.Add(values);
        rows++;
    }

    /// <summary>Adds the categories of the same row.</summary>
    public void Add(ReadOnlySpan<string?> texts)
    {
        for (var i = 0; i < texts.Length; i++) Add(categorical[i], texts[i]);
    }

    /// <summary>What was added since the last time; null when nothing was.</summary>
    public Profile? Take()
    {
        if (rows == 0) return null;
        numbers.Flush();
        var profile = builder.AddRows(rows).ToProfile();
        builder.Clear();
        rows = 0;
        return profile;
    }

    void Add(int column, string? text)
    {
        Span<byte> utf8 = stackalloc byte[ShortText];
        if (text is null) builder.AddNull(column);
        else if (Encoding.UTF8.TryGetBytes(text, utf8, out var length)) builder.AddUtf8(column, utf8[..length]);
        else builder.AddUtf8(column, Encoding.UTF8.GetBytes(text));
    }
}
