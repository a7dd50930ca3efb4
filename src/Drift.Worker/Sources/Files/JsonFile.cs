using System.Text;
using System.Text.Json;

namespace Drift.Worker.Sources.Files;

/// <summary>
/// Feeds the lines of a JSONL file to column readers. A line is a flat object, or a record of the prediction log, whose features, scores and the rest
/// become columns under the names that the worker counts them by.
/// </summary>
sealed class JsonFile(string file, Func<string, ColumnReader> columnOf)
{
    readonly List<ColumnReader> columns = [];
    readonly Dictionary<string, ColumnReader> byName = new(StringComparer.Ordinal);
    long rows;
    long line;

    public static List<ColumnReader> Read(string file, Stream stream, Func<string, ColumnReader> columnOf, Action<long>? progress)
    {
        using var lines = new JsonLines(file, stream);
        var reader = new JsonFile(file, columnOf);
        while (lines.Read(out var line))
        {
            reader.line = lines.Number;
            reader.Add(line);
            if (reader.rows % 1024 == 0) progress?.Invoke(reader.rows);
        }
        if (reader.rows == 0) throw new InputException($"{file}: is empty; a JSONL file holds one JSON object per line");
        foreach (var column in reader.columns) column.PadTo(reader.rows);
        progress?.Invoke(reader.rows);
        return reader.columns;
    }

    void Add(ReadOnlySpan<byte> text)
    {
        try
        {
            var json = new Utf8JsonReader(text);
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject) throw InputException.At(file, line, $"a JSON object is expected, not {Word(json.TokenType)}");
            var log = IsLogRecord(json);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName) Member(ref json, log);
            if (json.Read()) throw InputException.At(file, line, "more than one JSON value on the line");
        }
        catch (JsonException e)
        {
            throw InputException.At(file, line, $"column {(e.BytePositionInLine ?? 0) + 1}: not JSON: {e.Message.Split(" LineNumber", 2)[0].TrimEnd('.')}");
        }
        catch (InvalidOperationException e)
        {
            throw InputException.At(file, line, $"not UTF-8: {e.Message}");
        }
        rows++;
    }

    /// <summary>A record of the prediction log is an object whose "features" is an object.</summary>
    static bool IsLogRecord(Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var features = json.ValueTextEquals("features"u8);
            json.Read();
            if (features) return json.TokenType == JsonTokenType.StartObject;
            json.Skip();
        }
        return false;
    }

    void Member(ref Utf8JsonReader json, bool log)
    {
        var name = json.GetString()!;
        json.Read();
        if (log && json.TokenType == JsonTokenType.StartObject && name is "features" or "scores" or "metrics" or "segments")
        {
            var prefix = name switch { "scores" => "score_", "metrics" => "metric_", _ => "" };
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var inner = prefix + json.GetString();
                json.Read();
                Put(inner, ref json);
            }
        }
        else Put(name, ref json);
    }

    void Put(string name, ref Utf8JsonReader json)
    {
        if (!byName.TryGetValue(name, out var column))
        {
            column = columnOf(name);
            byName.Add(name, column);
            columns.Add(column);
        }
        column.PadTo(rows);
        var cell = CellOf(ref json);
        // The last one of a repeated name would count double; the first one stands.
        if (column.Rows == rows) column.Add(cell);
    }

    static Cell CellOf(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Null: return Cell.Null;
            case JsonTokenType.True: return new(CellType.Bool, "true", 0);
            case JsonTokenType.False: return new(CellType.Bool, "false", 0);
            case JsonTokenType.Number: return new(CellType.Number, Encoding.ASCII.GetString(json.ValueSpan), json.GetDouble());
            case JsonTokenType.String: return new(CellType.Text, json.GetString()!, 0);
            default:
                json.Skip();
                return new(CellType.Other, "an object or a list", 0);
        }
    }

    static string Word(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };
}
