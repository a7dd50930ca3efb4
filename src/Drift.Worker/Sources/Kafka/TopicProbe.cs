using System.Collections.Concurrent;
using Confluent.Kafka;
using Drift.Worker.Configuration;
using Drift.Worker.Stores;

namespace Drift.Worker.Sources.Kafka;

/// <summary>
/// Asks the broker what the consumer alone does not know, on a thread of its own: which partitions the topics have, and whether a partition that seems
/// to be read to its end really has nothing new. Silence counts only while the broker answers.
/// </summary>
sealed class TopicProbe : IDisposable
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(5), metadataEvery = TimeSpan.FromSeconds(20), quietEvery = TimeSpan.FromSeconds(2);

    readonly SourceConfig source;
    readonly TimeProvider time;
    readonly ConcurrentDictionary<SourcePartition, bool> atEnd = [];
    readonly ConcurrentQueue<(SourcePartition, Func<long, bool>)> results = [];
    readonly CancellationTokenSource stop = new();
    readonly SemaphoreSlim wake = new(0);
    readonly Lock gate = new();
    readonly Task work;
    IConsumer<Ignore, ArraySegment<byte>>? consumer;
    volatile IReadOnlyList<SourcePartition>? partitions;
    long metadataAt;

    /// <summary>The loop's own note that <see cref="atEnd"/> may hold something: cheaper than asking it.</summary>
    bool someAtEnd;

    public TopicProbe(SourceConfig source, TimeProvider time)
    {
        this.source = source;
        this.time = time;
        work = Task.Run(WorkAsync);
    }

    /// <summary>Every partition of the watched topics; null until the broker has said so.</summary>
    public IReadOnlyList<SourcePartition>? Partitions => partitions;

    /// <summary>The consumer through which to ask; null before it is closed.</summary>
    public void Use(IConsumer<Ignore, ArraySegment<byte>>? next)
    {
        lock (gate) consumer = next;
        atEnd.Clear();
        if (next is not null) Refresh();
    }

    /// <summary>Asks for the partitions anew, soon.</summary>
    public void Refresh()
    {
        Interlocked.Exchange(ref metadataAt, 0);
        wake.Release();
    }

    /// <summary>The partition may have been read to its end; whether it has, the broker will say.</summary>
    public void AtEnd(SourcePartition partition)
    {
        atEnd[partition] = true;
        someAtEnd = true;
    }

    public void Flows(SourcePartition partition)
    {
        // Asked for every message, and in a backlog none is at its end.
        if (!someAtEnd) return;
        atEnd.TryRemove(partition, out _);
        someAtEnd = !atEnd.IsEmpty;
    }

    public void Forget(SourcePartition partition) => atEnd.TryRemove(partition, out _);

    /// <summary>Answers since the last call: whether a partition that was read up to a position is quiet.</summary>
    public IEnumerable<(SourcePartition, Func<long, bool>)> Results()
    {
        while (results.TryDequeue(out var result)) yield return result;
    }

    async Task WorkAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                lock (gate)
                {
                    if (consumer is { } asked) Ask(asked);
                }
                await wake.WaitAsync(quietEvery, stop.Token);
            }
            catch (KafkaException)
            {
                // The broker is away: nothing is known, so nothing is quiet.
                await Task.Delay(quietEvery, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    void Ask(IConsumer<Ignore, ArraySegment<byte>> asked)
    {
        if (Interlocked.Read(ref metadataAt) is var at && (at == 0 || time.GetElapsedTime(at) >= metadataEvery))
        {
            using var admin = new DependentAdminClientBuilder(asked.Handle).Build();
            var found = new List<SourcePartition>();
            foreach (var topic in source.Topics)
                found.AddRange(admin.GetMetadata(topic, patience).Topics.Where(t => t.Error.Code == ErrorCode.NoError).SelectMany(t => t.Partitions.Select(p => new SourcePartition(t.Topic, p.PartitionId))));
            partitions = found;
            Interlocked.Exchange(ref metadataAt, time.GetTimestamp());
        }
        foreach (var partition in atEnd.Keys)
        {
            var high = asked.QueryWatermarkOffsets(new TopicPartition(partition.Topic, partition.Partition), patience).High.Value;
            results.Enqueue((partition, position => position >= high));
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        work.Wait();
        stop.Dispose();
        wake.Dispose();
    }
}
