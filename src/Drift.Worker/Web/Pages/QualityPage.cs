using Drift.Worker.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>Data quality of one model: rows and late records over time, what was wrong with the window as a whole, and every column's rates against the reference's.</summary>
static class QualityPage
{
    const int ShownColumns = 100;
    static readonly string[] rates = ["missing_rate", "nan_rate", "out_of_range_rate", "unseen_rate", "violation_rate", "distinct"];

    public static void Map(IEndpointRouteBuilder app, WebContext context, WindowSheets sheets) => app.MapGet("/models/{model}/quality", async (HttpContext http, string model) =>
    {
        var frame = await ModelFrame.OfAsync(context, http, model);
        var windows = await sheets.ReadAsync(frame.Query, frame.Segment, http.RequestAborted);
        var content = await ContentAsync(context, http, frame, windows);
        await Layout.WriteAsync(http, $"Data quality, {model}", Html.Of($"{frame.Head(context.Time.GetUtcNow(), "/quality")}{content}"));
    });

    static async Task<Html> ContentAsync(WebContext context, HttpContext http, ModelFrame frame, IReadOnlyList<WindowSheet> windows)
    {
        if (windows.Count == 0) return Parts.Empty("Waiting for the first window to close.");
        var choose = frame.Choose("/quality", windows.SelectMany(w => w.Segments).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), Html.Empty);
        var inTime = windows.Reverse().ToList();
        var last = await context.Store.WindowAsync(frame.Name, frame.Version, windows[0].Window.Start, "", null, http.RequestAborted);
        return Html.Of($"""
            <section class="card" aria-labelledby="rows"><h2 id="rows">Rows</h2>{choose}{Rows(inTime)}</section>
            {(last is null ? Html.Empty : Columns(frame, last))}
            """);
    }

    static Html Rows(List<WindowSheet> windows)
    {
        var times = windows.Select(w => w.Window).ToList();
        var late = times.Sum(w => w.Late);
        return Html.Of($"{Chart.Draw("rows", times, [new ChartLine("rows", "", [.. times.Select(w => (double)w.Rows)])], [])}<p>{(late == 0 ? Html.Of($"No record came too late for these windows.") : Html.Of($"{late:N0} records came too late for these windows; the worst: {times.MaxBy(w => w.Late)!.Late:N0} in the one of {Parts.Time(times.MaxBy(w => w.Late)!.Start)}."))}</p>");
    }

    static Html Columns(ModelFrame frame, JudgedWindow last)
    {
        var quality = last.Readings.Where(r => r.Segment == frame.Segment && r.Kind == ReadingKind.Quality).ToList();
        var overall = quality.Where(r => r.Column.Length == 0).ToList();
        var whole = overall.Count == 0 ? Html.Empty : Html.Of($"<section class=\"card\" aria-labelledby=\"whole\"><h2 id=\"whole\">The window as a whole</h2>{ReadingTable.Draw("Readings of the whole window", overall)}</section>");
        var columns = quality.Where(r => r.Column.Length > 0).GroupBy(r => r.Column, StringComparer.Ordinal)
            .OrderByDescending(c => c.Max(r => r.Verdict)).ThenByDescending(c => c.Where(r => r.Measure.EndsWith("_rate", StringComparison.Ordinal)).Select(Change).DefaultIfEmpty(0).Max()).ThenBy(c => c.Key, StringComparer.Ordinal).ToList();
        var shown = rates.Where(m => quality.Any(r => r.Measure == m)).ToList();
        var rows = columns.Take(ShownColumns).Select(c => Html.Of($"<tr><th scope=\"row\"><a href=\"{frame.Link("", ("column", c.Key))}\"><bdi>{c.Key}</bdi></a></th><td>{Parts.Badge(Parts.Word(c.Max(r => r.Verdict)))}</td>{shown.Select(m => Rate(c.FirstOrDefault(r => r.Measure == m)))}</tr>"));
        var more = columns.Count > ShownColumns ? Html.Of($"<p>And {columns.Count - ShownColumns} columns that changed less: see the <a href=\"{frame.Link("", ("measure", "missing_rate"))}\">map of missing values</a>.</p>") : Html.Empty;
        var table = columns.Count == 0 ? Parts.Empty("This window has no readings of quality.") : Parts.Table("Rates of every column, and in brackets the reference's; the worst first", Parts.Heads(["column", "verdict", .. shown.Select(m => "#" + m.Replace('_', ' '))]), rows);
        return Html.Of($"{whole}<section class=\"card\" aria-labelledby=\"columns\"><h2 id=\"columns\">Columns of the window of {Parts.Time(last.Window.Start)} UTC</h2>{table}{more}</section>");
    }

    static double Change(Reading reading) => double.IsFinite(reading.Value) ? Math.Abs(reading.Value - (reading.ReferenceValue ?? 0)) : 0;

    static Html Rate(Reading? reading)
    {
        if (reading is null || !double.IsFinite(reading.Value)) return Parts.Num("-");
        string Text(double value) => reading.Measure.EndsWith("_rate", StringComparison.Ordinal) ? Parts.Percent(value) : Parts.Number(value);
        return Html.Of($"<td class=\"num\">{(reading.Verdict >= Verdict.Warning ? Html.Of($"<b>{Text(reading.Value)}</b>") : Html.Of($"{Text(reading.Value)}"))}{(reading.ReferenceValue is { } before ? Html.Of($" <span class=\"soft\">({Text(before)})</span>") : Html.Empty)}</td>");
    }
}
