namespace Drift.Worker.Sources.Formats;

/// <summary>Bodies of model servers without an envelope: request and response meet by <c>id</c> (Open Inference Protocol v2) or a header with the request's id.</summary>
sealed class ServingFormat : IMessageFormat
{
    public Decoded? Read(Incoming message)
    {
        var body = message.Root;
        var (inputs, outputs) = (message.Bodies.Inputs(body), message.Bodies.Outputs(body));
        if (inputs is null && outputs is null) return null;
        // Seldon's bodies say not which of the two they are.
        if (inputs is not null && outputs is not null && !(body.TryGetProperty("predictions", out _) || body.TryGetProperty("outputs", out _))) outputs = null;
        return new Decoded
        {
            Model = Incoming.Text(body, "model_name"), Version = Incoming.Text(body, "model_version") ?? "",
            Id = Incoming.Text(body, "id") ?? message.CloudHeader("requestid") ?? message.CloudHeader("id") ?? message.Header("x-request-id"),
            Inputs = inputs, Outputs = outputs, IsHalf = inputs is null || outputs is null,
        };
    }
}
