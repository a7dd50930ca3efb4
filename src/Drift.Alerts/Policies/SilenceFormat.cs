using System.Buffers;
using System.Text.Json;

namespace Drift.Alerts;

/// <summary>A single silence as a document, for the HTTP interface and for stores: the same members as in a policy's <c>silences</c>.</summary>
public static class SilenceFormat
{
    /// <summary>Reads a silence; null with everything that is wrong.</summary>
    public static Silence? Read(ReadOnlySpan<byte> utf8, out IReadOnlyList<PolicyError> errors)
    {
        var found = new List<PolicyError>();
        errors = found;
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 16 });
            using var document = JsonDocument.ParseValue(ref reader);
            var silence = new QuietReader(found).Silence(document.RootElement, "$");
            return found.Count == 0 ? silence : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            found.Add(new PolicyError("$", "not JSON: " + PolicyFormat.Plain(e.Message)));
            return null;
        }
    }

    /// <summary>Writes a silence as one object.</summary>
    public static void Write(Utf8JsonWriter writer, Silence silence)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(silence);
        PolicyWriter.Silence(writer, silence);
    }

    /// <summary>Writes a silence.</summary>
    public static byte[] Write(Silence silence)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, silence);
        return buffer.WrittenSpan.ToArray();
    }
}
