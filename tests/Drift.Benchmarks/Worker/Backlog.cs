using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Drift.Worker.Sources;

namespace Drift.Benchmarks.Worker;

/// <summary>Native records of 30 features in a topic of an embedded broker. Events are 10 ms apart, so that windows of an hour close all the time.</summary>
sealed class Backlog(EmbeddedBroker broker, string topic) : IDisposable
{
    /// <summary>As many as it takes to stay below the 5 MiB that the embedded broker keeps of a partition.</summary>
    public const int Partitions = 48;

    const int Features = 30, Distinct = 2048;
    static readonly DateTimeOffset begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly double[] values = Array.ConvertAll(Samples.Normal(Features * Distinct), v => Math.Round(v, 4));

    readonly byte[][] tails = [.. Enumerable.Range(0, Distinct).Select(Tail)];
    readonly IProducer<Null, byte[]> producer = Producer(broker, topic);
    long failed;

    static IProducer<Null, byte[]> Producer(EmbeddedBroker broker, string topic)
    {
        broker.CreateTopic(topic, Partitions);
        return new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, LingerMs = 20, QueueBufferingMaxMessages = 200_000, BatchNumMessages = 500 }).Build();
    }

    public string Topic => topic;

    public long Count { get; private set; }

    public static Profile Reference()
    {
        var builder = ProfileBuilder.ForReference(new(Enumerable.Range(0, Features).Select(i => ColumnSpec.Numeric($"f{i:D2}"))));
        for (var f = 0; f < Features; f++) builder.Add($"f{f:D2}", values.AsSpan(f * Distinct, Distinct));
        return builder.ToProfile();
    }

    static byte[] Tail(int row) => Encoding.UTF8.GetBytes(
        $"\",\"model\":\"bench\",\"version\":\"1\",\"features\":{{{string.Join(',', Enumerable.Range(0, Features).Select(f => string.Create(CultureInfo.InvariantCulture, $"\"f{f:D2}\":{values[f * Distinct + row]:R}")))}}}}}");

    static byte[] Message(long i, byte[] tail)
    {
        var head = Encoding.UTF8.GetBytes($"{{\"id\":\"r-{i}\",\"ts\":\"{EventTime.Format(begin.AddMilliseconds(i * 10).UtcTicks)}");
        return [.. head, .. tail];
    }

    /// <summary>Produces more records, all acknowledged; a pause after each block keeps to a rate.</summary>
    public void Produce(long more, double rate = double.PositiveInfinity)
    {
        var start = System.Diagnostics.Stopwatch.StartNew();
        var from = Count;
        for (var end = Count + more; Count < end; Count++)
        {
            Send(new Message<Null, byte[]> { Value = Message(Count, tails[Count % Distinct]) });
            if (Count % 1000 == 0 && (Count - from) / rate - start.Elapsed.TotalSeconds is > 0 and var ahead) Thread.Sleep(TimeSpan.FromSeconds(ahead));
        }
        if (producer.Flush(TimeSpan.FromMinutes(1)) > 0 || failed > 0) throw new InvalidOperationException($"{failed} records were not acknowledged");
    }

    void Send(Message<Null, byte[]> message)
    {
        var partition = new TopicPartition(topic, (int)(Count % Partitions));
        while (true)
        {
            try
            {
                producer.Produce(partition, message, report => _ = report.Error.IsError ? Interlocked.Increment(ref failed) : 0);
                return;
            }
            catch (ProduceException<Null, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    /// <summary>The yardstick: the client's own loop that does nothing with what it gets. Records a second between a tenth and nine tenths.</summary>
    public double BareRate()
    {
        var settings = new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "bare", EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Earliest };
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(settings).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        long read = 0, tenth = 0;
        while (read < Count * 9 / 10)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(10)) is null) throw new InvalidOperationException($"only {read} of {Count} records came");
            if (++read == Count / 10) tenth = System.Diagnostics.Stopwatch.GetTimestamp();
        }
        return Count * 0.8 / System.Diagnostics.Stopwatch.GetElapsedTime(tenth).TotalSeconds;
    }

    public void Dispose() => producer.Dispose();
}
