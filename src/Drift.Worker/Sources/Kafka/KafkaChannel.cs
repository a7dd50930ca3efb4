using System.Text;
using Confluent.Kafka;
using Drift.Alerts;
using Drift.Worker.Configuration;

namespace Drift.Worker.Sources.Kafka;

/// <summary>The one producer of a worker's <c>kafka</c> channels, with the connection of its source; made when a channel first sends.</summary>
sealed class NoticeProducer(SourceConfig source) : IDisposable
{
    readonly Lock gate = new();
    IProducer<string, byte[]>? producer;

    IProducer<string, byte[]> Current()
    {
        lock (gate) return producer ??= new ProducerBuilder<string, byte[]>(Settings(source)).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    static ProducerConfig Settings(SourceConfig source)
    {
        var settings = new ProducerConfig();
        foreach (var (key, value) in source.Kafka)
            if (!key.StartsWith("dotnet.consumer", StringComparison.Ordinal)) settings.Set(key, value);
        settings.ClientId = "drift-notices";
        // Nothing is told delivered that a leader could still lose, and a retry inside the library neither doubles nor reorders.
        settings.EnableIdempotence = true;
        settings.Acks = Acks.All;
        settings.LingerMs = 0;
        // The outbox retries for days by itself; the library gives up soon, so that its queue never holds what the outbox sends again.
        settings.MessageTimeoutMs = 15_000;
        return settings;
    }

    public async Task SendAsync(string topic, Message<string, byte[]> message, CancellationToken cancel)
    {
        var current = Current();
        try
        {
            await current.ProduceAsync(topic, message, cancel);
        }
        catch (KafkaException e) when (e.Error.IsFatal)
        {
            // An idempotent producer never recovers from such an error; the next notice gets a new one.
            lock (gate)
                if (producer == current) producer = null;
            current.Dispose();
            throw;
        }
    }

    public void Dispose() => producer?.Dispose();
}

/// <summary>
/// Writes notices to a topic, for automation: retrain, roll back. One message a notice, its document the same as in a file channel's line; the key is the
/// group, so that a group's notices stay in order in one partition; the headers tell id, status and reason without reading the document.
/// </summary>
sealed class KafkaChannel(string name, string topic, NoticeProducer producer) : IAlertChannel
{
    public string Name => name;

    public async Task SendAsync(Notice notice, CancellationToken cancellation)
    {
        var message = new Message<string, byte[]>
        {
            Key = notice.GroupKey,
            Value = AlertFormat.Write(notice),
            Headers = [Header("id", notice.Id), Header("status", notice.Status.ToString().ToLowerInvariant()), Header("reason", notice.Reason.ToString().ToLowerInvariant())],
        };
        try
        {
            await producer.SendAsync(topic, message, cancellation);
        }
        catch (KafkaException e)
        {
            var fault = e.Error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsgSize ? ChannelFault.Refused : ChannelFault.Retry;
            throw new ChannelException($"{name}: topic {topic}: {e.Error.Code}", fault, inner: e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new ChannelException($"{name}: the producer cannot be made: {e.Message}", inner: e);
        }
    }

    static Header Header(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));
}
