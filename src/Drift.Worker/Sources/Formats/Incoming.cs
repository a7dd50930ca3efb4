using System.Text;
using System.Text.Json;

namespace Drift.Worker.Sources.Formats;

/// <summary>A message that is JSON, with what formats ask about it. Its documents live until it is disposed.</summary>
sealed class Incoming : IDisposable
{
    readonly List<JsonDocument> documents = [];
    readonly IReadOnlyList<KeyValuePair<string, string>> headers;
    readonly JsonDocumentOptions options;

    public Incoming(ReadOnlySpan<byte> value, IReadOnlyList<KeyValuePair<string, string>> headers, int depth, Bodies bodies)
    {
        options = new JsonDocumentOptions { MaxDepth = depth };
        this.headers = headers;
        Bodies = bodies;
        Root = Parse(value.ToArray());
    }

    public JsonElement Root { get; }

    public Bodies Bodies { get; }

    /// <summary>Parses a document inside the message.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public JsonElement Parse(ReadOnlyMemory<byte> utf8)
    {
        var document = JsonDocument.Parse(utf8, options);
        documents.Add(document);
        return document.RootElement;
    }

    public JsonElement Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>A header by its name, whatever its case; null: there is none.</summary>
    public string? Header(string name)
    {
        foreach (var (key, value) in headers)
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
        return null;
    }

    /// <summary>A CloudEvents attribute in binary mode: <c>ce_</c> in Kafka, <c>ce-</c> in HTTP.</summary>
    public string? CloudHeader(string name) => Header($"ce_{name}") ?? Header($"ce-{name}");

    /// <summary>Whether an object has a member of that name with text.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.ValueKind switch
        {
            JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        } : null;

    /// <summary>ISO 8601 to UTC ticks; null for null. False: it is no time.</summary>
    public static bool TryTime(string? text, out long? time)
    {
        time = null;
        if (text is null) return true;
        if (!EventTime.TryParse(Encoding.UTF8.GetBytes(text), out var ticks)) return false;
        time = ticks;
        return true;
    }

    public void Dispose()
    {
        foreach (var document in documents) document.Dispose();
    }
}
