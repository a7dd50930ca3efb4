using System.Text.Json;

namespace Drift.Worker.Sources.Formats;

/// <summary>A CloudEvents 1.0 envelope, structured (one JSON object) or binary (attributes in headers, the message is the data).</summary>
readonly record struct CloudEvent(Incoming Message, JsonElement? Data, bool Binary)
{
    /// <summary>Null: the message is none.</summary>
    public static CloudEvent? Of(Incoming message)
    {
        if (message.CloudHeader("type") is not null) return new CloudEvent(message, message.Root, Binary: true);
        var root = message.Root;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("specversion", out _) || Incoming.Text(root, "type") is null) return null;
        if (root.TryGetProperty("data", out var data)) return new CloudEvent(message, data, Binary: false);
        return root.TryGetProperty("data_base64", out var base64) && base64.ValueKind == JsonValueKind.String && base64.TryGetBytesFromBase64(out var bytes)
            ? new CloudEvent(message, message.Parse(bytes), Binary: false)
            : new CloudEvent(message, null, Binary: false);
    }

    /// <summary>An attribute or extension as text; null: there is none.</summary>
    public string? this[string name] => Binary ? Message.CloudHeader(name) : Incoming.Text(Message.Root, name);

    public string Type => this["type"]!;
}
