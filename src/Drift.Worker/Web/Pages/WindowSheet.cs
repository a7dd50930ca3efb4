using System.Collections.Concurrent;
using Drift.Worker.Stores;

namespace Drift.Worker.Web.Pages;

/// <summary>A measure of one column in one window, as a map draws it.</summary>
readonly record struct SheetCell(float Value, Verdict Verdict);

/// <summary>One column in one window: its worst verdict, what to say about it, and the measures that maps can draw, in the order of <see cref="WindowSheet.Measures"/>.</summary>
sealed record SheetColumn(string Name, Verdict Verdict, bool TooFew, string Moved, SheetCell[] Cells)
{
    public SheetCell Of(string measure) => Cells[Array.IndexOf(WindowSheet.Measures, measure)];
}

/// <summary>What pages draw of a judged window: a hundredth of its readings.</summary>
/// <param name="Window">The window.</param>
/// <param name="JudgedAt">When it was judged.</param>
/// <param name="Columns">The columns by name.</param>
/// <param name="Overall">The readings that speak of no column: rows, performance, service.</param>
/// <param name="Segments">The segments that have readings of their own.</param>
sealed record WindowSheet(Window Window, DateTimeOffset JudgedAt, IReadOnlyDictionary<string, SheetColumn> Columns, IReadOnlyList<Reading> Overall, IReadOnlyList<string> Segments)
{
    public static readonly string[] Measures = ["psi_corrected", "psi", "ks", "js", "missing_rate", "nan_rate", "out_of_range_rate", "unseen_rate", "violation_rate"];

    public static readonly string[] Rates = [.. Measures.Where(m => m.EndsWith("_rate", StringComparison.Ordinal))];

    /// <summary>The columns, the worst first.</summary>
    public IEnumerable<SheetColumn> Worst => Columns.Values.OrderByDescending(c => c.Verdict).ThenByDescending(c => Ranked(c.Of("psi_corrected").Value)).ThenBy(c => c.Name, StringComparer.Ordinal);

    static float Ranked(float value) => float.IsNaN(value) ? float.NegativeInfinity : value;

    public static WindowSheet Of(JudgedWindow judged, string segment)
    {
        var columns = new Dictionary<string, SheetColumn>(StringComparer.Ordinal);
        foreach (var column in judged.Readings.Where(r => r.Column.Length > 0 && r.Segment == segment).GroupBy(r => r.Column, StringComparer.Ordinal))
        {
            var cells = new SheetCell[Measures.Length];
            Array.Fill(cells, new SheetCell(float.NaN, Verdict.None));
            foreach (var reading in column)
                if (Array.IndexOf(Measures, reading.Measure) is >= 0 and var at) cells[at] = new SheetCell((float)reading.Value, reading.Verdict);
            var verdict = column.Max(r => r.Verdict);
            var moved = verdict >= Verdict.Warning ? column.OrderByDescending(r => r.Verdict).Select(r => r.Detail).FirstOrDefault(d => d is { Cells.Count: > 0 }) : null;
            columns.Add(column.Key, new SheetColumn(column.Key, verdict, verdict == Verdict.None && column.Any(r => r.Status == ReadingStatus.InsufficientData), moved is null ? "" : Parts.Moved(moved), cells));
        }
        return new WindowSheet(judged.Window, judged.JudgedAt, columns,
            [.. judged.Readings.Where(r => r.Column.Length == 0 && r.Segment == segment)],
            [.. judged.Readings.Select(r => r.Segment).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }
}

/// <summary>Sheets of judged windows. A revision never changes, so what was drawn once is not read again; bounded by cells.</summary>
sealed class WindowSheets(IResultStore store)
{
    const long MostCells = 4_000_000;
    readonly ConcurrentDictionary<(string Model, string Version, string Reference, long Start, int Revision, string Segment), WindowSheet> sheets = new();
    long cells;

    /// <summary>The windows of a query, newest first, of all rows or of one segment.</summary>
    public async Task<IReadOnlyList<WindowSheet>> ReadAsync(WindowQuery query, string segment, CancellationToken cancel)
    {
        var found = new List<WindowSheet>();
        foreach (var head in await store.WindowsAsync(query with { Heads = true }, cancel))
        {
            var w = head.Window;
            var key = (w.Model, w.Version, w.Reference, w.Start.UtcTicks, w.Revision, segment);
            if (!sheets.TryGetValue(key, out var sheet))
            {
                var judged = head.Readings.Count > 0 ? head : await store.WindowAsync(w.Model, w.Version, w.Start, "", w.Revision, cancel);
                // Retention may take a window between the two questions.
                if (judged is null) continue;
                sheet = WindowSheet.Of(judged, segment);
                Keep(key, sheet);
            }
            // Late records are counted up to the present.
            found.Add(sheet with { Window = w });
        }
        return [.. found.OrderByDescending(s => s.Window.Start).ThenByDescending(s => s.Window.Version, StringComparer.Ordinal)];
    }

    void Keep((string, string, string, long, int, string) key, WindowSheet sheet)
    {
        if (!sheets.TryAdd(key, sheet)) return;
        if (Interlocked.Add(ref cells, (1 + sheet.Columns.Count) * WindowSheet.Measures.Length) <= MostCells) return;
        sheets.Clear();
        Interlocked.Exchange(ref cells, 0);
    }
}
