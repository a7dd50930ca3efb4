using System.Diagnostics;
using Confluent.Kafka;
using Drift.Benchmarks.Worker;
using Drift.Worker.Configuration;
using Drift.Worker.References;
using Drift.Worker.Sources;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;
using LogMessage = Drift.Worker.Sources.Formats.LogMessage;

namespace Drift.Benchmarks;

/// <summary>What the worker itself does with a message (decode, window, count), against what the Kafka client takes to hand the same message over.</summary>
sealed class IngestBench : Bench
{
    const int Rounds = 3, Part = 256;

    long sink;

    public override string Name => "ingest";

    public override bool TakesLong => true;

    public override IReadOnlyList<Goal> Goals { get; } =
        [new("the worker's own work per 30-feature event: time over Confluent.Kafka's bare consume loop on the same messages", 0.6, AtMost: true)];

    public override double[] Measure(Meter meter)
    {
        using var broker = new EmbeddedBroker();
        using var backlog = new Backlog(broker, "events");
        backlog.Produce(meter.Quick ? 100_000 : 200_000);
        var messages = Read(broker, backlog, out _);
        double bare = double.PositiveInfinity, own = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            Read(broker, backlog, out var seconds);
            bare = Math.Min(bare, seconds);
            own = Math.Min(own, Fold(messages));
        }
        return [own / bare];
    }

    /// <summary>Consumes everything; returns the messages and the seconds that each of them took.</summary>
    static List<(int Partition, byte[] Value)> Read(EmbeddedBroker broker, Backlog backlog, out double seconds)
    {
        var settings = new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "all", EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(settings).Build();
        consumer.Assign(Enumerable.Range(0, Backlog.Partitions).Select(p => new TopicPartitionOffset(backlog.Topic, p, Offset.Beginning)));
        var messages = new List<(int, byte[])>((int)backlog.Count);
        var ticks = new List<long>();
        var start = Stopwatch.GetTimestamp();
        while (messages.Count < backlog.Count)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(10)) ?? throw new InvalidOperationException($"only {messages.Count} of {backlog.Count} records came");
            messages.Add((result.Partition.Value, result.Message.Value));
            if (messages.Count % Part > 0) continue;
            var now = Stopwatch.GetTimestamp();
            ticks.Add(now - start);
            start = now;
        }
        seconds = PerMessage(ticks);
        return messages;
    }

    /// <summary>The mean between a tenth and nine tenths, waiting included: what a consumer sees of its client.</summary>
    static double PerMessage(List<long> ticks)
    {
        var middle = ticks[(ticks.Count / 10)..(ticks.Count * 9 / 10)];
        return middle.Average() / Stopwatch.Frequency / Part;
    }

    /// <summary>Seconds per message from value to counted rows, all partitions in the order in which they came.</summary>
    double Fold(List<(int Partition, byte[] Value)> messages)
    {
        var models = new WatchedModels([new WatchedModel("bench", new ModelConfig { Reference = "r.json", Window = TimeSpan.FromHours(1) }, Backlog.Reference())]);
        var folds = Enumerable.Range(0, Backlog.Partitions)
            .Select(p => new PartitionFold(models, new RecordLimits(), new Claim(new PartitionState { Source = new SourcePartition("events", p) }, []))).ToArray();
        var offsets = new long[folds.Length];
        var ticks = new List<long>();
        foreach (var part in messages.Chunk(Part))
        {
            // A message that the client has just handed over is in the processor's cache.
            foreach (var (_, value) in part) sink += value.AsSpan().Count((byte)0);
            var start = Stopwatch.GetTimestamp();
            foreach (var (partition, value) in part) folds[partition].Take(new LogMessage(value, DateTime.MaxValue.Ticks), tombstone: false, offsets[partition]++);
            ticks.Add(Stopwatch.GetTimestamp() - start);
        }
        return PerMessage(ticks);
    }
}
