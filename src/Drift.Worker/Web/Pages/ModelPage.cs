using Drift.Alerts;
using Drift.Worker.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>The page of one model: its alerts and the map of its columns over its windows; with <c>?column=</c> that column, where an alert's link leads.</summary>
static class ModelPage
{
    public static void Map(IEndpointRouteBuilder app, WebContext context, WindowSheets sheets) => app.MapGet("/models/{model}", async (HttpContext http, string model) =>
    {
        var frame = await ModelFrame.OfAsync(context, http, model);
        var column = Query.Text(http, "column");
        var content = column is { Length: > 0 } ? await ColumnPage.ShowAsync(context, http, frame, column) : await MapAsync(context, sheets, http, frame);
        await Layout.WriteAsync(http, column is { Length: > 0 } ? $"{column}, {model}" : model, Html.Of($"{frame.Head(context.Time.GetUtcNow(), "")}{content}"));
    });

    static async Task<Html> MapAsync(WebContext context, WindowSheets sheets, HttpContext http, ModelFrame frame)
    {
        var cancel = http.RequestAborted;
        var windows = await sheets.ReadAsync(frame.Query, frame.Segment, cancel);
        var (alerts, history) = await AlertsApi.ReadAsync(context.Store, cancel);
        var own = Own(context, frame, alerts, history);
        var wanted = MapWish.Of(http);
        var choose = frame.Choose("", windows.SelectMany(w => w.Segments).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), wanted.Fields());
        if (windows.Count == 0)
        {
            var why = frame.Model.Versions.Any(v => v.Version == frame.Version) ? "No window in this stretch of time: choose a later one." : "Waiting for the first window to close.";
            return Html.Of($"{own}{(frame.Model.Versions.Count > 0 ? choose : Html.Empty)}{Parts.Empty(why)}");
        }
        return Html.Of($"{own}<section class=\"card\" aria-labelledby=\"map\"><h2 id=\"map\">Columns over time</h2>{choose}{HeatMap.Draw(frame, windows, wanted)}</section>");
    }

    static Html Own(WebContext context, ModelFrame frame, IReadOnlyList<(Alert Alert, Acknowledgement? Acknowledged)> alerts, ILookup<string, Transition> history)
    {
        var now = context.Time.GetUtcNow();
        var own = alerts.Where(a => a.Alert.Model == frame.Name && a.Alert.Version == frame.Version && a.Alert.Status is AlertStatus.Firing or AlertStatus.Pending).ToList();
        var list = own.Count == 0 ? Parts.Empty("Nothing fires.") : Html.Of($"<ul class=\"alerts\">{own.Take(10).Select(a => AlertList.Line(a.Alert, AlertsApi.Told(a.Alert, history[a.Alert.Key]), a.Acknowledged, now))}</ul>");
        var link = Html.Of($"<p><a href=\"{Parts.Link("/alerts", ("model", frame.Name))}\">{(own.Count > 10 ? $"All {own.Count} alerts of this model" : "Acknowledge, silence, and what is over")}</a></p>");
        return Html.Of($"<section class=\"card{(own.Count == 0 ? " good" : "")}\" aria-labelledby=\"alerts\"><h2 id=\"alerts\">Alerts of this version</h2>{list}{link}</section>");
    }
}
