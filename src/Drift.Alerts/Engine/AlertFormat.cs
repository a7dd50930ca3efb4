using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Drift.Alerts;

/// <summary>States, notices and alerts as JSON, for stores and for the HTTP interface. Numbers round-trip; what is not finite is a string.</summary>
public static class AlertFormat
{
    static readonly JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes states; equal states give equal bytes.</summary>
    public static byte[] Write(AlertStates states)
    {
        ArgumentNullException.ThrowIfNull(states);
        return Bytes(writer => StatesFormat.Write(writer, states));
    }

    /// <summary>Reads states; an empty text is <see cref="AlertStates.Empty"/>.</summary>
    /// <exception cref="FormatException">The text is not what <see cref="Write(AlertStates)"/> writes.</exception>
    public static AlertStates ReadStates(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? AlertStates.Empty : Parsed(utf8, "alert states", StatesFormat.Read);

    /// <summary>Writes a notice.</summary>
    public static byte[] Write(Notice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return Bytes(writer => WriteNotice(writer, notice));
    }

    /// <summary>Reads a notice.</summary>
    /// <exception cref="FormatException">The text is not what <see cref="Write(Notice)"/> writes.</exception>
    public static Notice ReadNotice(ReadOnlySpan<byte> utf8) => Parsed(utf8, "a notice", ReadNotice);

    /// <summary>Writes an alert.</summary>
    public static byte[] Write(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return Bytes(writer => Write(writer, alert));
    }

    /// <summary>Reads an alert.</summary>
    /// <exception cref="FormatException">The text is not what <see cref="Write(Alert)"/> writes.</exception>
    public static Alert ReadAlert(ReadOnlySpan<byte> utf8) => Parsed(utf8, "an alert", ReadAlert);

    /// <summary>Writes an alert as one object.</summary>
    public static void Write(Utf8JsonWriter writer, Alert alert)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(alert);
        writer.WriteStartObject();
        writer.WriteString("key", alert.Key);
        writer.WriteString("alertname", alert.Name);
        writer.WriteString("model", alert.Model);
        writer.WriteString("version", alert.Version);
        writer.WriteString("column", alert.Column);
        writer.WriteString("segment", alert.Segment);
        writer.WriteString("measure", alert.Measure);
        writer.WriteString("severity", alert.Label("severity"));
        writer.WriteString("state", Name(alert.Status));
        writer.WriteString("episode", alert.Episode);
        writer.WriteString("rule", alert.Rule);
        Number(writer, "value", alert.Value);
        Number(writer, "threshold", alert.Threshold);
        writer.WriteNumber("rows", alert.Rows);
        writer.WriteString("since", alert.Since.UtcDateTime);
        if (alert.FiredAt is { } fired) writer.WriteString("fired_at", fired.UtcDateTime);
        if (alert.ResolvedAt is { } resolved) writer.WriteString("resolved_at", resolved.UtcDateTime);
        writer.WriteNumber("breached", alert.Breached);
        writer.WriteNumber("of", alert.Of);
        writer.WriteString("text", alert.Text);
        writer.WriteString("link", alert.Link);
        if (alert.Reference.Length > 0) writer.WriteString("reference", alert.Reference);
        Texts(writer, "tags", alert.Tags);
        writer.WriteEndObject();
    }

    static Alert ReadAlert(JsonElement json) => new()
    {
        Key = Text(json, "key"), Name = Text(json, "alertname"), Model = Text(json, "model"), Version = Text(json, "version"), Column = Text(json, "column"),
        Segment = Text(json, "segment"), Measure = Text(json, "measure"), Severity = Text(json, "severity") == "critical" ? Severity.Critical : Severity.Warning,
        Status = Enum.Parse<AlertStatus>(Text(json, "state"), ignoreCase: true), Episode = Text(json, "episode"), Rule = Text(json, "rule"),
        Value = Number(json, "value"), Threshold = Number(json, "threshold"), Rows = json.GetProperty("rows").GetInt64(), Since = Time(json, "since")!.Value,
        FiredAt = Time(json, "fired_at"), ResolvedAt = Time(json, "resolved_at"), Breached = json.GetProperty("breached").GetInt32(), Of = json.GetProperty("of").GetInt32(),
        Text = Text(json, "text"), Link = Text(json, "link"), Reference = json.TryGetProperty("reference", out var reference) ? reference.GetString() ?? "" : "", Tags = Texts(json, "tags"),
    };

    internal static Alert Read(JsonElement json) => ReadAlert(json);

    static void WriteNotice(Utf8JsonWriter writer, Notice notice)
    {
        writer.WriteStartObject();
        writer.WriteString("id", notice.Id);
        writer.WriteString("channel", notice.Channel);
        writer.WriteString("group", notice.GroupKey);
        Texts(writer, "group_labels", notice.GroupLabels);
        writer.WriteString("reason", notice.Reason.ToString().ToLowerInvariant());
        writer.WriteString("at", notice.At.UtcDateTime);
        writer.WriteStartArray("alerts");
        foreach (var alert in notice.Alerts) Write(writer, alert);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static Notice ReadNotice(JsonElement json) => new()
    {
        Id = Text(json, "id"), Channel = Text(json, "channel"), GroupKey = Text(json, "group"), GroupLabels = Texts(json, "group_labels"),
        Reason = Enum.Parse<NoticeReason>(Text(json, "reason"), ignoreCase: true), At = Time(json, "at")!.Value,
        Alerts = [.. json.GetProperty("alerts").EnumerateArray().Select(ReadAlert)],
    };

    /// <summary>The name of a state in documents.</summary>
    internal static string Name(AlertStatus status) => status.ToString().ToLowerInvariant();

    static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options)) write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    static T Parsed<T>(ReadOnlySpan<byte> utf8, string what, Func<JsonElement, T> read)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            using var document = JsonDocument.ParseValue(ref reader);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new FormatException($"not {what}: {e.Message}", e);
        }
    }

    internal static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");

    internal static DateTimeOffset? Time(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetDateTimeOffset() : null;

    static double Number(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Number } number
        ? number.GetDouble()
        : Text(json, name) switch { "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => double.NaN };

    internal static void Number(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value)) writer.WriteNumber(name, value);
        else writer.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    static void Texts(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string> texts)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in texts.OrderBy(t => t.Key, StringComparer.Ordinal)) writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    static Dictionary<string, string> Texts(JsonElement json, string name) =>
        json.GetProperty(name).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? "");
}
