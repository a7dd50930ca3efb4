namespace Drift.Worker.Sources.Formats;

/// <summary>
/// The request and response events of KServe's and Seldon's loggers: two CloudEvents of one id (Seldon: <c>Ce-Requestid</c>), the model in
/// <c>inferenceservicename</c>. Their other events (outliers, feedback) are no predictions.
/// </summary>
sealed class InferenceEventFormat : IMessageFormat
{
    static readonly string[] families = ["org.kubeflow.serving.", "io.seldon.serving."];

    public Decoded? Read(Incoming message)
    {
        if (CloudEvent.Of(message) is not { } e || !families.Any(f => e.Type.StartsWith(f, StringComparison.Ordinal))) return null;
        var request = e.Type.EndsWith(".request", StringComparison.Ordinal);
        if (!request && !e.Type.EndsWith(".response", StringComparison.Ordinal)) return Decoded.Skipped(RecordReason.NotPrediction);
        if (!Incoming.TryTime(e["time"], out var time)) return Decoded.Invalid(RecordReason.BadTime);
        var frame = e.Data is not { } data ? null : request ? message.Bodies.Inputs(data) : message.Bodies.Outputs(data);
        if (frame is null) return Decoded.Invalid(RecordReason.BadBody);
        return new Decoded
        {
            Model = e["inferenceservicename"], PerhapsModel = e["modelid"], Id = e["requestid"] ?? e["id"], Time = time,
            Inputs = request ? frame : null, Outputs = request ? null : frame, IsHalf = true,
        };
    }
}
