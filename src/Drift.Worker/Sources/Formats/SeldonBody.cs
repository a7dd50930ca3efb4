using System.Text.Json;

namespace Drift.Worker.Sources.Formats;

/// <summary>Seldon's message: <c>{"data":{"names":[..],"tensor":{"shape","values"}}}</c> or <c>"ndarray":[..]</c>, or <c>jsonData</c> or <c>strData</c>.</summary>
static class SeldonBody
{
    /// <summary>Null: it is none.</summary>
    public static Frame? Read(JsonElement body, Frame frame)
    {
        if (body.TryGetProperty("jsonData", out var json) || body.TryGetProperty("strData", out json)) return Rows(json, null, frame);
        if (!body.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object) return null;
        var names = data.TryGetProperty("names", out var given) ? Bodies.Names(given) : null;
        if (data.TryGetProperty("ndarray", out var array)) return Rows(array, names, frame);
        if (!data.TryGetProperty("tensor", out var tensor)) return null;
        if (tensor.ValueKind != JsonValueKind.Object || !tensor.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array
            || !tensor.TryGetProperty("values", out var values) || values.ValueKind != JsonValueKind.Array) return frame.Fail(RecordReason.BadBody);
        return TensorBody.Shape(shape, values.GetArrayLength()) is var (_, width) ? Tensor([.. values.EnumerateArray()], width, names, frame) : frame.Fail(RecordReason.BadBody);
    }

    static Frame Tensor(IReadOnlyList<JsonElement> values, int width, IReadOnlyList<string>? names, Frame frame)
    {
        for (var at = 0; at < values.Count; at += width)
            if (!frame.Add(names?.Count == width ? names : null, [.. Enumerable.Range(at, width).Select(i => new FrameCell(values[i]))])) break;
        return frame;
    }

    /// <summary>A flat list is one row when it has a value for each of several names, else a row per value.</summary>
    static Frame Rows(JsonElement rows, IReadOnlyList<string>? names, Frame frame)
    {
        if (rows.ValueKind != JsonValueKind.Array)
        {
            frame.Add(rows, names);
            return frame;
        }
        if (names is { Count: > 1 } && rows.GetArrayLength() == names.Count && rows.EnumerateArray().All(r => r.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)))
        {
            frame.Add(rows, names);
            return frame;
        }
        foreach (var row in rows.EnumerateArray())
            if (!frame.Add(row, names)) break;
        return frame;
    }
}
