namespace Drift.Alerts;

/// <summary>Sends PagerDuty events (v2), one for each alert: an episode triggers one incident, and its end resolves it.</summary>
public sealed class PagerDutyChannel : IAlertChannel
{
    const string Service = "https://events.pagerduty.com/v2/enqueue";

    readonly HttpSender sender;

    /// <summary>Creates the channel of a <c>pagerduty</c> entry of a policy.</summary>
    public PagerDutyChannel(ChannelSpec spec, ChannelServices services) => sender = new HttpSender(spec, services);

    /// <inheritdoc/>
    public string Name => sender.Name;

    /// <inheritdoc/>
    public async Task SendAsync(Notice notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        // A review is nothing to be called for.
        if (notice.Reason == NoticeReason.Report) return;
        var key = sender.Setting("routing_key")!;
        // When one fails all are sent again: the episode is the key by which the service knows the doubles.
        foreach (var alert in notice.Alerts) await sender.SendAsync(sender.Url("url", Service), Event(key, alert), null, cancellation).ConfigureAwait(false);
    }

    static byte[] Event(string key, Alert alert) => JsonBody.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("routing_key", key);
        writer.WriteString("event_action", alert.Status == AlertStatus.Resolved ? "resolve" : "trigger");
        writer.WriteString("dedup_key", alert.Episode);
        writer.WriteString("client", "Drift");
        if (alert.Link.Length > 0) writer.WriteString("client_url", alert.Link);
        writer.WriteStartObject("payload");
        writer.WriteString("summary", JsonBody.Cut(alert.Text, 1024));
        writer.WriteString("source", alert.Model.Length > 0 ? alert.Model : "drift");
        writer.WriteString("severity", alert.Label("severity"));
        writer.WriteString("timestamp", (alert.FiredAt ?? alert.Since).UtcDateTime);
        if (alert.Column.Length > 0) writer.WriteString("component", alert.Column);
        writer.WriteString("group", alert.Model);
        writer.WriteString("class", alert.Name);
        WebhookBody.Labels(writer, "custom_details", [.. Alert.LabelNames.Select(l => (l, alert.Label(l))), .. WebhookBody.Annotations(alert)]);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
