using System.Text.Json;

namespace Drift.Worker.Sources.Formats;

/// <summary>
/// Azure ML's model data collector: CloudEvents of the types <c>azureml.inference.*</c> whose data are rows; inputs and outputs meet by <c>correlationid</c>,
/// the model is the endpoint in <c>source</c>. A collection of another name (inputs and outputs together) holds columns of both.
/// </summary>
sealed class AzureFormat : IMessageFormat
{
    const string Family = "azureml.inference.";

    public Decoded? Read(Incoming message)
    {
        if (CloudEvent.Of(message) is not { } e || !e.Type.StartsWith(Family, StringComparison.Ordinal)) return null;
        // Beyond 256 kB the collector leaves a pointer to a file behind.
        if (e.Data is not { ValueKind: JsonValueKind.Array } data) return Decoded.Invalid(RecordReason.ExternalData);
        if (!Incoming.TryTime(e["time"], out var time)) return Decoded.Invalid(RecordReason.BadTime);
        var name = e.Type[Family.Length..];
        var (request, response) = (name.EndsWith("inputs", StringComparison.Ordinal) || name == "request", name.EndsWith("_outputs", StringComparison.Ordinal) && !name.Contains("inputs", StringComparison.Ordinal) || name is "outputs" or "response");
        var frame = message.Bodies.Rows(data);
        return new Decoded
        {
            Model = Endpoint(e["source"]), Version = e["modelversion"] ?? "", Id = e["correlationid"] ?? e["xrequestid"] ?? e["id"], Time = time,
            Inputs = response ? null : frame, Outputs = response ? frame : null, IsHalf = request || response,
        };
    }

    static string? Endpoint(string? source)
    {
        var parts = source?.Split('/') ?? [];
        var at = Array.FindIndex(parts, p => p.EndsWith("Endpoints", StringComparison.OrdinalIgnoreCase));
        return at >= 0 && at + 1 < parts.Length && parts[at + 1].Length > 0 ? parts[at + 1] : null;
    }
}
