using System.Globalization;
using Drift.Alerts;
using Microsoft.AspNetCore.Http;

namespace Drift.Worker.Web.Pages;

/// <summary>Fields of our own forms, checked like the interface's bodies: what is wrong names the field.</summary>
static class Fields
{
    static readonly (string Hours, string Text)[] spans = [("1", "1 hour"), ("4", "4 hours"), ("24", "1 day"), ("72", "3 days"), ("168", "1 week")];

    /// <summary>The choices of how long; with <paramref name="open"/> one without an end.</summary>
    public static Html Spans(string? open = null) => Html.Of($"{(open is null ? Html.Empty : Parts.Option("", open, true))}{spans.Select(s => Parts.Option(s.Hours, s.Text, open is null && s.Hours == "24"))}");

    /// <summary>Who does it: by default the key's name.</summary>
    public static Html Author(HttpContext http) => Html.Of($"<label>Your name<input name=\"author\" required maxlength=\"200\" autocomplete=\"name\" value=\"{Guard.KeyOf(http) ?? ""}\"></label>");

    public static string Text(IFormCollection form, string name, int most = 1000) => form[name].ToString().Trim() is { Length: > 0 } text && text.Length <= most
        ? text
        : throw RequestException.Bad($"{name}: a text of at most {most} characters is needed");

    public static TimeSpan? Span(IFormCollection form, string name) => form[name].ToString() switch
    {
        "" => null,
        var text when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours) && hours is > 0 and <= 24 * 366 => TimeSpan.FromHours(hours),
        var text => throw RequestException.Bad($"{name}: '{text}' is no number of hours up to a year"),
    };

    public static Acknowledgement Acknowledgement(IFormCollection form, DateTimeOffset now) => new(Text(form, "author", 200), Text(form, "reason"), now, now + Span(form, "for"));
}
