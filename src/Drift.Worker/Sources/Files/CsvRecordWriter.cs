using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Drift.Worker.Sources.Files;

/// <summary>Writes rows of one CSV file as native records.</summary>
sealed class CsvRecordWriter : IDisposable
{
    readonly string file;
    readonly RecordMapping mapping;
    readonly ColumnSpec[] columns;
    readonly int time, id, prediction, truth;
    readonly List<int> features = [];
    readonly List<(string Class, int Column)> scores = [];
    readonly ArrayBufferWriter<byte> buffer = new();
    readonly Utf8JsonWriter json;
    long row;

    public CsvRecordWriter(string file, DataSet shape, RecordMapping mapping)
    {
        (this.file, this.mapping) = (file, mapping);
        columns = [.. shape.Columns.Select(c => c.Spec)];
        json = new Utf8JsonWriter(buffer);
        int At(Func<ColumnSpec, bool> which) => Array.FindIndex(columns, c => which(c));
        time = At(c => mapping.Columns.RoleOf(c.Name) == ColumnRole.Time);
        foreach (var usual in (string[])["ts", "timestamp"]) if (time < 0) time = At(c => c.Name == usual);
        if (time < 0) throw new InputException($"{file}: which column is the time of the row? give --ts COL (it has {string.Join(", ", columns.Select(c => c.Name).Take(20))})");
        id = At(c => mapping.Columns.RoleOf(c.Name) == ColumnRole.Id);
        prediction = At(c => mapping.Columns.RoleOf(c.Name) == ColumnRole.Prediction);
        truth = At(c => mapping.Columns.RoleOf(c.Name) == ColumnRole.Truth);
        foreach (var (name, column) in mapping.Scores) scores.Add((name ?? column, At(c => c.Name == column)));
        for (var i = 0; i < columns.Length; i++)
            if (i != time && i != id && i != prediction && i != truth && !scores.Exists(s => s.Column == i) && mapping.Columns.RoleOf(columns[i].Name) != ColumnRole.Ignore) features.Add(i);
    }

    public Outgoing Write(CsvRows rows)
    {
        row++;
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        if (!IsoTime.TryParse(rows[time], out var ticks))
            throw InputException.At(file, rows.Line, $"column '{columns[time].Name}': '{CsvRows.Short(rows[time] ?? "")}' is no ISO 8601 time such as 2026-11-20T20:07:00Z");
        json.WriteString("ts", new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        var key = id < 0 || string.IsNullOrEmpty(rows[id]) ? null : rows[id];
        if (key is not null) json.WriteString("id", key);
        json.WriteString("model", mapping.Model);
        if (mapping.Version is not null) json.WriteString("version", mapping.Version);
        json.WriteStartObject("features");
        foreach (var i in features) Value(columns[i].Name, columns[i], rows[i]);
        json.WriteEndObject();
        if (prediction >= 0) Value("prediction", columns[prediction], rows[prediction]);
        if (scores.Count > 0)
        {
            json.WriteStartObject("scores");
            foreach (var (name, i) in scores) Value(name, columns[i], rows[i]);
            json.WriteEndObject();
        }
        if (truth >= 0 && !string.IsNullOrEmpty(rows[truth])) Value("truth", columns[truth], rows[truth]);
        json.WriteEndObject();
        json.Flush();
        return new Outgoing(key, buffer.WrittenSpan.ToArray(), []);
    }

    void Value(string name, ColumnSpec column, string? text)
    {
        if (string.IsNullOrEmpty(text)) json.WriteNull(name);
        else if (column.Kind == ColumnKind.Numeric && column.Type != ColumnType.Time && Cell.TryNumber(text, out var number)) JsonNumber.Write(json, name, number);
        else if (column.Type == ColumnType.Bool && Cell.TryBool(text, out var value)) json.WriteBoolean(name, value);
        else json.WriteString(name, text);
    }

    public void Dispose() => json.Dispose();
}
