using Drift.Alerts;
using Drift.Worker.Stores;
using Drift.Worker.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>The page at /: what is wrong now, every model's last windows, and the columns that drifted most.</summary>
static class HomePage
{
    const int ShownWindows = 14;
    const int ShownColumns = 8;
    const int ShownModels = 50;

    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        app.MapGet("/", async (HttpContext http) => await Layout.WriteAsync(http, "Drift", await PageAsync(context, http.RequestAborted)));
        app.MapGet("/assets/drift.css", (HttpContext http) =>
        {
            http.Response.ContentType = "text/css; charset=utf-8";
            http.Response.Headers.CacheControl = "max-age=300";
            return http.Response.WriteAsync(StyleSheet.Text, http.RequestAborted);
        });
    }

    static async Task<Html> PageAsync(WebContext context, CancellationToken cancel)
    {
        var (alerts, _) = await AlertsApi.ReadAsync(context.Store, cancel);
        var models = await ModelView.AllAsync(context, cancel);
        var sections = new List<Html> { Parts.Alerts("h1", [.. alerts.Select(a => a.Alert)]) };
        foreach (var model in models.Take(ShownModels))
        {
            var windows = await context.Store.WindowsAsync(new WindowQuery(model.Name) { Limit = ShownWindows, NewestFirst = true }, cancel);
            sections.Add(Model(model, windows, [.. alerts.Select(a => a.Alert).Where(a => a.Model == model.Name)]));
        }
        if (models.Count == 0) sections.Add(Html.Of($"<p class=\"empty\">No model is configured yet.</p>"));
        if (models.Count > ShownModels) sections.Add(Html.Of($"<p class=\"empty\">And {models.Count - ShownModels} more models: see <a href=\"/api/v1/models\">all of them</a>.</p>"));
        sections.Add(Html.Of($"<footer>Read from the store at {Parts.Time(context.Time.GetUtcNow())} UTC.</footer>"));
        return Html.Join(sections);
    }

    static Html Model(ModelView model, IReadOnlyList<JudgedWindow> windows, List<Alert> alerts)
    {
        var head = Html.Of($"<h2><a href=\"{Parts.ModelLink(model.Name)}\"><bdi>{model.Name}</bdi></a> <b class=\"badge {model.State}\">{model.State}</b></h2>");
        if (windows.Count == 0) return Html.Of($"<section>{head}<p class=\"empty\">Waiting for the first window to close.</p></section>");
        var last = windows[0].Window;
        var about = Html.Of($"<p>Version <bdi>{(last.Version.Length > 0 ? last.Version : "(none)")}</bdi>, reference {last.Reference}; last window {Parts.Time(last.Start)} to {Parts.Time(last.End)} UTC, {last.Rows:N0} rows, closed by {last.ClosedBy}.</p>");
        return Html.Of($"<section>{head}{about}{Worst(windows[0], alerts)}{Windows(windows)}</section>");
    }

    static Html Worst(JudgedWindow window, List<Alert> alerts)
    {
        var columns = window.Readings.Where(r => r.Column.Length > 0 && r.Segment.Length == 0).GroupBy(r => r.Column, StringComparer.Ordinal)
            .OrderByDescending(c => c.Max(r => r.Verdict)).ThenByDescending(c => Parts.Value(c, "psi_corrected") ?? double.NegativeInfinity).Take(ShownColumns);
        var rows = columns.Select(c =>
        {
            var verdict = c.Max(r => r.Verdict) is var worst && worst == Verdict.None && c.Any(r => r.Status == ReadingStatus.InsufficientData) ? "too few rows" : worst.ToString().ToLowerInvariant();
            var alert = alerts.Find(a => a.Column == c.Key && a.Status == AlertStatus.Firing);
            var moved = c.OrderByDescending(r => r.Verdict).Select(r => r.Detail).FirstOrDefault(d => d is { Cells.Count: > 0 });
            return Html.Of($"<tr><th scope=\"row\"><a href=\"{Parts.ModelLink(window.Window.Model, window.Window.Version, c.Key, window.Window.Start)}\"><bdi>{c.Key}</bdi></a></th><td class=\"num\">{Parts.Number(Parts.Value(c, "psi_corrected"))}</td><td class=\"num\">{Parts.Number(Parts.Value(c, "ks"))}</td><td class=\"num\">{Parts.Percent(Parts.Value(c, "missing_rate"))}</td><td><b class=\"badge {verdict}\">{verdict}</b></td><td>{(alert is null ? "" : $"since {alert.Since:yyyy-MM-dd}")}</td><td><bdi>{(verdict is "warning" or "critical" && moved is not null ? Parts.Moved(moved) : "")}</bdi></td></tr>");
        });
        return Html.Of($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Columns of the last window, worst first\"><table><caption>Columns of the last window, worst first</caption><thead><tr><th scope=\"col\">column</th><th scope=\"col\" class=\"num\">psi above noise</th><th scope=\"col\" class=\"num\">ks</th><th scope=\"col\" class=\"num\">missing</th><th scope=\"col\">verdict</th><th scope=\"col\">alert</th><th scope=\"col\">what moved</th></tr></thead><tbody>{rows}</tbody></table></div>");
    }

    static Html Windows(IReadOnlyList<JudgedWindow> windows)
    {
        var rows = windows.Select(w =>
        {
            var moved = w.Readings.Where(r => r.Verdict is Verdict.Warning or Verdict.Critical).GroupBy(r => r.Column, StringComparer.Ordinal).OrderByDescending(c => c.Max(r => r.Verdict)).Select(c => c.Key.Length > 0 ? c.Key : "the window").ToList();
            var names = string.Join(", ", moved.Take(6)) + (moved.Count > 6 ? $" and {moved.Count - 6} more" : "");
            var link = Parts.ReportLink(w.Window);
            return Html.Of($"<tr><th scope=\"row\"><a href=\"{link}\">{Parts.Time(w.Window.Start)}</a></th><td><bdi>{w.Window.Version}</bdi></td><td class=\"num\">{w.Window.Rows:N0}</td><td class=\"num\">{w.Window.Late:N0}</td><td>{w.Window.ClosedBy}</td><td><bdi>{(moved.Count == 0 ? "-" : names)}</bdi></td></tr>");
        });
        return Html.Of($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Last windows\"><table><caption>Last windows</caption><thead><tr><th scope=\"col\">start (UTC)</th><th scope=\"col\">version</th><th scope=\"col\" class=\"num\">rows</th><th scope=\"col\" class=\"num\">late</th><th scope=\"col\">closed by</th><th scope=\"col\">columns that moved</th></tr></thead><tbody>{rows}</tbody></table></div>");
    }
}
