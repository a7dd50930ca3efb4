namespace Drift.Worker.Sources.Formats;

/// <summary>A profile document from a service's <see cref="LiveMonitor"/>: rows that were counted where they happened.</summary>
sealed class ProfileMessageFormat : IMessageFormat
{
    public Decoded? Read(Incoming message) => Incoming.Text(message.Root, "format") == "drift-profile"
        ? new Decoded { Model = Incoming.Text(message.Root, "model"), Version = Incoming.Text(message.Root, "model_version") ?? "", IsProfile = true }
        : null;
}
