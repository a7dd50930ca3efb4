using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Drift.Worker.Web.Api;

/// <summary>Parameters of a request, checked: what is wrong names the parameter and what would be right.</summary>
static class Query
{
    public static string? Text(HttpContext http, string name) => http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public static DateTimeOffset? Instant(HttpContext http, string name) => Text(http, name) is { } text ? Instant(text, name) : null;

    public static DateTimeOffset Instant(string text, string name) =>
        // A plus sign that was not escaped has become a blank.
        EventTime.TryParse(Encoding.UTF8.GetBytes(text.Length > 19 ? text.Replace(' ', '+') : text), out var ticks)
            ? EventTime.ToInstant(ticks)
            : throw RequestException.Bad($"{name}: '{text}' is no ISO 8601 time such as 2026-11-20T00:00:00Z");

    public static int Whole(HttpContext http, string name, int otherwise, int least, int most)
    {
        if (Text(http, name) is not { } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw RequestException.Bad($"{name}: '{text}' is no whole number from {least} to {most}");
    }
}
