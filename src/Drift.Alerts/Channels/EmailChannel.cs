using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Text;

namespace Drift.Alerts;

/// <summary>Sends a mail in plain text. Encrypted by STARTTLS unless the policy says <c>"starttls": false</c>; a server that does not offer it gets nothing. The mails of a group are one thread.</summary>
public sealed class EmailChannel : IAlertChannel
{
    readonly HttpSender settings;

    /// <summary>Creates the channel of an <c>email</c> entry of a policy.</summary>
    public EmailChannel(ChannelSpec spec, ChannelServices services) => settings = new HttpSender(spec, services);

    /// <inheritdoc/>
    public string Name => settings.Name;

    /// <inheritdoc/>
    public async Task SendAsync(Notice notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var host = settings.Setting("host")!;
        using var message = Message(notice);
        using var client = new SmtpClient(host, int.Parse(settings.Setting("port") ?? "587", CultureInfo.InvariantCulture)) { EnableSsl = settings.Flag("starttls", otherwise: true) };
        if (settings.Setting("user") is { } user) client.Credentials = new NetworkCredential(user, settings.Setting("password"));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.Duration("timeout", TimeSpan.FromSeconds(30)));
        try
        {
            var sending = client.SendMailAsync(message, limit.Token);
            // The client does not give up in the middle of a dialogue: it is left behind, and ended by its disposal.
            _ = sending.ContinueWith(ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            await sending.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ChannelException($"{Name}: no answer from {host}", inner: e);
        }
        catch (SmtpException e)
        {
            // What the server said may repeat addresses or worse; its code says enough.
            throw new ChannelException($"{Name}: {host}: {e.StatusCode}", inner: e);
        }
    }

    MailMessage Message(Notice notice)
    {
        try
        {
            var message = new MailMessage
            {
                From = new MailAddress(settings.Setting("from")!), Subject = JsonBody.Cut(JsonBody.Title(notice), 200), SubjectEncoding = Encoding.UTF8,
                Body = string.Join("\n\n", notice.Alerts.Select(a => a.Text)) + "\n", BodyEncoding = Encoding.UTF8,
            };
            foreach (var to in settings.Settings("to")) message.To.Add(new MailAddress(to));
            var thread = AlertIdentity.Digest(notice.Channel, notice.GroupKey);
            message.Headers.Add("Message-ID", $"<{notice.Id}@{message.From.Host}>");
            message.Headers.Add("References", $"<drift_{thread}@{message.From.Host}>");
            message.Headers.Add("Auto-Submitted", "auto-generated");
            return message;
        }
        catch (FormatException e)
        {
            throw new ChannelException($"{Name}: from or to is no mail address", inner: e);
        }
    }
}
