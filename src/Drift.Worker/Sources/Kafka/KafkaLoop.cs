using Confluent.Kafka;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.Stores;
using Drift.Worker.Windows;
using Microsoft.Extensions.Logging;
using LogMessage = Drift.Worker.Sources.Formats.LogMessage;

namespace Drift.Worker.Sources.Kafka;

/// <summary>
/// One consumer, one thread: polls, folds, commits; while there is a backlog, <see cref="FoldQueue"/> folds on a second one. Kafka says who owns a partition;
/// the store says where it was read up to and fences who is wrong about it. While the store is away everything is paused and polling goes on, so that
/// membership is kept and memory stays bounded.
/// </summary>
sealed partial class KafkaLoop(SourceConfig source, WindowEngine engine, WorkerHealth health, WorkerMetrics metrics, TimeProvider time, ILogger log) : IDisposable
{
    readonly FoldQueue queue = new(engine);
    readonly Unclaimed unclaimed = new(time);
    readonly HashSet<SourcePartition> fresh = [];
    readonly Dictionary<SourcePartition, long> sought = [];
    readonly TopicProbe probe = new(source, time);
    IConsumer<Ignore, ArraySegment<byte>> consumer = null!;
    long lastCommit;

    /// <summary>Runs until cancelled, whatever becomes of broker and store. What was read is committed at the end.</summary>
    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using (consumer = Build())
            {
                flowing = null;
                probe.Use(consumer);
                try
                {
                    consumer.Subscribe([.. source.Topics, .. source.TruthTopics]);
                    lastCommit = time.GetTimestamp();
                    var fatal = false;
                    while (!stop.IsCancellationRequested && !fatal) fatal = !Poll();
                }
                finally
                {
                    probe.Use(null);
                }
                // Closing calls the revoked handler, which commits, and leaves the group, so that others need not wait for a timeout.
                Quietly(consumer.Close);
            }
            queue.Drain();
            engine.Forget();
        }
    }

    IConsumer<Ignore, ArraySegment<byte>> Build() => new ConsumerBuilder<Ignore, ArraySegment<byte>>(KafkaSettings.Consumer(source))
        .SetValueDeserializer(queue)
        .SetPartitionsAssignedHandler((_, added) => [.. added.Select(Assigned)])
        .SetPartitionsRevokedHandler((_, revoked) =>
        {
            Commit();
            Lost(revoked.Select(r => r.TopicPartition));
        })
        .SetPartitionsLostHandler((_, lost) => Lost(lost.Select(l => l.TopicPartition)))
        .SetErrorHandler((_, error) =>
        {
            if (error.IsError) Broken(error.Reason);
        })
        .SetLogHandler((_, message) => LogKafka(message.Facility, message.Message))
        .Build();

    /// <summary>Whether the broker's last word was an error.</summary>
    volatile bool broken;

    void Broken(string why)
    {
        health.Bad("kafka", why);
        if (!broken) LogAway(why);
        (broken, flowing) = (true, null);
    }

    /// <summary>Where there is one topic, messages come without its name: decoding it for each costs more than folding it.</summary>
    readonly string? onlyTopic = KafkaSettings.OnlyTopic(source);

    SourcePartition Of(TopicPartition tp) => new(tp.Topic ?? onlyTopic!, tp.Partition.Value);

    static TopicPartition Of(SourcePartition source) => new(source.Topic, source.Partition);

    TopicPartitionOffset Assigned(TopicPartition added)
    {
        probe.Refresh();
        if (TryClaim(Of(added)) is { } fold) return new TopicPartitionOffset(added, fold.Position ?? Offset.Beginning);
        unclaimed.Add(Of(added));
        return new TopicPartitionOffset(added, Offset.Beginning);
    }

    PartitionFold? TryClaim(SourcePartition partition)
    {
        flowing = null;
        queue.Drain();
        try
        {
            var fold = engine.Claim(partition);
            fresh.Add(partition);
            // Whether it stands at its end already the broker is asked, until something flows: the client's own word may have come while the claim failed.
            probe.AtEnd(partition);
            LogClaimed(partition, fold.Position);
            return fold;
        }
        catch (StoreException e)
        {
            StoreAway(e);
            return null;
        }
    }

    void Lost(IEnumerable<TopicPartition> gone)
    {
        flowing = null;
        queue.Drain();
        var sources = gone.Select(Of).ToList();
        engine.Drop(sources);
        foreach (var partition in sources)
        {
            unclaimed.Remove(partition);
            sought.Remove(partition);
            probe.Forget(partition);
            health.Good(partition.ToString());
            LogGone(partition);
        }
    }

    /// <summary>One turn. False: the consumer is beyond repair and must be made anew.</summary>
    bool Poll()
    {
        try
        {
            if (unclaimed.IsDue) Reclaim();
            var more = Fetch();
            foreach (var (partition, quiet) in probe.Results())
            {
                queue.Drain();
                engine.Find(partition)?.Quiet(quiet(engine.Find(partition)!.Position ?? 0) ? time.GetUtcNow() : null);
            }
            // The end of a backlog need not wait for the clock.
            var enough = more ? source.CommitRecords : Math.Max(1, source.CommitRecords / 2);
            if (DueIn() <= TimeSpan.Zero || engine.Uncommitted >= enough) Commit();
            return true;
        }
        catch (ConsumeException e) when (e.Error.Code == ErrorCode.Local_AutoOffsetReset)
        {
            return !OutOfRange(Of(e.ConsumerRecord.TopicPartition));
        }
        catch (KafkaException e)
        {
            Broken(e.Error.Reason);
            LogKafka("consume", e.Error.Reason);
            if (!e.Error.IsFatal) return true;
            queue.Drain();
            engine.Forget();
            return false;
        }
    }

    /// <summary>Waits for a message; what has been fetched already is then taken in one go: the clock and the rest of the turn are not for every message.</summary>
    /// <returns>Whether there is more.</returns>
    bool Fetch()
    {
        var due = DueIn() is { Ticks: > 0 } left ? left : TimeSpan.Zero;
        for (var i = 0; i < AtOnce && !queue.Filling.IsFull && consumer.Consume(due) is { } result; i++, due = TimeSpan.Zero) Take(result);
        return queue.Next();
    }

    /// <summary>How many messages one turn takes, those that go nowhere included.</summary>
    const int AtOnce = 1024;

    TimeSpan DueIn() => source.CommitInterval - time.GetElapsedTime(lastCommit);

    /// <summary>Where the last message went: they come in runs, and for the next one of its partition nothing needs to be asked again.</summary>
    PartitionFold? flowing;

    void Take(ConsumeResult<Ignore, ArraySegment<byte>> result)
    {
        var fold = flowing;
        if (fold is null || result.IsPartitionEOF || fold.Source.Partition != result.Partition.Value || fold.Source.Topic != (result.Topic ?? onlyTopic))
        {
            if ((fold = FoldOf(result)) is null) return;
            flowing = fold;
        }
        queue.Filling.Add(fold, result.Offset.Value, MessageTime(result.Message.Timestamp), result.Message.Value, Envelope(result.Message.Headers));
    }

    /// <summary>Where a message goes; null: nowhere, or not yet.</summary>
    PartitionFold? FoldOf(ConsumeResult<Ignore, ArraySegment<byte>> result)
    {
        var partition = Of(result.TopicPartition);
        if (engine.Find(partition) is not { } fold || unclaimed.Contains(partition)) return null;
        if (broken)
        {
            broken = false;
            health.Good("kafka");
        }
        if (result.IsPartitionEOF)
        {
            flowing = null;
            probe.AtEnd(partition);
            return null;
        }
        if (fresh.Count > 0 && fresh.Contains(partition) && !IsNext(partition, fold.Position, result.Offset.Value)) return null;
        probe.Flows(partition);
        return fold;
    }

    /// <summary>The headers that may say what a message is: those of CloudEvents, and a request's id.</summary>
    static IReadOnlyList<KeyValuePair<string, string>> Envelope(Headers? headers)
    {
        if (headers is null || headers.Count == 0) return LogMessage.NoHeaders;
        List<KeyValuePair<string, string>>? found = null;
        foreach (var header in headers)
            if (LogMessage.IsEnvelope(header.Key) && header.GetValueBytes() is { Length: <= 4096 } value) (found ??= []).Add(new(header.Key, System.Text.Encoding.UTF8.GetString(value)));
        return found ?? LogMessage.NoHeaders;
    }

    /// <summary>Brokers take any number for a message's time; one beyond the calendar is the calendar's end.</summary>
    long MessageTime(Timestamp timestamp) =>
        timestamp.Type == TimestampType.NotAvailable
            ? time.GetUtcNow().UtcTicks
            : DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(timestamp.UnixTimestampMs, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())).UtcTicks;

    /// <summary>Whether the first message after a claim is the one to go on with. Nothing of its partition is being folded yet.</summary>
    bool IsNext(SourcePartition partition, long? position, long offset)
    {
        if (offset < position) return false; // already counted: fetched before a seek took hold
        fresh.Remove(partition);
        return !(offset > position) || ConfirmGap(partition, position.Value);
    }

    /// <summary>
    /// The first message after a claim comes from beyond the stored position: either the log has no others, or a seek went astray. Only the broker's
    /// own first offset, or a second fetch with the same result, says which.
    /// </summary>
    bool ConfirmGap(SourcePartition partition, long position)
    {
        if (!sought.Remove(partition, out var asked) || asked != position)
        {
            fresh.Add(partition);
            consumer.Seek(new TopicPartitionOffset(Of(partition), position));
            sought[partition] = position;
            return false;
        }
        return true;
    }

    /// <summary>
    /// The stored position lies before the log's beginning (retention) or beyond its end (the topic was made anew). Never passed over in silence: counted and
    /// told, or the partition stops. True: it goes on, which takes a new consumer; the library seeks nothing that has failed so.
    /// </summary>
    bool OutOfRange(SourcePartition partition)
    {
        if (engine.Find(partition) is not { } fold) return false;
        queue.Drain();
        var range = new WatermarkOffsets(Offset.Unset, Offset.Unset);
        // The broker may be gone again when it is asked: then the store's own place is gone back to, which ends here once more.
        if (!Quietly(() => range = consumer.QueryWatermarkOffsets(Of(partition), TimeSpan.FromSeconds(5)))) return true;
        var position = fold.Position ?? range.Low.Value;
        var recreated = position > range.High.Value;
        var why = recreated
            ? $"the store has read {partition} up to {position}, but its log ends at {range.High.Value}: the topic was made anew"
            : $"{partition} begins at {range.Low.Value}: the records from {position} on are gone";
        if (recreated ? source.Recreated == RecreatedPolicy.Stop : position < range.Low.Value && source.Trimmed == TrimmedPolicy.Stop)
        {
            why += recreated
                ? ". Source.Recreated \"beginning\" reads the new log from its beginning; another Group with another store starts afresh"
                : ". Source.Trimmed \"continue\" goes on there and counts the gap";
            health.Bad(partition.ToString(), why);
            LogBroken(why);
            return false;
        }
        if (recreated) fold.Restart(range.Low.Value);
        else fold.Skip(range.Low.Value);
        LogBroken($"{why}; goes on at {fold.Position}");
        return true;
    }

    void Commit()
    {
        queue.Drain();
        var began = time.GetTimestamp();
        flowing = null;
        try
        {
            var before = engine.Owned.Where(f => f.Dirty).ToList();
            engine.Commit(probe.Partitions);
            if (before.Count > 0) metrics.Committed(time.GetElapsedTime(began));
            health.Committed();
            TellGroup(before);
        }
        catch (StoreException e)
        {
            StoreAway(e);
            foreach (var partition in engine.Forget()) unclaimed.Add(partition);
        }
        finally
        {
            // From its end: a slow store must not leave time for nothing but commits.
            lastCommit = time.GetTimestamp();
        }
    }

    /// <summary>For lag dashboards only; the store's position is the one that counts.</summary>
    void TellGroup(List<PartitionFold> folds)
    {
        foreach (var fold in folds)
            if (fold.Position is { } position) Quietly(() => consumer.StoreOffset(new TopicPartitionOffset(Of(fold.Source), position)));
        metrics.Stand([.. engine.Owned.Select(f => (f.Stored, Lag(f)))]);
    }

    long? Lag(PartitionFold fold)
    {
        var high = consumer.GetWatermarkOffsets(Of(fold.Source)).High;
        return high.IsSpecial ? null : Math.Max(0, high.Value - (fold.Position ?? 0));
    }

    void StoreAway(StoreException e)
    {
        health.Bad("store", e.Message);
        LogStore(e.Message);
        unclaimed.Failed();
    }

    /// <summary>Claims again what was forgotten, goes back to the stored position and lets messages flow.</summary>
    void Reclaim()
    {
        var assigned = consumer.Assignment.Select(Of).ToHashSet();
        foreach (var partition in unclaimed.Take(assigned))
        {
            Quietly(() => consumer.Pause([Of(partition)]));
            if ((engine.Find(partition) ?? TryClaim(partition)) is not { } fold) return;
            // Fails while the partition is only being assigned; then the next turn tries again.
            if (!Quietly(() => consumer.Seek(new TopicPartitionOffset(Of(partition), fold.Position ?? Offset.Beginning)))) return;
            Quietly(() => consumer.Resume([Of(partition)]));
            unclaimed.Remove(partition);
        }
    }

    bool Quietly(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (KafkaException e)
        {
            LogKafka("client", e.Error.Reason);
            return false;
        }
    }

    public void Dispose()
    {
        queue.Dispose();
        probe.Dispose();
    }
}
