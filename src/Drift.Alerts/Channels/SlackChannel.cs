namespace Drift.Alerts;

/// <summary>Posts to a Slack incoming webhook: a title and one section for each alert, within Slack's limits (50 blocks, 3,000 characters a section).</summary>
public sealed class SlackChannel : IAlertChannel
{
    const int MostSections = 45;
    const int SectionLength = 2900;

    readonly HttpSender sender;

    /// <summary>Creates the channel of a <c>slack</c> entry of a policy.</summary>
    public SlackChannel(ChannelSpec spec, ChannelServices services) => sender = new HttpSender(spec, services);

    /// <inheritdoc/>
    public string Name => sender.Name;

    /// <inheritdoc/>
    public Task SendAsync(Notice notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var (lines, left) = JsonBody.Lines(notice, MostSections, 30_000, Escape);
        var body = JsonBody.Of(writer =>
        {
            writer.WriteStartObject();
            // What shows in notifications and where blocks do not.
            writer.WriteString("text", Escape(JsonBody.Cut(JsonBody.Title(notice), 1000)));
            writer.WriteStartArray("blocks");
            Block("header", "plain_text", JsonBody.Cut(JsonBody.Title(notice), 150));
            foreach (var line in lines) Block("section", "mrkdwn", JsonBody.Cut(line, SectionLength));
            if (left > 0) Block("section", "mrkdwn", $"and {left} more");
            writer.WriteEndArray();
            writer.WriteEndObject();

            void Block(string type, string kind, string text)
            {
                writer.WriteStartObject();
                writer.WriteString("type", type);
                writer.WriteStartObject("text");
                writer.WriteString("type", kind);
                writer.WriteString("text", text);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
        });
        return sender.SendAsync(sender.Url(), body, null, cancellation);
    }

    // The three characters that Slack reads as markup; a column cannot mention a channel.
    static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
