using Drift.Alerts;

namespace Drift.Worker.Web.Pages;

/// <summary>Alerts as people are told about them: the sentence first.</summary>
static class AlertList
{
    public static Html Line(Alert alert, Alert told, Acknowledgement? acknowledged, DateTimeOffset now, Html more = default)
    {
        var word = alert.Status switch { AlertStatus.Firing => alert.Label("severity"), AlertStatus.Pending => "pending", _ => "resolved" };
        var taken = acknowledged is { } a && a.IsActive(now) ? Html.Of($"<p class=\"soft\">Taken on by <bdi>{a.Author}</bdi> at {Parts.Time(a.At)}{(a.Until is { } until ? Html.Of($" until {Parts.Time(until)}") : Html.Empty)}: <bdi>{a.Reason}</bdi></p>") : Html.Empty;
        return Html.Of($"<li class=\"{word}\" id=\"alert-{alert.Key}\">{Parts.Badge(word)} <a class=\"what\" href=\"{Where(told)}\"><bdi>{Sentence(told)}</bdi></a>{Now(alert, told)}{taken}{more}</li>");
    }

    /// <summary>What later windows made of it; the sentence itself stays the one that people were told.</summary>
    static Html Now(Alert alert, Alert told) => alert.Text == told.Text ? Html.Empty : Html.Of($"<p class=\"soft\">Last window: {alert.Measure} {Parts.Number(alert.Value)}, {alert.Breached} of {alert.Of} windows, {alert.Rows:N0} rows. <a href=\"{Where(alert)}\" aria-label=\"Look at the last window of {(alert.Column.Length > 0 ? alert.Column : alert.Model)}\">Look at it</a></p>");

    /// <summary>Where the notice's link leads, on this server under whatever name it is reached.</summary>
    static string Where(Alert alert) => Uri.TryCreate(alert.Link, UriKind.Absolute, out var link) && link.AbsolutePath.StartsWith("/models/", StringComparison.Ordinal)
        ? link.PathAndQuery
        : Parts.ModelLink(alert.Model, alert.Version, alert.Column, null, alert.Segment);

    /// <summary>The sentence without the address at its end; here it is a link already.</summary>
    public static string Sentence(Alert alert) => alert.Link.Length > 0 && alert.Text.EndsWith(alert.Link, StringComparison.Ordinal) ? alert.Text[..^alert.Link.Length].TrimEnd() : alert.Text;
}
