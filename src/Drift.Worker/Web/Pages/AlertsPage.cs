using Drift.Alerts;
using Drift.Worker.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>Every alert with its history, and the silences; who may change something takes an alert on or silences it here.</summary>
static class AlertsPage
{
    const int ShownNow = 100, ShownOver = 50;

    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        app.MapGet("/alerts", async (HttpContext http) => await Layout.WriteAsync(http, "Alerts", await PageAsync(context, http)));
        app.MapPost("/alerts/{key}/ack", async (HttpContext http, string key) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            await AlertsApi.AcknowledgeAsync(context, http, key, Fields.Acknowledgement(form, context.Time.GetUtcNow()));
            Back(http, $"alert-{key}");
        });
        app.MapPost("/alerts/{key}/silence", async (HttpContext http, string key) =>
        {
            var (alerts, _) = await AlertsApi.ReadAsync(context.Store, http.RequestAborted);
            var alert = alerts.Select(a => a.Alert).FirstOrDefault(a => a.Key == key) ?? throw RequestException.NotFound($"there is no alert '{key}'");
            await SilencesApi.KeepAsync(context, http, SilenceList.Of(alert, await http.Request.ReadFormAsync(http.RequestAborted), context.Time.GetUtcNow()));
            Back(http, "silences");
        });
        app.MapPost("/silences/{id}/end", async (HttpContext http, string id) =>
        {
            await SilencesApi.TakeBackAsync(context, http, id);
            Back(http, "silences");
        });
    }

    /// <summary>Back to the list: a page that came from a form must not be sent again by reloading it.</summary>
    static void Back(HttpContext http, string where)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = $"/alerts#{where}";
    }

    static async Task<Html> PageAsync(WebContext context, HttpContext http)
    {
        var (alerts, history) = await AlertsApi.ReadAsync(context.Store, http.RequestAborted);
        var model = Query.Text(http, "model");
        var now = context.Time.GetUtcNow();
        var silences = await context.Store.SilencesAsync(http.RequestAborted);
        var own = alerts.Where(a => string.IsNullOrEmpty(model) || a.Alert.Model == model).ToList();
        Html Section(string id, string title, AlertStatus status, string none, int most)
        {
            var some = own.Where(a => a.Alert.Status == status).OrderByDescending(a => status == AlertStatus.Resolved ? a.Alert.ResolvedAt : null).ToList();
            var list = some.Count == 0 ? Parts.Empty(none) : Html.Of($"<ul class=\"alerts\">{some.Take(most).Select(a => AlertList.Line(a.Alert, AlertsApi.Told(a.Alert, history[a.Alert.Key]), a.Acknowledged, now, More(context, http, a.Alert, history[a.Alert.Key], SilenceList.Over(a.Alert, [.. context.Policy().Silences, .. silences], now))))}</ul>");
            return Html.Of($"<section class=\"card\" aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title} ({some.Count})</h2>{list}{(some.Count > most ? Html.Of($"<p class=\"soft\">And {some.Count - most} more: see <a href=\"/api/v1/alerts\">all of them</a>.</p>") : Html.Empty)}</section>");
        }
        return Html.Of($"""
            <h1>Alerts{(string.IsNullOrEmpty(model) ? Html.Empty : Html.Of($" of <bdi>{model}</bdi>"))}</h1>
            {(string.IsNullOrEmpty(model) ? Html.Empty : Html.Of($"<p><a href=\"/alerts\">Alerts of all models</a></p>"))}
            {Section("firing", "Firing", AlertStatus.Firing, "Nothing fires.", ShownNow)}
            {Section("pending", "Pending: breached, but not yet in enough windows", AlertStatus.Pending, "Nothing is pending.", ShownNow)}
            {SilenceList.Show(http, context, silences, now)}
            {Section("resolved", "Resolved", AlertStatus.Resolved, "Nothing has been resolved yet.", ShownOver)}
            """);
    }

    static Html More(WebContext context, HttpContext http, Alert alert, IEnumerable<Transition> history, Html silenced)
    {
        var steps = history.Reverse().Select(t => Html.Of($"<li>{Parts.Time(t.WindowStart)}: {Word(t.From)} to {Word(t.To)}{(t.To == AlertStatus.Firing ? Html.Of($", {t.Alert.Label("severity")}") : Html.Empty)} <span class=\"soft\">{t.Alert.Measure} {Parts.Number(t.Alert.Value)}</span></li>"));
        var past = Html.Of($"<details id=\"h-{alert.Key}\"><summary>History</summary><ol>{steps}</ol></details>");
        if (alert.Status == AlertStatus.Resolved) return past;
        if (!Guard.MayChange(http) || context.Operations is null) return Html.Of($"{silenced}{past}<p class=\"soft\">A key with role operator can take this on or silence it.</p>");
        return Html.Of($"""
            {silenced}{past}<details id="a-{alert.Key}"><summary>Acknowledge</summary><form method="post" action="/alerts/{alert.Key}/ack" aria-label="Acknowledge">
            {Fields.Author(http)}
            <label>What is being done<input name="reason" required maxlength="1000" size="40"></label>
            <label>For<select name="for">{Fields.Spans("as long as it fires")}</select></label>
            <button>Acknowledge</button></form></details>
            {SilenceList.Form(http, alert)}
            """);
    }

    static string Word(AlertStatus status) => status.ToString().ToLowerInvariant();
}
