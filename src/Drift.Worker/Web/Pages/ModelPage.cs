using Drift.Alerts;
using Drift.Worker.Stores;
using Drift.Worker.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>The page of one model, where an alert's link leads: its alerts, its columns over time, and one column in detail.</summary>
static class ModelPage
{
    const int ShownWindows = 30;
    const int ShownColumns = 100;

    public static void Map(IEndpointRouteBuilder app, WebContext context) => app.MapGet("/models/{model}", async (HttpContext http, string model) =>
        await Layout.WriteAsync(http, $"{model} - Drift", await PageAsync(context, http, model)));

    static async Task<Html> PageAsync(WebContext context, HttpContext http, string name)
    {
        var cancel = http.RequestAborted;
        var model = (await ModelView.AllAsync(context, cancel)).FirstOrDefault(m => m.Name == name) ?? throw RequestException.NotFound($"there is no model '{name}'");
        var version = Query.Text(http, "version") ?? model.Last?.Version ?? "";
        var windows = await context.Store.WindowsAsync(new WindowQuery(name) { Version = version, Limit = ShownWindows, NewestFirst = true }, cancel);
        var (alerts, _) = await AlertsApi.ReadAsync(context.Store, cancel);
        var own = alerts.Select(a => a.Alert).Where(a => a.Model == name && a.Version == version).ToList();
        var ordered = windows.OrderBy(w => w.Window.Start).ToList();
        var head = Html.Of($"<h1><bdi>{name}</bdi> <b class=\"badge {model.State}\">{model.State}</b></h1>{Versions(model, version)}");
        if (ordered.Count == 0) return Html.Of($"{head}<p class=\"empty\">Waiting for the first window to close.</p>");
        var column = Query.Text(http, "column");
        var start = Query.Instant(http, "window");
        var shown = ordered.Find(w => w.Window.Start == start) ?? ordered[^1];
        var detail = column is { Length: > 0 } ? ColumnDetail.Show(ordered, shown, column) : Html.Empty;
        return Html.Of($"{head}{Parts.Alerts("h2", own)}{detail}{HeatMap(ordered, column)}");
    }

    static Html Versions(ModelView model, string version)
    {
        if (model.Versions.Count < 2) return Html.Of($"<p>Version <bdi>{(version.Length > 0 ? version : "(none)")}</bdi></p>");
        var links = model.Versions.Select(v => v.Version == version
            ? Html.Of($"<b aria-current=\"page\"><bdi>{v.Version}</bdi></b> ")
            : Html.Of($"<a href=\"{Parts.ModelLink(model.Name, v.Version)}\"><bdi>{v.Version}</bdi></a> "));
        return Html.Of($"<nav aria-label=\"Versions\">Versions {links}</nav>");
    }

    /// <summary>Columns by windows: psi above noise as text, its verdict as colour and weight. The columns that moved most lately stand first.</summary>
    static Html HeatMap(List<JudgedWindow> windows, string? selected)
    {
        var byWindow = windows.Select(w => w.Readings.Where(r => r.Column.Length > 0 && r.Segment.Length == 0).GroupBy(r => r.Column, StringComparer.Ordinal).ToDictionary(c => c.Key, c => c.ToList(), StringComparer.Ordinal)).ToList();
        var columns = byWindow.SelectMany(w => w.Keys).Distinct(StringComparer.Ordinal)
            .OrderByDescending(c => byWindow[^1].TryGetValue(c, out var last) ? (int)last.Max(r => r.Verdict) : -1)
            .ThenByDescending(c => byWindow.Max(w => w.TryGetValue(c, out var one) ? Parts.Value(one, "psi_corrected") ?? double.NegativeInfinity : double.NegativeInfinity)).ToList();
        var heads = windows.Select(w => Html.Of($"<th scope=\"col\" class=\"num\"><a href=\"{Parts.ReportLink(w.Window)}\" title=\"Report of this window: {w.Window.Rows:N0} rows\">{w.Window.Start:MM-dd}</a></th>"));
        var rows = columns.Take(ShownColumns).Select(c => Html.Of($"<tr><th scope=\"row\"{(c == selected ? Html.Of($" aria-current=\"true\"") : Html.Empty)}><a href=\"{Parts.ModelLink(windows[0].Window.Model, windows[0].Window.Version, c)}\"><bdi>{c}</bdi></a></th>{windows.Select((w, i) => Cell(w, c, byWindow[i].GetValueOrDefault(c)))}</tr>"));
        var more = columns.Count > ShownColumns ? Html.Of($"<p class=\"empty\">And {columns.Count - ShownColumns} columns that moved less.</p>") : Html.Empty;
        return Html.Of($"<section aria-labelledby=\"map\"><h2 id=\"map\">Columns over time</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Columns over time\"><table class=\"map\"><caption>psi above sampling noise per window (UTC); bold: over the default threshold</caption><thead><tr><th scope=\"col\">column</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{more}</section>");
    }

    static Html Cell(JudgedWindow window, string column, List<Reading>? readings)
    {
        if (readings is null) return Html.Of($"<td class=\"num\">-</td>");
        var verdict = readings.Max(r => r.Verdict).ToString().ToLowerInvariant();
        var value = Parts.Value(readings, "psi_corrected");
        var text = value is null ? "-" : value < .0005 ? "0" : value >= 10 ? value.Value.ToString("0") : value.Value.ToString("0.00");
        return Html.Of($"<td class=\"num {verdict}\"><a href=\"{Parts.ModelLink(window.Window.Model, window.Window.Version, column, window.Window.Start)}\">{text}</a></td>");
    }
}
