namespace Drift.Alerts;

/// <summary>Posts an adaptive card to a Microsoft Teams workflow, within its limit of 28 kB.</summary>
public sealed class TeamsChannel : IAlertChannel
{
    readonly HttpSender sender;

    /// <summary>Creates the channel of a <c>teams</c> entry of a policy.</summary>
    public TeamsChannel(ChannelSpec spec, ChannelServices services) => sender = new HttpSender(spec, services);

    /// <inheritdoc/>
    public string Name => sender.Name;

    /// <inheritdoc/>
    public Task SendAsync(Notice notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        // Escaping may double what a line weighs and every block has its frame: half the limit for the sentences leaves room for both.
        var (lines, left) = JsonBody.Lines(notice, 60, 14_000, text => Escape(JsonBody.Cut(text, 4000)));
        var resolved = notice.Status == AlertStatus.Resolved;
        var body = JsonBody.Of(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", "message");
            writer.WriteStartArray("attachments");
            writer.WriteStartObject();
            writer.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
            writer.WriteNull("contentUrl");
            writer.WriteStartObject("content");
            writer.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
            writer.WriteString("type", "AdaptiveCard");
            writer.WriteString("version", "1.4");
            writer.WriteStartArray("body");
            Block(JsonBody.Cut(JsonBody.Title(notice), 300), heading: true);
            foreach (var line in lines) Block(line, heading: false);
            if (left > 0) Block($"and {left} more", heading: false);
            writer.WriteEndArray();
            writer.WriteStartObject("msteams");
            writer.WriteString("width", "full");
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();

            void Block(string text, bool heading)
            {
                writer.WriteStartObject();
                writer.WriteString("type", "TextBlock");
                writer.WriteString("text", text);
                writer.WriteBoolean("wrap", true);
                if (heading)
                {
                    writer.WriteString("weight", "Bolder");
                    writer.WriteString("size", "Medium");
                    writer.WriteString("color", resolved ? "Good" : "Attention");
                }
                writer.WriteEndObject();
            }
        });
        return sender.SendAsync(sender.Url(), body, null, cancellation);
    }

    // Text blocks read Markdown; names of columns are meant literally.
    static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)
        .Replace("*", "\\*", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);
}
