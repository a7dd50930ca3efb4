namespace Drift.Worker.Stores;

/// <summary>One partition of a log.</summary>
public readonly record struct SourcePartition(string Topic, int Partition)
{
    public override string ToString() => $"{Topic}/{Partition}";
}

/// <summary>
/// How far a partition has been read and what was counted on the way. All of it but <see cref="Epoch"/>, <see cref="Owner"/> and the wall-clock
/// times is a pure function of the log up to <see cref="Position"/>.
/// </summary>
public sealed record PartitionState
{
    public required SourcePartition Source { get; init; }

    /// <summary>Raised by every claim; a writer with an older one is fenced.</summary>
    public long Epoch { get; init; }

    public string Owner { get; init; } = "";

    /// <summary>The offset of the next record to read; null before the first.</summary>
    public long? Position { get; init; }

    /// <summary>The largest event time so far, in UTC ticks; null before the first valid record.</summary>
    public long? Watermark { get; init; }

    /// <summary>The message time of the record that set the watermark: tells a live stream from a backfill.</summary>
    public long? WatermarkSetAt { get; init; }

    /// <summary>Messages read, of every kind.</summary>
    public long Records { get; init; }

    /// <summary>Records that became rows of a window.</summary>
    public long Rows { get; init; }

    /// <summary>Records that no window took because all of theirs had closed.</summary>
    public long Late { get; init; }

    /// <summary>Offsets that the log no longer had.</summary>
    public long Gaps { get; init; }

    /// <summary>Invalid records by reason.</summary>
    public IReadOnlyDictionary<string, long> Invalid { get; init; } = new Dictionary<string, long>();

    /// <summary>Skipped messages by reason.</summary>
    public IReadOnlyDictionary<string, long> Skipped { get; init; } = new Dictionary<string, long>();

    /// <summary>Requests that became rows without their response.</summary>
    public long Unanswered { get; init; }

    /// <summary>Halves of pairs that had to stop waiting because too many did.</summary>
    public long Crowded { get; init; }

    /// <summary>The halves that wait for the other; empty: none.</summary>
    public byte[] Waiting { get; init; } = [];

    /// <summary>Invalid records since the last one that could be read.</summary>
    public long InvalidRun { get; init; }

    /// <summary>The message times of the first and the last of them, in UTC ticks.</summary>
    public long InvalidSince { get; init; }

    public long InvalidLast { get; init; }

    /// <summary>
    /// Whether the circuit is open: for so long in the log, and so many times, nothing could be read. Then it moves no watermark, and windows must not wait for it.
    /// </summary>
    public bool IsBroken(TimeSpan after) => InvalidRun >= BrokenRun && InvalidLast - InvalidSince >= after.Ticks;

    /// <summary>Fewer invalid records in a row are no break.</summary>
    public const int BrokenRun = 100;

    /// <summary>Since when nothing has come although everything was read, by the owner's clock; null while records flow or wait.</summary>
    public DateTimeOffset? QuietSince { get; init; }

    /// <summary>When the owner last asked the broker and still found nothing new.</summary>
    public DateTimeOffset? QuietCheckedAt { get; init; }

    /// <summary>Whether the input has ended for good: a file that was read to its end.</summary>
    public bool Ended { get; init; }
}

/// <summary>What a new owner starts from.</summary>
/// <param name="State">The partition with its new epoch.</param>
/// <param name="Open">The panes that can still take rows.</param>
public sealed record Claim(PartitionState State, IReadOnlyList<PaneState> Open)
{
    /// <summary>The ids that these panes have counted, where a model wants each counted once.</summary>
    public IReadOnlyList<PaneIds> Ids { get; init; } = [];
}
