using Confluent.Kafka;
using Drift.Worker.Configuration;

namespace Drift.Worker.Sources.Kafka;

/// <summary>The consumer's settings: the user's, over our defaults, under what the protocol needs.</summary>
static class KafkaSettings
{
    /// <summary>
    /// Whether the library can be told how soon it fetches again after its queue was full. By default, and before 2.2 always, it waits a second: then what is
    /// queued must last for that long, or catching up stands still half of the time.
    /// </summary>
    static bool LooksAgainSoon => Library.Version >= 0x02020000;

    public static ConsumerConfig Consumer(SourceConfig source)
    {
        var settings = new ConsumerConfig
        {
            ClientId = "drift",
            SessionTimeoutMs = 10_000,
            HeartbeatIntervalMs = 1_000,
            MaxPollIntervalMs = 60_000,
            // What is fetched ahead is the bulk of the worker's memory; the library's own bound is 64 MiB.
            QueuedMaxMessagesKbytes = LooksAgainSoon ? 32 * 1024 : 192 * 1024,
            TopicMetadataRefreshIntervalMs = 30_000,
            ReconnectBackoffMaxMs = 2_000,
            // A fetch waits for partitions that are at their end (half a second by default); what the others have by then would wait with it.
            FetchWaitMaxMs = 100,
        };
        if (LooksAgainSoon) settings.Set("fetch.queue.backoff.ms", "20");
        foreach (var (key, value) in source.Kafka) settings.Set(key, value);
        settings.GroupId = source.Group;
        // Only what the store has committed is ever stored for the group, and that only for lag dashboards: the background thread does the sending.
        settings.EnableAutoOffsetStore = false;
        settings.EnableAutoCommit = true;
        settings.AutoCommitIntervalMs = 1_000;
        settings.EnablePartitionEof = true;
        settings.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        settings.ConsumeResultFields = OnlyTopic(source) is null ? "headers,timestamp,topic" : "headers,timestamp";
        // Never moves by itself to where the log begins or ends: that would be a silent loss.
        settings.Set("auto.offset.reset", "error");
        return settings;
    }

    /// <summary>The topic of every message; null where there are several.</summary>
    public static string? OnlyTopic(SourceConfig source) => source is { Topics: [var only], TruthTopics: [] } ? only : null;

    /// <summary>For dead letters: the same broker, and no patience that could hold up the stream.</summary>
    public static ProducerConfig Producer(SourceConfig source)
    {
        var settings = new ProducerConfig { ClientId = "drift-dead-letters", LingerMs = 5, MessageTimeoutMs = 10_000, QueueBufferingMaxKbytes = 4096 };
        foreach (var (key, value) in source.Kafka) settings.Set(key, value);
        return settings;
    }

    /// <summary>Lets librdkafka judge the settings before anything is started; its refusal is the user's to mend.</summary>
    public static void Check(SourceConfig source)
    {
        if (!source.Kafka.ContainsKey("bootstrap.servers")) throw new InputException("Drift.Source.Kafka: \"bootstrap.servers\" is missing");
        try
        {
            using var consumer = new ConsumerBuilder<Ignore, byte[]>(Consumer(source)).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new InputException($"Drift.Source.Kafka: {e.Message}", e);
        }
    }
}
