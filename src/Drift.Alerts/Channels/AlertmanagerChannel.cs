using System.Text;

namespace Drift.Alerts;

/// <summary>Hands alerts to an Alertmanager (<c>/api/v2/alerts</c>), which routes, silences and repeats by its own rules. Firing alerts are sent again every
/// <c>resend</c> (default ten minutes) with an end four times as far ahead, so that they end by themselves when nobody speaks for them any more.</summary>
public sealed class AlertmanagerChannel : IAlertChannel
{
    /// <summary>How often firing alerts are sent again unless the policy says otherwise.</summary>
    public static readonly TimeSpan DefaultResend = TimeSpan.FromMinutes(10);

    readonly HttpSender sender;

    /// <summary>Creates the channel of an <c>alertmanager</c> entry of a policy.</summary>
    public AlertmanagerChannel(ChannelSpec spec, ChannelServices services) => sender = new HttpSender(spec, services);

    /// <inheritdoc/>
    public string Name => sender.Name;

    /// <inheritdoc/>
    public Task SendAsync(Notice notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        // A review is nothing to be called for.
        if (notice.Reason == NoticeReason.Report) return Task.CompletedTask;
        var until = sender.Now + 4 * sender.Duration("resend", DefaultResend);
        var body = JsonBody.Of(writer =>
        {
            writer.WriteStartArray();
            foreach (var alert in notice.Alerts)
            {
                writer.WriteStartObject();
                // Severity and measure may change while an alert lives, and Alertmanager takes every label for identity: they are annotations here.
                WebhookBody.Labels(writer, "labels", Alert.LabelNames.Where(l => l is not ("severity" or "measure") && alert.Label(l).Length > 0).Select(l => (l, alert.Label(l))));
                WebhookBody.Labels(writer, "annotations", [.. WebhookBody.Annotations(alert), ("severity", alert.Label("severity")), ("measure", alert.Measure)]);
                writer.WriteString("startsAt", alert.Since.UtcDateTime);
                // In wall-clock time: a window's own end lies in the past, and an alert with an end in the past is over.
                writer.WriteString("endsAt", (alert.Status == AlertStatus.Resolved ? sender.Now : until).UtcDateTime);
                if (alert.Link.Length > 0) writer.WriteString("generatorURL", alert.Link);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
        var root = sender.Url().AbsoluteUri.TrimEnd('/');
        var url = new Uri(root.EndsWith("/api/v2/alerts", StringComparison.Ordinal) ? root : root + "/api/v2/alerts");
        return sender.SendAsync(url, body, request =>
        {
            if (sender.Setting("user") is { } user)
                request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{sender.Setting("password")}")));
        }, cancellation);
    }
}
