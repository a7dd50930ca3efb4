using System.Text;
using System.Text.Json;

namespace Drift.Worker.Commands;

/// <summary>One JSON document as text, for stdout and for files.</summary>
static class JsonText
{
    public static string Of(Action<Utf8JsonWriter> write, JsonWriterOptions options = default)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, options)) write(json);
        return Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
    }
}
