using System.Text.Json;

namespace Drift.Worker.Sources.Formats;

/// <summary>Tensors of the Open Inference Protocol: <c>{"name","shape","datatype","data"}</c>; the first dimension is the rows.</summary>
static class TensorBody
{
    public static bool AreTensors(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
        && list.EnumerateArray().All(t => t.ValueKind == JsonValueKind.Object && t.TryGetProperty("shape", out var shape) && shape.ValueKind == JsonValueKind.Array && t.TryGetProperty("data", out _));

    /// <summary>One tensor alone with several columns, or with none of its name, is positional; several tensors stand side by side, each by its name.</summary>
    public static Frame Read(JsonElement list, Frame frame)
    {
        var tensors = list.EnumerateArray().ToList();
        var columns = new List<(string Name, IReadOnlyList<JsonElement> Values)>();
        foreach (var tensor in tensors)
        {
            var values = new List<JsonElement>();
            Flatten(tensor.GetProperty("data"), values);
            if (Shape(tensor.GetProperty("shape"), values.Count) is not var (rows, width)) return frame.Fail(RecordReason.BadBody);
            if (tensors.Count == 1 && width != 1) return Positional(values, width, frame);
            var name = tensor.TryGetProperty("name", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
            for (var c = 0; c < width; c++) columns.Add((width == 1 ? name : $"{name}_{c}", [.. Enumerable.Range(0, rows).Select(r => values[r * width + c])]));
        }
        return Bodies.Columns(columns, frame);
    }

    static Frame Positional(List<JsonElement> values, int width, Frame frame)
    {
        for (var at = 0; at < values.Count; at += width)
            if (!frame.Add(null, [.. values.GetRange(at, width).Select(v => new FrameCell(v))])) break;
        return frame;
    }

    static void Flatten(JsonElement data, List<JsonElement> values)
    {
        if (data.ValueKind != JsonValueKind.Array) values.Add(data);
        else
            foreach (var item in data.EnumerateArray()) Flatten(item, values);
    }

    /// <summary>Rows and columns; null: the shape is not that of so many values.</summary>
    public static (int Rows, int Width)? Shape(JsonElement shape, int count)
    {
        long rows = 1, width = 1;
        var first = true;
        foreach (var dimension in shape.EnumerateArray())
        {
            if (dimension.ValueKind != JsonValueKind.Number || !dimension.TryGetInt32(out var size) || size < 0) return null;
            if (first) rows = size;
            else width *= size;
            if (width > int.MaxValue) return null;
            first = false;
        }
        return rows * width == count && (count > 0 || rows == 0) ? ((int)rows, (int)Math.Max(1, width)) : null;
    }
}
