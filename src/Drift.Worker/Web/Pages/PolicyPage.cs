using System.Text;
using Drift.Alerts;
using Drift.Worker.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>The policy in force, and what another one would have raised over the stored windows: tried here before anybody is called by it.</summary>
static class PolicyPage
{
    const int ShownRaised = 50;
    static readonly int[] days = [7, 30, 90];

    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        app.MapGet("/policy", async (HttpContext http) => await Layout.WriteAsync(http, "Policy", Page(context, http, null, 30, Html.Empty)));
        app.MapPost("/policy", async (HttpContext http) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var text = form["policy"].ToString();
            var span = int.TryParse(form["days"], System.Globalization.CultureInfo.InvariantCulture, out var n) && days.Contains(n) ? n : 30;
            await Layout.WriteAsync(http, "Policy", Page(context, http, text, span, await TryAsync(context, text, span, http.RequestAborted)), Layout.Still);
        });
    }

    static Html Page(WebContext context, HttpContext http, string? tried, int span, Html result)
    {
        var policy = context.Policy();
        var error = context.Problems().TryGetValue("policy", out var why) ? Html.Of($"<p role=\"alert\">{Parts.Badge("failed")} The file is not taken: <bdi>{why}</bdi></p>") : Html.Of($"<p>{Parts.Badge("ok")} in force</p>");
        return Html.Of($"""
            <h1>Policy</h1>
            <section class="card{(why is null ? " good" : " problem")}" aria-labelledby="active"><h2 id="active">In force</h2>{error}<p class="soft">{policy.Rules.Count} rules, {policy.Channels.Count} {(policy.Channels.Count == 1 ? "channel" : "channels")}; SHA-256 <code>{policy.Hash}</code></p>
            {Parts.Table("Rules", Parts.Heads("rule", "measures", "breached when", "#for", "clear", "severity"), policy.Rules.Select(Rule))}
            {Routes(policy)}</section>
            {result}
            <section class="card" aria-labelledby="dry"><h2 id="dry">Try another one</h2><p>Judges the stored windows by this text. Nothing is sent and nothing is kept: to put it in force, save it as the policy file.</p>{Form(http, tried ?? Encoding.UTF8.GetString(PolicyFormat.Write(policy)), span)}</section>
            """);
    }

    static Html Form(HttpContext http, string text, int span) => Guard.MayChange(http)
        ? Html.Of($"<form method=\"post\" action=\"/policy\" aria-label=\"Dry run\"><label class=\"wide\">Policy (JSON)<textarea name=\"policy\" spellcheck=\"false\" required>{text}</textarea></label><label>Over the last<select name=\"days\">{days.Select(d => Parts.Option($"{d}", $"{d} days", d == span))}</select></label><button>Dry run</button></form>")
        : Html.Of($"<p class=\"soft\">A key with role operator can try one.</p><pre tabindex=\"0\">{text}</pre>");

    static Html Rule(Rule rule)
    {
        var limits = new List<string>();
        if (rule.Above is { } above) limits.Add($"above {Short(above)}");
        if (rule.Below is { } below) limits.Add($"below {Short(below)}");
        if (rule.ChangeAbove is { } change) limits.Add($"changed by more than {Short(change)}");
        if (rule.Outside != Outside.None) limits.Add(rule.Outside == Outside.Reference ? "outside the reference's own range" : "beyond the service level");
        if (rule.PAdjustedBelow is { } p) limits.Add($"p adjusted under {Parts.P(p)}");
        return Html.Of($"<tr><th scope=\"row\"><bdi>{rule.Name}</bdi></th><td>{string.Join(", ", rule.Measures.Patterns)}</td><td>{string.Join(" and ", limits)}</td><td class=\"num\">{rule.For.ToString()}</td><td>{(rule.ClearAt is { } clear ? $"at {Short(clear)}, " : "")}{rule.ClearFor} {(rule.ClearFor == 1 ? "window" : "windows")}</td><td>{Parts.Badge(rule.Severity == Severity.Critical ? "critical" : "warning")}</td></tr>");
    }

    /// <summary>A threshold as it was written.</summary>
    static string Short(double number) => number.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture);

    static Html Routes(Policy policy) => policy.Routes.Count == 0 ? Parts.Empty("No route: alerts are shown here and sent to nobody.")
        : Html.Of($"<p>Goes to {string.Join(", ", policy.Routes.SelectMany(r => r.Channels).Distinct(StringComparer.Ordinal).Select(name => policy.Channels.FirstOrDefault(c => c.Name == name) is { } c ? $"{name} ({c.Kind})" : name))}.</p>");

    static async Task<Html> TryAsync(WebContext context, string text, int span, CancellationToken cancel)
    {
        var check = PolicyFormat.Read(Encoding.UTF8.GetBytes(text));
        if (check.Policy is not { } policy)
            return Html.Of($"<section class=\"card problem\" aria-labelledby=\"result\"><h2 id=\"result\">This is no policy</h2><div role=\"alert\"><p>{check.Errors.Count} {(check.Errors.Count == 1 ? "thing is" : "things are")} wrong with it:</p><ul>{check.Errors.Take(ShownRaised).Select(e => Html.Of($"<li><bdi>{e.ToString()}</bdi></li>"))}</ul></div></section>");
        var history = await StoredHistory.ReadAsync(context.Store, null, null, context.Time.GetUtcNow().AddDays(-span), null, cancel);
        var result = StoredHistory.DryRun(policy, history);
        var head = result.Windows == 0 ? "There are no windows in this time to judge." : $"{(result.Raised.Count == 1 ? "1 alert" : $"{result.Raised.Count} alerts")} in {result.Windows} windows; {result.Pages} {(result.Pages == 1 ? "page" : "pages")}, which is {result.PagesPerYear:0.#} a year.";
        var raised = result.Raised.Count == 0 ? Html.Empty : Html.Of($"<ul class=\"alerts\">{result.Raised.Take(ShownRaised).Select(a => AlertList.Line(a, a, null, context.Time.GetUtcNow()))}</ul>");
        var more = result.Raised.Count > ShownRaised ? Html.Of($"<p class=\"soft\">And {result.Raised.Count - ShownRaised} more.</p>") : Html.Empty;
        return Html.Of($"<section class=\"card good\" aria-labelledby=\"result\"><h2 id=\"result\">It would have raised</h2><p class=\"lead\" role=\"status\">{head}</p>{raised}{more}</section>");
    }
}
