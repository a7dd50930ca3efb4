using System.Globalization;
using Drift.Worker.Web.Api;

namespace Drift.Worker.Web.Pages;

/// <summary>What several pages show alike.</summary>
static class Parts
{
    /// <summary>A state as a sign and a word: never by colour alone.</summary>
    public static Html Badge(string state)
    {
        var sign = state switch { "critical" or "firing" => "\u25B2", "warning" or "pending" => "\u25B3", "ok" or "resolved" or "fresh" => "\u2713", "failed" or "stale" => "!", _ => "\u00B7" };
        return Html.Of($"<b class=\"badge {state}\"><span aria-hidden=\"true\">{sign} </span>{state.Replace('_', ' ')}</b>");
    }

    public static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    /// <summary>What became of a reading, in a word.</summary>
    public static string Word(Reading reading) => reading.Status switch
    {
        ReadingStatus.Ok => Word(reading.Verdict),
        ReadingStatus.InsufficientData => "insufficient_data",
        ReadingStatus.NotApplicable => "not_applicable",
        _ => "failed",
    };

    /// <summary>A table in a frame that scrolls by touch and by keyboard.</summary>
    public static Html Table(string label, Html head, IEnumerable<Html> rows, string css = "") => Html.Of(
        $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table class=\"{css}\"><caption>{label}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>");

    public static Html Heads(params string[] names) => Html.Join(names.Select(n => n.StartsWith('#') ? Html.Of($"<th scope=\"col\" class=\"num\">{n[1..]}</th>") : Html.Of($"<th scope=\"col\">{n}</th>")));

    public static Html Num(string text) => Html.Of($"<td class=\"num\">{text}</td>");

    public static Html Empty(string text) => Html.Of($"<p class=\"empty\">{text}</p>");

    public static Html Facts(params (string Name, Html Value)[] facts) => Html.Of($"<dl class=\"facts\">{facts.Select(f => Html.Of($"<div><dt>{f.Name}</dt><dd>{f.Value}</dd></div>"))}</dl>");

    public static Html Version(string version) => Html.Of($"<bdi>{(version.Length > 0 ? version : "(none)")}</bdi>");

    public static Html Option(string value, string text, bool chosen) => Html.Of($"<option value=\"{value}\"{(chosen ? Html.Of($" selected") : Html.Empty)}>{text}</option>");

    public static string ModelLink(string model, string? version = null, string? column = null, DateTimeOffset? window = null, string segment = "") =>
        Link($"/models/{Uri.EscapeDataString(model)}", ("version", version), ("column", column), ("window", window is { } start ? EventTime.Format(start.UtcTicks) : null), ("segment", segment));

    /// <summary>An address with those parameters that have a value; a version may be empty.</summary>
    public static string Link(string path, params (string Name, string? Value)[] parameters)
    {
        var query = parameters.Where(p => p.Value is not null && (p.Value.Length > 0 || p.Name == "version")).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}").ToList();
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    public static string ReportLink(Window window, string segment = "") =>
        Link($"/api/v1/models/{Uri.EscapeDataString(window.Model)}/windows/{EventTime.Format(window.Start.UtcTicks)}/report", ("version", window.Version), ("segment", segment));

    public static string Moved(ReadingDetail detail) => string.Join(", ", detail.Cells.Take(2).Select(c => $"{c.Cell}: {Percent(c.Reference)} \u2192 {Percent(c.Current)}"));

    public static string Number(double? value) => value is { } number && !double.IsNaN(number)
        ? double.IsInfinity(number) ? (number > 0 ? "\u221E" : "-\u221E") : number.ToString(Math.Abs(number) >= 1000 ? "#,0" : Math.Abs(number) >= 100 ? "0.#" : "0.000", CultureInfo.InvariantCulture) : "-";

    public static string Percent(double? share) => share is { } number && double.IsFinite(number) ? (100 * number).ToString("0.#", CultureInfo.InvariantCulture) + " %" : "-";

    public static string P(double? p) => p is { } value ? value < .0001 ? "< 0.0001" : value.ToString("0.####", CultureInfo.InvariantCulture) : "-";

    public static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static Html Time(DateTimeOffset time) => Html.Of($"<time datetime=\"{Json.Instant(time)}\">{Text(time)}</time>");

    /// <summary>A window's start as a heading: as short as the windows' length allows.</summary>
    public static string Short(Window window) => window.Start.ToUniversalTime().ToString((window.End - window.Start).Ticks % TimeSpan.TicksPerDay == 0 ? "MM-dd" : "MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 100 } => $"{Math.Max(0, span.TotalSeconds):0} s",
        { TotalMinutes: < 100 } => $"{span.TotalMinutes:0} min",
        { TotalHours: < 50 } => $"{span.TotalHours:0.#} h",
        _ => $"{span.TotalDays:0.#} days",
    };

    /// <summary>A number for an attribute of SVG.</summary>
    public static string At(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
