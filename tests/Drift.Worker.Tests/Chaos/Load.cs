using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Drift.Worker.Tests.Chaos;

/// <summary>
/// A load that is a function of the record's number, so that what every window must hold can be computed from the numbers alone, without any code of
/// the worker: rows out of order, some too late, some unreadable.
/// </summary>
sealed class Load(int partitions, int cells = 20)
{
    public const int WindowSeconds = 10, GraceSeconds = 2;
    public static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Profile Reference { get; } = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x")), cells, BinningRule.Uniform)
        .Add("x", Enumerable.Range(0, 20_001).Select(i => i / 20_000.0).ToArray()).ToProfile();

    public long Count { get; private set; }

    /// <summary>10 ms a record; one in 7 up to 1.5 s early (inside the grace), one in 101 some 30 s early (too late).</summary>
    static long Milliseconds(long i) => i * 10 - (i % 101 == 50 ? 30_000 : i % 7 == 0 ? i * 7919 % 1500 : 0);

    static bool IsInvalid(long i) => i % 211 == 3;

    static double Value(long i) => ((uint)i * 2654435761u >> 8) / (double)(1 << 24);

    static byte[] Message(long i) => Encoding.UTF8.GetBytes(IsInvalid(i)
        ? $"{{\"model\":\"m\",\"n\":{i}"
        : string.Create(CultureInfo.InvariantCulture, $"{{\"ts\":\"{EventTime.Format(Origin.AddMilliseconds(100_000 + Milliseconds(i)).UtcTicks)}\",\"model\":\"m\",\"features\":{{\"x\":{Value(i):R}}}}}"));

    /// <summary>Produces the next records, one partition after the other in turn, all acknowledged. In small batches, which a consumer gets from all partitions in turn: so windows close all the time.</summary>
    public void Produce(string bootstrap, string topic, long more)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = bootstrap, LingerMs = 20, CompressionType = CompressionType.Lz4, EnableIdempotence = true, BatchNumMessages = 100, QueueBufferingMaxMessages = 500_000 }).Build();
        var failed = 0;
        for (var end = Count + more; Count < end; Count++)
            producer.Produce(new TopicPartition(topic, (int)(Count % partitions)), new Message<Null, byte[]> { Value = Message(Count) }, report => _ = report.Error.IsError ? Interlocked.Increment(ref failed) : 0);
        Assert.Equal(0, producer.Flush(Eventually.Patience));
        Assert.Equal(0, failed);
    }

    /// <summary>One late-looking record on each partition that moves its watermark past everything.</summary>
    public void PushWatermarks(string bootstrap, string topic)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = bootstrap }).Build();
        for (var p = 0; p < partitions; p++)
            producer.Produce(new TopicPartition(topic, p), new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes($"{{\"ts\":\"{EventTime.Format(LastWatermark)}\",\"model\":\"m\",\"features\":{{\"x\":0.5}}}}") });
        Assert.Equal(0, producer.Flush(Eventually.Patience));
    }

    public long LastWatermark => Origin.AddMilliseconds(100_000 + Count * 10).AddMinutes(10).UtcTicks;

    /// <summary>What the store must say of one partition, the record that pushed its watermark included.</summary>
    public record struct Partition(long Position, long Watermark, long Rows, long Late, long Invalid);

    public sealed record Expected(SortedDictionary<DateTimeOffset, long[]> Windows, Dictionary<DateTimeOffset, long> Late, Partition[] Partitions);

    /// <summary>What must come out, by the definition of event time and nothing else.</summary>
    public Expected Compute()
    {
        var windows = new SortedDictionary<DateTimeOffset, long[]>();
        var late = new Dictionary<DateTimeOffset, long>();
        var watermarks = new long[partitions];
        var positions = new Partition[partitions];
        Array.Fill(positions, new Partition(1, LastWatermark, 1, 0, 0));
        for (var i = 0L; i < Count; i++)
        {
            ref var partition = ref positions[i % partitions];
            partition.Position++;
            if (IsInvalid(i))
            {
                partition.Invalid++;
                continue;
            }
            var at = 100_000 + Milliseconds(i);
            ref var watermark = ref watermarks[i % partitions];
            watermark = Math.Max(watermark, at);
            var window = at / (WindowSeconds * 1000) * WindowSeconds * 1000;
            var start = Origin.AddMilliseconds(window);
            if (window + (WindowSeconds + GraceSeconds) * 1000 <= watermark)
            {
                late[start] = late.GetValueOrDefault(start) + 1;
                partition.Late++;
                continue;
            }
            partition.Rows++;
            if (!windows.TryGetValue(start, out var counts)) windows[start] = counts = new long[cells];
            counts[Reference.Columns[0].Histogram!.Binning.BinOf(Value(i))]++;
        }
        return new Expected(windows, late, positions);
    }
}
