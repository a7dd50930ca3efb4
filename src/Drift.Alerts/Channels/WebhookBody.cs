using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Drift.Alerts;

/// <summary>A notice as Alertmanager's webhook document, version 4: what every tool of the trade can read.</summary>
static class WebhookBody
{
    /// <summary>As large as a webhook should be; alerts beyond it are counted in <c>truncatedAlerts</c>, the worst come first.</summary>
    public const int Limit = 20_000;

    const int MostColumns = 100;

    static readonly DateTimeOffset never = DateTimeOffset.MinValue;

    public static byte[] Write(Notice notice, string externalUrl, int limit = Limit, string? action = null)
    {
        var shown = notice.Alerts.Count;
        while (true)
        {
            var body = Document(notice, externalUrl, shown, action);
            if (body.Length <= limit || shown <= 1) return body;
            // Alerts are of similar size: the share that fits is nearly right at once.
            shown = Math.Clamp((int)((long)shown * limit / body.Length), 1, shown - 1);
        }
    }

    static byte[] Document(Notice notice, string externalUrl, int shown, string? action)
    {
        var alerts = notice.Alerts.Take(shown).ToList();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "4");
            if (action is not null) Action(writer, action, notice);
            writer.WriteString("groupKey", notice.GroupKey);
            writer.WriteNumber("truncatedAlerts", notice.Alerts.Count - shown);
            writer.WriteString("status", AlertFormat.Name(notice.Status));
            writer.WriteString("receiver", notice.Channel);
            Labels(writer, "groupLabels", notice.GroupLabels.Select(l => (l.Key, l.Value)));
            Labels(writer, "commonLabels", Alert.LabelNames.Where(l => alerts.All(a => a.Label(l) == alerts[0].Label(l))).Select(l => (l, alerts[0].Label(l))));
            Labels(writer, "commonAnnotations", Annotations(alerts[0]).Where(common => alerts.All(a => Annotations(a).Contains(common))));
            writer.WriteString("externalURL", externalUrl);
            writer.WriteStartArray("alerts");
            foreach (var alert in alerts) Single(writer, alert);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What to do, to which version, and what it rests on: one entry for each model version among the alerts, whose worst alert speaks.</summary>
    static void Action(Utf8JsonWriter writer, string action, Notice notice)
    {
        writer.WriteStartObject("action");
        writer.WriteString("name", action);
        writer.WriteString("id", notice.Id);
        writer.WriteStartArray("targets");
        foreach (var target in notice.Alerts.Where(a => a.Status == AlertStatus.Firing).GroupBy(a => (a.Model, a.Version)))
        {
            var worst = target.MaxBy(a => a.Severity)!;
            writer.WriteStartObject();
            writer.WriteString("model", worst.Model);
            writer.WriteString("version", worst.Version);
            writer.WriteString("reference", worst.Reference);
            // Where to roll back to, when the model's configuration names one.
            if (worst.Tags.TryGetValue("champion", out var champion)) writer.WriteString("champion", champion);
            writer.WriteString("from", target.Min(a => a.Since).UtcDateTime);
            if (target.Max(a => a.FiredAt) is { } to) writer.WriteString("to", to.UtcDateTime);
            writer.WriteString("severity", worst.Label("severity"));
            writer.WriteString("rule", worst.Rule);
            writer.WriteString("measure", worst.Measure);
            AlertFormat.Number(writer, "value", worst.Value);
            AlertFormat.Number(writer, "threshold", worst.Threshold);
            writer.WriteNumber("rows", worst.Rows);
            writer.WriteStartArray("columns");
            foreach (var column in target.Select(a => a.Column).Where(c => c.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MostColumns)) writer.WriteStringValue(column);
            writer.WriteEndArray();
            writer.WriteString("reason", worst.Text);
            writer.WriteString("link", worst.Link);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
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
