using Drift.Worker.Stores;
using Microsoft.AspNetCore.Http;

namespace Drift.Worker.Web.Pages;

/// <summary>One column: its history against the thresholds, its distribution then and now, and everything that was read off it.</summary>
static class ColumnPage
{
    const int ShownCells = 30, ShownLinks = 30;

    public static async Task<Html> ShowAsync(WebContext context, HttpContext http, ModelFrame frame, string column)
    {
        var cancel = http.RequestAborted;
        var heads = (await context.Store.WindowsAsync(frame.Query with { Heads = true }, cancel)).OrderBy(w => w.Window.Start).ToList();
        var start = frame.Window ?? (heads.Count > 0 ? heads[^1].Window.Start : null);
        var shown = start is { } at ? await context.Store.WindowAsync(frame.Name, frame.Version, at, "", null, cancel) : null;
        if (shown is null) return Html.Of($"<h2><bdi>{column}</bdi></h2>{Parts.Empty("Waiting for the first window to close.")}");
        var own = shown.Readings.Where(r => r.Column == column && r.Segment == frame.Segment).ToList();
        var history = await HistoryAsync(context, frame, heads, column, cancel);
        if (own.Count == 0 && history.All(h => h.Count == 0)) return Html.Of($"<h2><bdi>{column}</bdi></h2>{Parts.Empty("This window has no readings of it.")}<p><a href=\"{frame.Link()}\">All columns</a></p>");
        var detail = own.Count == 0 ? Parts.Empty("This window has no readings of it.") : Html.Join([await DistributionAsync(context, frame, shown, own, column, cancel), Readings(own)]);
        return Html.Of($"""
            <section class="card" aria-labelledby="column"><h2 id="column"><bdi>{column}</bdi> on {Parts.Time(shown.Window.Start)} UTC {(own.Count > 0 ? Parts.Badge(Parts.Word(own.Max(r => r.Verdict))) : Html.Empty)}</h2>
            <p>{shown.Window.Rows:N0} rows{(frame.Segment.Length > 0 ? Html.Of($" in all; segment <bdi>{frame.Segment}</bdi>") : Html.Empty)}. <a href="{Parts.ReportLink(shown.Window, frame.Segment)}">Report of the whole window</a>, <a href="{frame.Link()}">all columns</a>.</p>
            {Curves(heads, history, shown.Window.Start)}{Windows(frame, heads, column, shown.Window.Start)}</section>
            {detail}
            """);
    }

    /// <summary>The column's readings of every window; read in one go, kept only for this column.</summary>
    static async Task<List<List<Reading>>> HistoryAsync(WebContext context, ModelFrame frame, List<JudgedWindow> heads, string column, CancellationToken cancel)
    {
        var history = new List<List<Reading>>(heads.Count);
        foreach (var head in heads)
        {
            var judged = head.Readings.Count > 0 ? head : await context.Store.WindowAsync(frame.Name, frame.Version, head.Window.Start, "", head.Window.Revision, cancel);
            history.Add(judged is null ? [] : [.. judged.Readings.Where(r => r.Column == column && r.Segment == frame.Segment)]);
        }
        return history;
    }

    static Html Curves(List<JudgedWindow> heads, List<List<Reading>> history, DateTimeOffset shown)
    {
        var windows = heads.Select(h => h.Window).ToList();
        double[] Values(string measure) => [.. history.Select(h => h.Find(r => r.Measure == measure)?.Value ?? double.NaN)];
        var rates = WindowSheet.Rates.Where(m => Values(m).Any(v => v > 0)).ToList();
        var drift = Chart.Draw("psi above noise", windows, [new ChartLine("psi above noise", "", Values("psi_corrected")), .. Values("ks").Any(double.IsFinite) ? [new ChartLine("ks", "estimated", Values("ks"))] : (ChartLine[])[]],
            [new ChartLimit("warning", "warning", CompareOptions.Default.WarningFloor), new ChartLimit("critical", "critical", CompareOptions.Default.CriticalFloor)], shown);
        return Html.Of($"{drift}{(rates.Count == 0 ? Html.Empty : Html.Of($"<h3>Rates</h3>{Chart.Draw("rates", windows, [.. rates.Select((m, i) => new ChartLine(m.Replace('_', ' '), i == 0 ? "" : "estimated", Values(m)))], [], shown)}"))}");
    }

    static Html Windows(ModelFrame frame, List<JudgedWindow> heads, string column, DateTimeOffset shown) => Html.Of($"<details id=\"windows\"><summary>Another window</summary><ul class=\"legend\">{heads.AsEnumerable().Reverse().Take(ShownLinks).Select(h => Html.Of($"<li><a href=\"{frame.Link("", ("column", column), ("window", Json.Instant(h.Window.Start)))}\"{(h.Window.Start == shown ? Html.Of($" aria-current=\"true\"") : Html.Empty)}>{Parts.Text(h.Window.Start)}</a></li>"))}</ul></details>");

    /// <summary>The whole distribution as a picture, and the cells that moved most as numbers.</summary>
    static async Task<Html> DistributionAsync(WebContext context, ModelFrame frame, JudgedWindow shown, List<Reading> readings, string column, CancellationToken cancel)
    {
        var cells = (readings.Find(r => r.Measure == "psi")?.Detail ?? readings.Select(r => r.Detail).FirstOrDefault(d => d is { Cells.Count: > 0 }))?.Cells ?? [];
        var counted = frame.Segment.Length == 0 ? shown : await context.Store.WindowAsync(frame.Name, frame.Version, shown.Window.Start, frame.Segment, null, cancel);
        var picture = counted is not null && await context.Store.ReferenceAsync(shown.Window.Reference, cancel) is { } reference && await context.Store.ProfileAsync(counted, cancel) is { } profile
            ? new DriftReport(reference, profile, []).ToSvg(column) : "";
        if (cells.Count == 0 && picture.Length == 0) return Html.Empty;
        // The picture is the report's own and encodes what it shows.
        var drawn = picture.Length == 0 ? Html.Empty : Html.Of($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Picture of the distribution\">{new Html(picture)}</div>");
        var rows = cells.Take(ShownCells).Select(c => Html.Of($"<tr><th scope=\"row\"><bdi>{c.Cell}</bdi></th>{Parts.Num(Parts.Percent(c.Reference))}{Parts.Num(Parts.Percent(c.Current))}{Parts.Num(Parts.Number(c.Contribution))}</tr>"));
        var table = cells.Count == 0 ? Html.Empty : Parts.Table("The cells that moved most", Parts.Heads("cell", "#then", "#now", "#part of psi"), rows);
        return Html.Of($"<section class=\"card\" aria-labelledby=\"distribution\"><h2 id=\"distribution\">Distribution then and now</h2><p class=\"soft\">Bars: this window; outline: the reference.</p>{drawn}{table}</section>");
    }

    static Html Readings(List<Reading> readings) => Html.Of($"<details id=\"readings\" class=\"card\"><summary>All {readings.Count} readings</summary>{ReadingTable.Draw("All readings of this column", readings)}</details>");
}
