using Drift.Worker.Windows;
using LogMessage = Drift.Worker.Sources.Formats.LogMessage;

namespace Drift.Worker.Sources.Kafka;

/// <summary>
/// Messages that have been fetched and not folded yet, in memory that is used again: an array of its own for each would be most of what a record costs the
/// collector.
/// </summary>
sealed class FoldBatch
{
    const int Most = 512, Arena = 512 << 10;

    readonly List<(PartitionFold Fold, long Offset, long Time, ArraySegment<byte> Value, IReadOnlyList<KeyValuePair<string, string>> Headers)> messages = new(Most);
    readonly byte[] arena = new byte[Arena];
    int used;
    long bytes;

    public bool IsFull => messages.Count == Most || bytes > Arena / 2;

    /// <summary>Keeps a value until the batch is folded. Never the default, which stands for no value.</summary>
    public ArraySegment<byte> Copy(ReadOnlySpan<byte> value)
    {
        bytes += value.Length;
        if (value.Length > Arena - used) return new(value.ToArray());
        value.CopyTo(arena.AsSpan(used));
        var kept = new ArraySegment<byte>(arena, used, value.Length);
        used += value.Length;
        return kept;
    }

    /// <param name="fold">Where the message belongs.</param>
    /// <param name="offset">Its place there.</param>
    /// <param name="time">Its own time.</param>
    /// <param name="value">What <see cref="Copy"/> gave; the default: no value.</param>
    /// <param name="headers">Its headers.</param>
    public void Add(PartitionFold fold, long offset, long time, ArraySegment<byte> value, IReadOnlyList<KeyValuePair<string, string>> headers) => messages.Add((fold, offset, time, value, headers));

    public void Fold(WindowEngine engine)
    {
        foreach (var (fold, offset, time, value, headers) in messages)
            // What is before the position has been counted: it was fetched before a seek took hold.
            if (!(offset < fold.Position)) engine.Take(fold, new LogMessage(value, time, headers), value.Array is null, offset);
    }

    public void Clear()
    {
        messages.Clear();
        (used, bytes) = (0, 0);
    }
}
