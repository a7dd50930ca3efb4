using System.Globalization;
using Drift.Alerts;

namespace Drift.Worker.Web.Pages;

/// <summary>What several pages show alike.</summary>
static class Parts
{
    const int ShownOver = 20;

    public static Html Alerts(string heading, List<Alert> alerts)
    {
        var now = alerts.Where(a => a.Status is AlertStatus.Firing or AlertStatus.Pending).ToList();
        var over = alerts.Where(a => a.Status == AlertStatus.Resolved).OrderByDescending(a => a.ResolvedAt).Take(ShownOver).ToList();
        var list = now.Count == 0 ? Html.Of($"<p class=\"empty\">Nothing fires.</p>") : Html.Of($"<ul class=\"alerts\">{now.Select(Alert)}</ul>");
        var past = over.Count == 0 ? Html.Empty : Html.Of($"<details><summary>{over.Count} resolved</summary><ul class=\"alerts\">{over.Select(Alert)}</ul></details>");
        var title = heading == "h1" ? Html.Of($"<h1 id=\"alerts\">Alerts</h1>") : Html.Of($"<h2 id=\"alerts\">Alerts</h2>");
        return Html.Of($"<section aria-labelledby=\"alerts\">{title}{list}{past}</section>");
    }

    static Html Alert(Alert alert)
    {
        var word = alert.Status switch { AlertStatus.Firing => alert.Label("severity"), AlertStatus.Pending => "pending", _ => "resolved" };
        return Html.Of($"<li class=\"{word}\"><b class=\"badge\">{word}</b> <a href=\"{ModelLink(alert.Model, alert.Version, alert.Column)}\"><bdi>{WithoutLink(alert)}</bdi></a></li>");
    }

    /// <summary>The sentence ends with an address; here it is a link already.</summary>
    static string WithoutLink(Alert alert) => alert.Link.Length > 0 && alert.Text.EndsWith(alert.Link, StringComparison.Ordinal) ? alert.Text[..^alert.Link.Length].TrimEnd() : alert.Text;

    public static string ModelLink(string model, string? version = null, string? column = null, DateTimeOffset? window = null)
    {
        var query = new List<string>();
        if (version is not null) query.Add($"version={Uri.EscapeDataString(version)}");
        if (!string.IsNullOrEmpty(column)) query.Add($"column={Uri.EscapeDataString(column)}");
        if (window is { } start) query.Add($"window={Uri.EscapeDataString(EventTime.Format(start.UtcTicks))}");
        return $"/models/{Uri.EscapeDataString(model)}{(query.Count > 0 ? "?" : "")}{string.Join('&', query)}";
    }

    public static string ReportLink(Window window) =>
        $"/api/v1/models/{Uri.EscapeDataString(window.Model)}/windows/{EventTime.Format(window.Start.UtcTicks)}/report?version={Uri.EscapeDataString(window.Version)}";

    public static double? Value(IEnumerable<Reading> column, string measure) => column.FirstOrDefault(r => r.Measure == measure) is { } reading && double.IsFinite(reading.Value) ? reading.Value : null;

    public static string Moved(ReadingDetail detail) => string.Join(", ", detail.Cells.Take(2).Select(c => $"{c.Cell}: {Percent(c.Reference)} \u2192 {Percent(c.Current)}"));

    public static string Number(double? value) => value is { } number ? number.ToString(Math.Abs(number) >= 100 ? "0.#" : "0.000", CultureInfo.InvariantCulture) : "-";

    public static string Percent(double? share) => share is { } number ? (100 * number).ToString("0.#", CultureInfo.InvariantCulture) + " %" : "-";

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A number for an attribute of SVG.</summary>
    public static string At(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
