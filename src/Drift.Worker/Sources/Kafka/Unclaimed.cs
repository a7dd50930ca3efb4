using Drift.Worker.Stores;

namespace Drift.Worker.Sources.Kafka;

/// <summary>Partitions that Kafka has given us and the store has not: to be claimed, ever more patiently while the store stays away.</summary>
sealed class Unclaimed(TimeProvider time)
{
    static readonly TimeSpan shortest = TimeSpan.FromMilliseconds(100), longest = TimeSpan.FromSeconds(5);

    readonly HashSet<SourcePartition> partitions = [];
    TimeSpan pause = shortest;
    long notBefore;

    public bool IsDue => partitions.Count > 0 && time.GetTimestamp() >= notBefore;

    public bool Contains(SourcePartition partition) => partitions.Count > 0 && partitions.Contains(partition);

    public void Add(SourcePartition partition) => partitions.Add(partition);

    public void Remove(SourcePartition partition)
    {
        partitions.Remove(partition);
        if (partitions.Count == 0) pause = shortest;
    }

    /// <summary>Those still assigned, to be tried now; the others are forgotten.</summary>
    public IReadOnlyList<SourcePartition> Take(IReadOnlySet<SourcePartition> assigned)
    {
        partitions.IntersectWith(assigned);
        notBefore = time.GetTimestamp() + (long)(shortest.TotalSeconds * time.TimestampFrequency);
        return [.. partitions];
    }

    /// <summary>The store did not answer: wait up to twice as long, with jitter so that many workers do not come back at once.</summary>
    public void Failed()
    {
        var wait = pause * (0.5 + Random.Shared.NextDouble() / 2);
        pause = pause * 2 < longest ? pause * 2 : longest;
        notBefore = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
    }
}
