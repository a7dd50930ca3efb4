using System.Globalization;
using System.Text;

namespace Drift.Worker.Web.Pages;

/// <summary>
/// Columns by windows, the worst column first and the newest window first. A cell says its value as text, its verdict as a sign and its size as a shade.
/// At most 100 columns are drawn at once, and a cell costs some 20 bytes: the biggest page stays under a megabyte.
/// </summary>
static class HeatMap
{
    public const int ShownColumns = 100;

    public static Html Draw(ModelFrame frame, IReadOnlyList<WindowSheet> windows, MapWish wish)
    {
        var ranked = Ranked(windows, wish);
        var pages = Math.Max(1, (ranked.Count + ShownColumns - 1) / ShownColumns);
        var page = Math.Min(wish.Page, pages);
        var shown = ranked.Skip((page - 1) * ShownColumns).Take(ShownColumns).ToList();
        if (shown.Count == 0) return Parts.Empty(wish.Filter.Length > 0 || wish.MovedOnly ? "No column is like that: change the filter." : "These windows have no readings of columns.");
        var heads = windows.Select(w => Html.Of($"<th scope=\"col\" data-start=\"{Json.Instant(w.Window.Start)}\"><a href=\"{Parts.ReportLink(w.Window, frame.Segment)}\" title=\"report of this window, {w.Window.Rows:N0} rows\">{Parts.Short(w.Window)}</a></th>"));
        var rows = shown.Select(c => Html.Of($"<tr><th scope=\"row\"><a href=\"{frame.Link("", ("column", c))}\"><bdi>{Cut(c)}</bdi></a></th>{Cells(windows, c, wish.Measure)}</tr>"));
        var label = $"{Name(wish.Measure)} per window (UTC), the worst columns and the newest windows first";
        return Html.Of($"""
            {Parts.Table(label, Html.Of($"<th scope=\"col\">column</th>{heads}"), rows, "map")}
            <p class="soft">{"\u25B3"} warning, {"\u25B2"} critical; darker: further from the reference; -: not measured. A heading leads to the window's report, a column to its history, a cell to both.</p>
            {Paging(frame, wish, page, pages, ranked.Count)}
            """);
    }

    static List<string> Ranked(IReadOnlyList<WindowSheet> windows, MapWish wish)
    {
        var columns = new Dictionary<string, (Verdict Last, Verdict Ever, float Most)>(StringComparer.Ordinal);
        for (var i = 0; i < windows.Count; i++)
            foreach (var column in windows[i].Columns.Values)
            {
                var cell = column.Of(wish.Measure);
                (Verdict Last, Verdict Ever, float Most) before = columns.TryGetValue(column.Name, out var seen) ? seen : (Verdict.None, Verdict.None, float.NegativeInfinity);
                columns[column.Name] = (i == 0 ? column.Verdict : before.Last, before.Ever > column.Verdict ? before.Ever : column.Verdict, float.IsNaN(cell.Value) ? before.Most : Math.Max(before.Most, cell.Value));
            }
        return [.. columns
            .Where(c => (wish.Filter.Length == 0 || c.Key.Contains(wish.Filter, StringComparison.OrdinalIgnoreCase)) && (!wish.MovedOnly || c.Value.Ever >= Verdict.Warning))
            .OrderByDescending(c => c.Value.Last).ThenByDescending(c => c.Value.Most).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Key)];
    }

    static Html Cells(IReadOnlyList<WindowSheet> windows, string column, string measure)
    {
        var text = new StringBuilder();
        foreach (var window in windows)
        {
            var cell = window.Columns.TryGetValue(column, out var found) ? found.Of(measure) : new SheetCell(float.NaN, Verdict.None);
            if (float.IsNaN(cell.Value))
            {
                text.Append("<td>-");
                continue;
            }
            var sign = cell.Verdict switch { Verdict.Critical => "x", Verdict.Warning => "w", _ => "" };
            var shade = Shade(cell.Value, measure);
            text.Append(sign.Length + shade.Length == 0 ? "<td>" : $"<td class=\"{sign}{(sign.Length > 0 && shade.Length > 0 ? " " : "")}{shade}\">").Append(Value(cell.Value, measure));
        }
        return new Html(text.ToString());
    }

    /// <summary>Five shades by the usual marks of the measure: rates are shares of rows, distances are psi's scale.</summary>
    static string Shade(float value, string measure)
    {
        var scale = measure.EndsWith("_rate", StringComparison.Ordinal) ? .5f : 1f;
        return (value / scale) switch { < .05f => "", < .1f => "a", < .2f => "b", < .3f => "c", < .5f => "d", _ => "e" };
    }

    static string Value(float value, string measure) =>
        measure.EndsWith("_rate", StringComparison.Ordinal) ? (100 * value).ToString(value >= .0995f ? "0" : "0.#", CultureInfo.InvariantCulture) + "%"
        : value < .005f ? "0" : value >= 10 ? value.ToString("0", CultureInfo.InvariantCulture) : value.ToString("0.00", CultureInfo.InvariantCulture);

    static string Name(string measure) => measure == "psi_corrected" ? "psi above sampling noise" : measure.Replace('_', ' ');

    /// <summary>A name of a thousand characters leaves room for the others; the column's own page has it whole.</summary>
    static string Cut(string name) => name.Length <= 80 ? name : string.Concat(name.AsSpan(0, char.IsHighSurrogate(name[78]) ? 78 : 79), "\u2026");

    static Html Paging(ModelFrame frame, MapWish wish, int page, int pages, int columns)
    {
        if (pages < 2) return Html.Of($"<p class=\"soft\">{columns} columns</p>");
        var before = page > 1 ? Html.Of($"<a href=\"{frame.Link("", wish.At(page - 1))}\">Columns that moved more</a>") : Html.Empty;
        var after = page < pages ? Html.Of($"<a href=\"{frame.Link("", wish.At(page + 1))}\">Columns that moved less</a>") : Html.Empty;
        return Html.Of($"<nav class=\"pages\" aria-label=\"Pages of columns\">{before}<span>{columns} columns, page {page} of {pages}</span>{after}</nav>");
    }
}
