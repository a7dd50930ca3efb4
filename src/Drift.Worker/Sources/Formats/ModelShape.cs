using System.Globalization;
using System.Text.Json;

namespace Drift.Worker.Sources.Formats;

/// <summary>
/// Where a model's requests and responses find their columns. Inputs by name go to the column of that name; without names they stand in the reference's
/// order of features (and segments). An answer by name goes to the answer column of that name; one value is the prediction; as many as there are score
/// columns are the scores.
/// </summary>
sealed class ModelShape
{
    static readonly string[] predictions = ["prediction", "predicted_label", "predicted_class", "predicted_value", "label", "class"];

    readonly Dictionary<string, ColumnSpec> columns;
    readonly ColumnSpec[] features, inputs, scores;
    readonly ColumnSpec? prediction;

    public ModelShape(RecordLayout layout)
    {
        columns = layout.Columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
        features = [.. layout.Columns.Where(c => c.Role == ColumnRole.Feature)];
        // A column whose values make segments may be an input of the model, too.
        inputs = [.. layout.Columns.Where(c => c.Role is ColumnRole.Feature or ColumnRole.Segment)];
        scores = [.. layout.Columns.Where(c => c.Role == ColumnRole.Score)];
        prediction = layout.Columns.FirstOrDefault(c => c.Role == ColumnRole.Prediction);
    }

    /// <summary>Whether every positional row has a value for each column that it stands for.</summary>
    public bool Fits(Frame frame) => frame.Rows.All(r => r.Names is not null || r.Cells.Count == features.Length || r.Cells.Count == inputs.Length);

    /// <summary>Writes <c>"features":{..}</c> and what answers belong elsewhere.</summary>
    public void Write(Utf8JsonWriter json, in FrameRow row, in FrameRow? answer)
    {
        json.WriteStartObject("features");
        var known = row.Cells.Count == features.Length ? features : inputs;
        for (var i = 0; i < row.Cells.Count; i++)
        {
            var column = row.Names is { } names ? columns.GetValueOrDefault(names[i]) : known[i];
            if (column is not null || row.Names is not null) Write(json, column?.Name ?? row.Names![i], row.Cells[i], column);
        }
        if (answer is not { } given)
        {
            json.WriteEndObject();
            return;
        }
        var rest = new List<(string Name, FrameCell Cell)>();
        for (var i = 0; i < given.Cells.Count; i++)
        {
            var name = given.Names?[i];
            if (name is not null && columns.TryGetValue(name, out var own) && own.Role is not (ColumnRole.Feature or ColumnRole.Segment)) Write(json, name, given.Cells[i], own);
            else rest.Add((name ?? "", given.Cells[i]));
        }
        json.WriteEndObject();
        if (rest.Count > 0) Answers(json, rest, given.Names is not null);
    }

    void Answers(Utf8JsonWriter json, List<(string Name, FrameCell Cell)> values, bool named)
    {
        var told = named ? values.FindIndex(v => predictions.Contains(v.Name, StringComparer.Ordinal)) : -1;
        // Alone and not called a score, or before all the scores.
        if (told < 0 && (values.Count == 1 && !(scores.Length == 1 && IsScore(values[0].Name)) || !named && scores.Length > 0 && values.Count == scores.Length + 1)) told = 0;
        if (told >= 0 && values[told].Cell.Json.ValueKind is JsonValueKind.Array)
        {
            Answers(json, [.. values[told].Cell.Json.EnumerateArray().Select(v => ("", new FrameCell(v)))], named: false);
            return;
        }
        if (told >= 0 && prediction is not null) Write(json, "prediction", values[told].Cell, prediction);
        // A service whose reference knows one score and no answer gives that score.
        var others = told >= 0 && prediction is not null ? values.Where((_, i) => i != told).ToList() : values;
        if (others.Count == 0) return;
        var byPlace = others.Count == scores.Length && (!named || !others.Exists(o => columns.ContainsKey(o.Name) || columns.ContainsKey($"score_{o.Name}")));
        json.WriteStartObject("scores");
        for (var i = 0; i < others.Count; i++)
            if (named || byPlace) Write(json, byPlace ? scores[i].Name : others[i].Name, others[i].Cell, byPlace ? scores[i] : null);
        json.WriteEndObject();
    }

    static bool IsScore(string name) => name.Contains("score", StringComparison.OrdinalIgnoreCase) || name.Contains("prob", StringComparison.OrdinalIgnoreCase);

    static void Write(Utf8JsonWriter json, string name, in FrameCell cell, ColumnSpec? column)
    {
        json.WritePropertyName(name);
        if (cell.Text is not { } text) cell.Json.WriteTo(json);
        else if (text.Length == 0) json.WriteNullValue();
        else if (column is { Kind: ColumnKind.Numeric } && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) JsonNumber(json, number);
        else json.WriteStringValue(text);
    }

    static void JsonNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }
}
