using Drift.Alerts;
using Microsoft.AspNetCore.Http;

namespace Drift.Worker.Web.Pages;

/// <summary>Silences: which are in force, the form that makes one out of an alert, and the button that takes one back.</summary>
static class SilenceList
{
    const string Model = "model", Column = "column", One = "alert";

    /// <summary>What the form of an alert asks for: this alert, its column, or its whole model; in any version, for the next one would drift as well.</summary>
    public static Silence Of(Alert alert, IFormCollection form, DateTimeOffset now)
    {
        string[] labels = form["what"].ToString() switch
        {
            One => ["model", "alertname", "column", "segment"],
            Column => ["model", "column"],
            Model => ["model"],
            var other => throw RequestException.Bad($"what: '{other}' is none of {One}, {Column}, {Model}"),
        };
        var ends = now + (Fields.Span(form, "for") ?? throw RequestException.Bad("for: how long? a silence has an end"));
        return new Silence { Match = new Selector { Labels = labels.ToDictionary(l => l, l => new Globs([alert.Label(l)])) }, Starts = now, Ends = ends, Author = Fields.Text(form, "author", 200), Reason = Fields.Text(form, "reason") };
    }

    public static Html Form(HttpContext http, Alert alert) => Html.Of($"""
        <details id="s-{alert.Key}"><summary>Silence</summary><form method="post" action="/alerts/{alert.Key}/silence" aria-label="Silence">
        <label>What<select name="what">{Parts.Option(One, "this alert", true)}{(alert.Column.Length > 0 ? Parts.Option(Column, "everything about this column", false) : Html.Empty)}{Parts.Option(Model, "everything about this model", false)}</select></label>
        <label>For<select name="for">{Fields.Spans()}</select></label>
        {Fields.Author(http)}
        <label>Why<input name="reason" required maxlength="1000" size="40"></label>
        <button>Silence</button></form></details>
        """);

    /// <summary>That an alert is silenced now, and by whom.</summary>
    public static Html Over(Alert alert, IReadOnlyList<Silence> silences, DateTimeOffset now) => silences.FirstOrDefault(s => s.IsActive(now) && s.Match.Matches(alert)) is { } silence
        ? Html.Of($"<p>{Parts.Badge("silenced")} until {Parts.Time(silence.Ends)} UTC by <bdi>{Who(silence)}</bdi>: <bdi>{silence.Reason}</bdi></p>")
        : Html.Empty;

    public static Html Show(HttpContext http, WebContext context, IReadOnlyList<Silence> stored, DateTimeOffset now)
    {
        var all = context.Policy().Silences.Select(s => (Silence: s, Stored: false)).Concat(stored.Select(s => (Silence: s, Stored: true))).Where(s => s.Silence.Ends > now).OrderBy(s => s.Silence.Ends).ToList();
        var rows = all.Select(s => Html.Of($"<tr><th scope=\"row\"><bdi>{What(s.Silence)}</bdi></th><td>{(s.Silence.Starts is { } starts ? Parts.Time(starts) : Html.Of($"always"))}</td><td>{Parts.Time(s.Silence.Ends)}</td><td><bdi>{Who(s.Silence)}</bdi></td><td><bdi>{s.Silence.Reason}</bdi></td><td>{End(http, context, s.Silence, s.Stored)}</td></tr>"));
        var table = all.Count == 0 ? Parts.Empty("Nothing is silenced. To silence something, open it at its alert.") : Parts.Table("Silences, the next to end first (UTC)", Parts.Heads("which alerts", "from", "until", "by", "why", "end"), rows);
        return Html.Of($"<section class=\"card\" aria-labelledby=\"silences\"><h2 id=\"silences\">Silences ({all.Count})</h2>{table}</section>");
    }

    static Html End(HttpContext http, WebContext context, Silence silence, bool stored) =>
        !stored ? Html.Of($"in the policy")
        : !Guard.MayChange(http) || context.Operations is null ? Html.Of($"-")
        : Html.Of($"<form method=\"post\" action=\"/silences/{Uri.EscapeDataString(silence.Id)}/end\" aria-label=\"End the silence of {What(silence)}\"><button class=\"quiet\">End it now</button></form>");

    static string Who(Silence silence) => silence.Author.Length > 0 ? silence.Author : "the policy";

    static string What(Silence silence)
    {
        var named = silence.Match.Labels.Concat(silence.Match.Tags).Select(m => $"{m.Key} {(m.Value.Patterns is [""] ? "(none)" : string.Join(" or ", m.Value.Patterns))}").ToList();
        return named.Count == 0 ? "all" : string.Join(", ", named);
    }
}
