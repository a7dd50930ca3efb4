using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Drift.Worker.Configuration;
using Drift.Worker.Stores;
using Microsoft.Extensions.Logging;
using LogMessage = Drift.Worker.Sources.Formats.LogMessage;

namespace Drift.Worker.Sources.Kafka;

/// <summary>
/// Passes a sample of unreadable messages on, as far as the configuration allows. Which ones is a function of the log, and their key is their place in it:
/// a message that is read twice (after a crash) is sent twice with one key. They are sent before the position behind them is committed; that the
/// dead-letter topic is away never holds up the stream.
/// </summary>
sealed class DeadLetters : IDisposable
{
    /// <summary>So many of a reason are always sent; after that only where their number is a power of two.</summary>
    const int Always = 10;

    static readonly TimeSpan patience = TimeSpan.FromSeconds(2);

    readonly DeadLetterConfig config;
    readonly Action<string, string> count;
    readonly ILogger log;
    readonly IProducer<string, byte[]> producer;
    int waiting;

    DeadLetters(SourceConfig source, Action<string, string> count, ILogger log)
    {
        (config, this.count, this.log) = (source.DeadLetter, count, log);
        producer = new ProducerBuilder<string, byte[]>(KafkaSettings.Producer(source)).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    /// <summary>Null: nothing is to be passed on.</summary>
    public static DeadLetters? Of(SourceConfig source, Action<string, string> count, ILogger log) =>
        source.DeadLetter.Mode == DeadLetterMode.Off ? null : new DeadLetters(source, count, log);

    public void Take(SourcePartition source, long offset, string reason, long number, in LogMessage message)
    {
        if (number > Always && !BitOperations.IsPow2(number)) return;
        var topic = config.Topic ?? $"{source.Topic}.dlq";
        // The names that Kafka Connect gives them, so that tools for its dead letters know these, too.
        var headers = new Headers();
        void Header(string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));
        Header("__connect.errors.topic", source.Topic);
        Header("__connect.errors.partition", $"{source.Partition}");
        Header("__connect.errors.offset", $"{offset}");
        Header("__connect.errors.exception.message", reason);
        Header("drift.reason", reason);
        Header("drift.count", $"{number}");
        Header("drift.time", EventTime.Format(message.Time));
        try
        {
            producer.Produce(topic, new Message<string, byte[]> { Key = $"{source.Topic}-{source.Partition}-{offset}", Value = Body(message.Value, reason), Headers = headers },
                report => count(topic, report.Error.IsError ? "failed" : "sent"));
            waiting++;
        }
        catch (KafkaException e)
        {
            count(topic, "failed");
            log.LogWarning("a dead letter could not be sent to {Topic}: {Why}", topic, e.Error.Reason);
        }
    }

    /// <summary>Waits, not for long, until what was passed on has arrived.</summary>
    public void Flush()
    {
        if (waiting == 0) return;
        waiting = producer.Flush(patience);
        if (waiting > 0) log.LogWarning("{Waiting} dead letters have not been acknowledged yet", waiting);
    }

    byte[] Body(ReadOnlySpan<byte> message, string reason)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteString("reason", reason);
            json.WriteNumber("bytes", message.Length);
            json.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(message)));
            if (config.Mode == DeadLetterMode.Fields && System.Text.Unicode.Utf8.IsValid(message)) Fields(json, message);
            json.WriteEndObject();
        }
        return memory.ToArray();
    }

    /// <summary>The allowed members as far as the message can be read.</summary>
    void Fields(Utf8JsonWriter json, ReadOnlySpan<byte> message)
    {
        json.WriteStartObject("fields");
        try
        {
            var reader = new Utf8JsonReader(message);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    if (!config.Fields!.Contains(name, StringComparer.Ordinal)) continue;
                    json.WritePropertyName(name);
                    json.WriteRawValue(message[start..(int)reader.BytesConsumed]);
                }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What came before the damage is all there is.
        }
        json.WriteEndObject();
    }

    public void Dispose()
    {
        producer.Flush(patience);
        producer.Dispose();
    }
}
