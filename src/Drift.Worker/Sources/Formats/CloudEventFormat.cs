using System.Text.Json;

namespace Drift.Worker.Sources.Formats;

/// <summary>
/// A CloudEvent of any type whose data is a native record (the envelope's time and id stand in for the record's own) or a server's request, response or both.
/// </summary>
sealed class CloudEventFormat : IMessageFormat
{
    public Decoded? Read(Incoming message)
    {
        if (CloudEvent.Of(message) is not { } e) return null;
        if (e.Data is not { } data) return Decoded.Invalid(RecordReason.ExternalData);
        if (!Incoming.TryTime(e["time"], out var time)) return Decoded.Invalid(RecordReason.BadTime);
        if (data.ValueKind == JsonValueKind.Object && data.TryGetProperty("features", out _)) return new Decoded { Native = data, Id = e["id"], Time = time };
        var (inputs, outputs) = (message.Bodies.Inputs(data), message.Bodies.Outputs(data));
        return inputs is null && outputs is null ? null : new Decoded { Id = e["id"], Time = time, Inputs = inputs, Outputs = outputs, IsHalf = inputs is null || outputs is null };
    }
}
