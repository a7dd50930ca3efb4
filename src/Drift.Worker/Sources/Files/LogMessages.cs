using System.Text;
using System.Text.Json;

namespace Drift.Worker.Sources.Files;

/// <summary>One message for a topic. The key is the record's id, so that a prediction and its truth meet in one partition.</summary>
public readonly record struct Outgoing(string? Key, byte[] Value, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>Which columns of a CSV file are what in the records it becomes; every other column is a feature.</summary>
public sealed record RecordMapping
{
    public required string Model { get; init; }

    public string? Version { get; init; }

    public IReadOnlyList<(string? Class, string Column)> Scores { get; init; } = [];

    /// <summary>The role flags; the time column is the one of role time, else <c>ts</c> or <c>timestamp</c>.</summary>
    public required ReadOptions Columns { get; init; }
}

/// <summary>Turns files into the messages of a prediction log.</summary>
public static class LogMessages
{
    static readonly IReadOnlyList<KeyValuePair<string, string>> none = [];

    /// <summary>Whether the file holds messages as they are: JSONL one per line, .json one in all.</summary>
    public static bool AreReady(string path) => DataFile.Guard(path, () =>
    {
        using var source = new FileSource(path);
        return source.IsArrow ? throw new InputException($"{path}: Arrow files are not sent; give CSV or JSONL") : source.IsJson;
    });

    /// <summary>The messages of a JSON file, byte for byte: what is wrong with one is for the worker to count, not for the sender to hide.</summary>
    public static IEnumerable<Outgoing> OfJson(string path)
    {
        using var source = DataFile.Guard(path, () => new FileSource(path));
        using var stream = source.Open();
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            yield return DataFile.Guard(path, () => Whole(stream));
            yield break;
        }
        using var lines = new JsonLines(path, stream);
        while (DataFile.Guard(path, () => lines.Read(out var line) ? Wrap(line) : (Outgoing?)null) is { } message) yield return message;
    }

    static Outgoing Whole(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Wrap(memory.ToArray());
    }

    /// <summary>A line with exactly the members headers and body is one message whose envelope is in its headers.</summary>
    static Outgoing Wrap(ReadOnlySpan<byte> line)
    {
        string? id = null, pair = null, type = null;
        var headers = new List<KeyValuePair<string, string>>();
        ReadOnlySpan<byte> body = default;
        var others = false;
        try
        {
            var json = new Utf8JsonReader(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return new(null, line.ToArray(), none);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.GetString();
                json.Read();
                if (name == "id" && json.TokenType == JsonTokenType.String) id = json.GetString();
                if (name is "correlationid" && json.TokenType == JsonTokenType.String) pair = json.GetString();
                if (name == "headers" && json.TokenType == JsonTokenType.StartObject) type = ReadHeaders(ref json, headers);
                else if (name == "body")
                {
                    var start = (int)json.TokenStartIndex;
                    json.Skip();
                    body = line[start..(int)json.BytesConsumed];
                }
                else { others = true; json.Skip(); }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new(null, line.ToArray(), none);
        }
        return headers.Count > 0 && !body.IsEmpty && !others ? new(type, body.ToArray(), headers) : new(pair ?? id, line.ToArray(), none);
    }

    static string? ReadHeaders(ref Utf8JsonReader json, List<KeyValuePair<string, string>> headers)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            headers.Add(new(name, json.TokenType == JsonTokenType.String ? json.GetString()! : Encoding.UTF8.GetString(json.ValueSpan)));
        }
        return headers.FirstOrDefault(h => h.Key.Equals("ce-requestid", StringComparison.OrdinalIgnoreCase) || h.Key.Equals("ce-id", StringComparison.OrdinalIgnoreCase)).Value;
    }

    /// <summary>The records of a CSV file. A first pass over the file settles what each column holds, so that a code such as 007 is the same in every record.</summary>
    public static IEnumerable<Outgoing> OfCsv(string path, RecordMapping mapping)
    {
        var shape = DataFile.Load(path, mapping.Columns with { KeepNothing = true });
        if (shape.Rows == 0) yield break;
        using var source = DataFile.Guard(path, () => new FileSource(path));
        using var rows = DataFile.Guard(path, () => new CsvRows(path, source.Open()));
        using var writer = new CsvRecordWriter(path, shape, mapping);
        while (DataFile.Guard(path, rows.Read)) yield return writer.Write(rows);
    }
}
