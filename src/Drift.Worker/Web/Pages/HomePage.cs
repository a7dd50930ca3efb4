using Drift.Alerts;
using Drift.Worker.Stores;
using Drift.Worker.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>The page at /: what is wrong now, and every model at a glance, the troubled ones first.</summary>
static class HomePage
{
    const int ShownWindows = 14, ModelsPerPage = 24, ShownAlerts = 8;

    public static void Map(IEndpointRouteBuilder app, WebContext context, WindowSheets sheets) =>
        app.MapGet("/", async (HttpContext http) => await Layout.WriteAsync(http, "Models", await PageAsync(context, sheets, http)));

    static async Task<Html> PageAsync(WebContext context, WindowSheets sheets, HttpContext http)
    {
        var cancel = http.RequestAborted;
        var now = context.Time.GetUtcNow();
        var (alerts, history) = await AlertsApi.ReadAsync(context.Store, cancel);
        var firing = alerts.Where(a => a.Alert.Status == AlertStatus.Firing).ToList();
        var models = (await ModelView.AllAsync(context, cancel)).OrderBy(m => m.State switch { "firing" => 0, "pending" => 1, "ok" => 2, _ => 3 }).ThenByDescending(m => m.Firing).ThenBy(m => m.Name, StringComparer.Ordinal).ToList();
        var page = Query.Whole(http, "page", 1, 1, 10_000);
        var cards = new List<Html>();
        foreach (var model in models.Skip((page - 1) * ModelsPerPage).Take(ModelsPerPage))
            cards.Add(ModelGlance.Card(model, model.Versions.Count == 0 ? [] : await sheets.ReadAsync(new WindowQuery(model.Name) { Version = model.Last?.Version, Limit = ShownWindows, NewestFirst = true }, "", cancel), now));
        var list = cards.Count == 0 ? Html.Of($"<section class=\"card\">{Parts.Empty("No model is configured yet: name one under Drift.Models in drift.json and start the worker again.")}</section>") : Html.Of($"<ul class=\"cards\">{cards}</ul>");
        return Html.Of($"""
            <h1>Models</h1>
            {Parts.Facts(("models", Html.Of($"{models.Count}")), ("alerts firing", Html.Of($"{firing.Count}")), ("pending", Html.Of($"{alerts.Count(a => a.Alert.Status == AlertStatus.Pending)}")))}
            {Firing(firing, history, now)}
            <section aria-labelledby="glance"><h2 id="glance">At a glance</h2>{list}{Paging(page, models.Count)}</section>
            <p class="soft">Read from the store at {Parts.Time(now)} UTC.</p>
            """);
    }

    static Html Firing(List<(Alert Alert, Acknowledgement? Acknowledged)> firing, ILookup<string, Transition> history, DateTimeOffset now)
    {
        var list = firing.Count == 0 ? Parts.Empty("Nothing fires.") : Html.Of($"<ul class=\"alerts\">{firing.Take(ShownAlerts).Select(a => AlertList.Line(a.Alert, AlertsApi.Told(a.Alert, history[a.Alert.Key]), a.Acknowledged, now))}</ul>");
        return Html.Of($"<section class=\"card{(firing.Count == 0 ? " good" : "")}\" aria-labelledby=\"alerts\"><h2 id=\"alerts\">Alerts</h2>{list}<p><a href=\"/alerts\">{(firing.Count > ShownAlerts ? $"All {firing.Count} alerts" : "All alerts, with what is pending and over")}</a></p></section>");
    }

    static Html Paging(int page, int models)
    {
        var pages = (models + ModelsPerPage - 1) / ModelsPerPage;
        if (pages < 2) return Html.Empty;
        var before = page > 1 ? Html.Of($"<a href=\"/?page={page - 1}\">Earlier</a>") : Html.Empty;
        var after = page < pages ? Html.Of($"<a href=\"/?page={page + 1}\">Further models</a>") : Html.Empty;
        return Html.Of($"<nav class=\"pages\" aria-label=\"Pages\">{before}<span>page {page} of {pages}</span>{after}</nav>");
    }
}
