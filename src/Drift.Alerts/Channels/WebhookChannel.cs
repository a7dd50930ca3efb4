using System.Globalization;

namespace Drift.Alerts;

/// <summary>
/// Posts notices as Alertmanager's webhook document, signed as Standard Webhooks asks when the policy names a secret. 2xx is success, 410 ends it, all else is
/// tried again. With an <c>action</c> (<c>retrain</c>, <c>rollback</c>) only what begins to fire or becomes more severe is posted, with all that is needed to act.
/// </summary>
public sealed class WebhookChannel : IAlertChannel
{
    readonly HttpSender sender;
    readonly string externalUrl;
    readonly string? action;

    /// <summary>Creates the channel of a <c>webhook</c> entry of a policy.</summary>
    public WebhookChannel(ChannelSpec spec, ChannelServices services)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(services);
        sender = new HttpSender(spec, services);
        externalUrl = services.ExternalUrl;
        action = spec["action"]?.ToString();
    }

    /// <inheritdoc/>
    public string Name => sender.Name;

    /// <inheritdoc/>
    public Task SendAsync(Notice notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        // To act is for the moment when something begins or becomes worse: not again while it lasts, and not when it is over.
        if (action is not null && notice.Reason is not (NoticeReason.Firing or NoticeReason.Escalation)) return Task.CompletedTask;
        var body = WebhookBody.Write(notice, externalUrl, action: action);
        // Secrets are fetched for every sending: a rotated file counts at once.
        var secrets = sender.Settings("secret");
        var timestamp = sender.Now.ToUnixTimeSeconds();
        return sender.SendAsync(sender.Url(), body, request =>
        {
            request.Headers.Add("webhook-id", notice.Id);
            request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
            if (secrets.Count > 0) request.Headers.Add("webhook-signature", Signature(secrets, notice.Id, timestamp, body));
        }, cancellation);
    }

    string Signature(IReadOnlyList<string> secrets, string id, long timestamp, byte[] body)
    {
        try
        {
            return WebhookSignature.Sign(secrets, id, timestamp, body);
        }
        catch (FormatException e)
        {
            throw new ChannelException($"{Name}: {e.Message}", inner: e);
        }
    }
}
