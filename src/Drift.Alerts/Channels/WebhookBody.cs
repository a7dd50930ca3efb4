using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Drift.Alerts;

/// <summary>A notice as Alertmanager's webhook document, version 4: what every tool of the trade can read.</summary>
static class WebhookBody
{
    /// <summary>As large as a webhook should be; alerts beyond it are counted in <c>truncatedAlerts</c>, the worst come first.</summary>
    public const int Limit = 20_000;

    static readonly DateTimeOffset never = DateTimeOffset.MinValue;

    public static byte[] Write(Notice notice, string externalUrl, int limit = Limit)
    {
        var shown = notice.Alerts.Count;
        while (true)
        {
            var body = Document(notice, externalUrl, shown);
            if (body.Length <= limit || shown <= 1) return body;
            // Alerts are of similar size: the share that fits is nearly right at once.
            shown = Math.Clamp((int)((long)shown * limit / body.Length), 1, shown - 1);
        }
    }

    static byte[] Document(Notice notice, string externalUrl, int shown)
    {
        var alerts = notice.Alerts.Take(shown).ToList();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "4");
            writer.WriteString("groupKey", notice.GroupKey);
            writer.WriteNumber("truncatedAlerts", notice.Alerts.Count - shown);
            writer.WriteString("status", AlertFormat.Name(notice.Status));
            writer.WriteString("receiver", notice.Channel);
            Labels(writer, "groupLabels", notice.GroupLabels.Select(l => (l.Key, l.Value)));
            Labels(writer, "commonLabels", Alert.LabelNames.Where(l => alerts.All(a => a.Label(l) == alerts[0].Label(l))).Select(l => (l, alerts[0].Label(l))));
            Labels(writer, "commonAnnotations", []);
            writer.WriteString("externalURL", externalUrl);
            writer.WriteStartArray("alerts");
            foreach (var alert in alerts) Single(writer, alert);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    static void Single(Utf8JsonWriter writer, Alert alert)
    {
        writer.WriteStartObject();
        writer.WriteString("status", AlertFormat.Name(alert.Status));
        Labels(writer, "labels", Alert.LabelNames.Select(l => (l, alert.Label(l))));
        Labels(writer, "annotations", Annotations(alert));
        writer.WriteString("startsAt", alert.Since.UtcDateTime);
        writer.WriteString("endsAt", (alert.ResolvedAt ?? never).UtcDateTime);
        writer.WriteString("generatorURL", alert.Link);
        writer.WriteString("fingerprint", alert.Key);
        writer.WriteEndObject();
    }

    internal static IEnumerable<(string, string)> Annotations(Alert alert)
    {
        yield return ("summary", alert.Text);
        yield return ("episode", alert.Episode);
        if (!double.IsNaN(alert.Value)) yield return ("value", alert.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        if (!double.IsNaN(alert.Threshold)) yield return ("threshold", alert.Threshold.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        foreach (var (tag, value) in alert.Tags.OrderBy(t => t.Key, StringComparer.Ordinal)) yield return ("tag_" + tag, value);
    }

    internal static void Labels(Utf8JsonWriter writer, string name, IEnumerable<(string Name, string Value)> labels)
    {
        writer.WriteStartObject(name);
        foreach (var (label, value) in labels) writer.WriteString(label, value);
        writer.WriteEndObject();
    }
}
