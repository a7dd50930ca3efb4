using System.Text.Json;

namespace Drift.Worker.Sources.Formats;

/// <summary>
/// What model servers take and give: <c>instances</c> and <c>predictions</c> (KServe v1, TensorFlow Serving), <c>inputs</c> and <c>outputs</c> with tensors
/// (Open Inference Protocol v2) or columns, MLflow's <c>dataframe_split</c> and <c>dataframe_records</c>, Seldon's <c>data</c>.
/// </summary>
sealed class Bodies(int mostRows, int mostCells)
{
    public Frame NewFrame() => new(mostRows, mostCells);

    /// <summary>The rows that were asked about; null: the body is no request.</summary>
    public Frame? Inputs(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return null;
        if (body.TryGetProperty("instances", out var instances)) return Rows(instances);
        if (body.TryGetProperty("inputs", out var inputs)) return TensorBody.AreTensors(inputs) ? TensorBody.Read(inputs, NewFrame()) : Rows(inputs);
        if (body.TryGetProperty("dataframe_records", out var records)) return Rows(records);
        if (body.TryGetProperty("dataframe_split", out var split)) return Split(split);
        return SeldonBody.Read(body, NewFrame());
    }

    /// <summary>The rows that were answered; null: the body is no response.</summary>
    public Frame? Outputs(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return null;
        if (body.TryGetProperty("predictions", out var predictions)) return Rows(predictions);
        if (body.TryGetProperty("outputs", out var outputs)) return TensorBody.AreTensors(outputs) ? TensorBody.Read(outputs, NewFrame()) : Rows(outputs);
        return SeldonBody.Read(body, NewFrame());
    }

    /// <summary>A list of rows, or columns by name.</summary>
    public Frame Rows(JsonElement rows)
    {
        var frame = NewFrame();
        if (rows.ValueKind == JsonValueKind.Array)
        {
            foreach (var row in rows.EnumerateArray())
                if (!frame.Add(row)) break;
            return frame;
        }
        if (rows.ValueKind != JsonValueKind.Object || rows.EnumerateObject().Any(c => c.Value.ValueKind != JsonValueKind.Array)) return frame.Fail(RecordReason.BadBody);
        return Columns([.. rows.EnumerateObject().Take(mostCells + 1).Select(c => (c.Name, (IReadOnlyList<JsonElement>)[.. c.Value.EnumerateArray()]))], frame);
    }

    /// <summary>Columns of one length.</summary>
    public static Frame Columns(IReadOnlyList<(string Name, IReadOnlyList<JsonElement> Values)> columns, Frame frame)
    {
        if (columns.Any(c => c.Values.Count != columns[0].Values.Count)) return frame.Fail(RecordReason.BadBody);
        string[] names = [.. columns.Select(c => c.Name)];
        for (var i = 0; columns.Count > 0 && i < columns[0].Values.Count; i++)
            if (!frame.Add(names, [.. columns.Select(c => new FrameCell(c.Values[i]))])) break;
        return frame;
    }

    Frame Split(JsonElement split)
    {
        var frame = NewFrame();
        if (split.ValueKind != JsonValueKind.Object || !split.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array) return frame.Fail(RecordReason.BadBody);
        var names = split.TryGetProperty("columns", out var columns) ? Names(columns) : null;
        foreach (var row in data.EnumerateArray())
            if (!frame.Add(row, names)) break;
        return frame;
    }

    public static IReadOnlyList<string>? Names(JsonElement names) =>
        names.ValueKind == JsonValueKind.Array && names.GetArrayLength() > 0 && names.EnumerateArray().All(n => n.ValueKind == JsonValueKind.String) ? [.. names.EnumerateArray().Select(n => n.GetString()!)] : null;
}
