using System.Text;
using System.Text.Json;

namespace Drift.Worker.Sources.Formats;

/// <summary>
/// SageMaker's data capture: one object with both bodies as text, each CSV, JSON, JSON lines or base64 of either. The id is <c>inferenceId</c> where the
/// caller gave one, else <c>eventId</c>.
/// </summary>
sealed class SageMakerFormat : IMessageFormat
{
    public Decoded? Read(Incoming message)
    {
        if (message.Root.ValueKind != JsonValueKind.Object || !message.Root.TryGetProperty("captureData", out var capture) || !message.Root.TryGetProperty("eventMetadata", out var metadata)) return null;
        if (capture.ValueKind != JsonValueKind.Object || metadata.ValueKind != JsonValueKind.Object) return Decoded.Invalid(RecordReason.BadBody);
        if (!Incoming.TryTime(Incoming.Text(metadata, "inferenceTime"), out var time)) return Decoded.Invalid(RecordReason.BadTime);
        Frame? inputs, outputs;
        try
        {
            inputs = Body(message, capture, "endpointInput", message.Bodies.Inputs);
            outputs = Body(message, capture, "endpointOutput", message.Bodies.Outputs);
        }
        catch (JsonException)
        {
            return Decoded.Invalid(RecordReason.BadBody);
        }
        if (inputs is not null && outputs is not null && inputs.Rows.Count > 1 && outputs.Rows.Count == 1) outputs.Spread(inputs.Rows.Count);
        return new Decoded { Id = Incoming.Text(metadata, "inferenceId") ?? Incoming.Text(metadata, "eventId"), Time = time, Inputs = inputs, Outputs = outputs };
    }

    static Frame? Body(Incoming message, JsonElement capture, string side, Func<JsonElement, Frame?> known)
    {
        if (!capture.TryGetProperty(side, out var body) || body.ValueKind != JsonValueKind.Object || Incoming.Text(body, "data") is not { } text) return null;
        var frame = message.Bodies.NewFrame();
        var encoding = Incoming.Text(body, "encoding") ?? "";
        if (encoding.Equals("BASE64", StringComparison.OrdinalIgnoreCase))
        {
            var bytes = new byte[text.Length];
            if (!Convert.TryFromBase64String(text, bytes, out var length)) return frame.Fail(RecordReason.BadBody);
            text = Encoding.UTF8.GetString(bytes, 0, length);
        }
        var start = text.AsSpan().TrimStart();
        var json = encoding.Equals("JSON", StringComparison.OrdinalIgnoreCase) || !encoding.Equals("CSV", StringComparison.OrdinalIgnoreCase) && start is ['{' or '[', ..];
        if (!json) return CsvBody.Read(text, frame);
        var lines = Incoming.Text(body, "observedContentType")?.Contains("jsonlines", StringComparison.OrdinalIgnoreCase) == true;
        if (!lines) return Json(message.Parse(text), frame, message.Bodies, known);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (!frame.Add(message.Parse(line))) break;
        return frame;
    }

    static Frame Json(JsonElement body, Frame frame, Bodies bodies, Func<JsonElement, Frame?> known)
    {
        if (body.ValueKind == JsonValueKind.Array && body.EnumerateArray().Any(i => i.ValueKind is JsonValueKind.Array or JsonValueKind.Object)) return bodies.Rows(body);
        if (known(body) is { } rows) return rows;
        frame.Add(body);
        return frame;
    }
}
