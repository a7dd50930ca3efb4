namespace Drift.Worker.Stores;

/// <summary>
/// What rows a pane's counts are about. Panes of different references never merge. <paramref name="Missed"/> is how many of the pane's windows had
/// closed when its rows came (sliding windows only): those windows leave it out.
/// </summary>
/// <param name="Start">The first instant, UTC ticks.</param>
/// <param name="Length">In ticks.</param>
/// <param name="Segment"><c>column=value</c>, or empty for all rows.</param>
public readonly record struct PaneKey(string Model, string Version, string Reference, long Start, long Length, int Missed = 0, string Segment = "");

/// <summary>One partition's part of a pane, as stored: absolute state, rewritten as a whole.</summary>
/// <param name="Rows">Rows in it.</param>
/// <param name="Invalid">Invalid records of the model, or of nobody, that came while the partition's watermark stood in this pane.</param>
/// <param name="Late">Records of the model that came too late while the partition's watermark stood in this pane.</param>
/// <param name="Open">Whether it can still take rows.</param>
/// <param name="Counts">The profile's counts against the reference.</param>
public sealed record PaneState(PaneKey Key, long Rows, long Invalid, long Late, bool Open, byte[] Counts)
{
    /// <summary>Where the rows came from.</summary>
    public SourcePartition Source { get; init; }
}

/// <summary>Ids that a pane has counted since its partition was last saved.</summary>
/// <param name="Pane">The pane.</param>
/// <param name="UpTo">The partition's position: names this piece.</param>
/// <param name="Hashes">Eight bytes each.</param>
public sealed record PaneIds(PaneKey Pane, long UpTo, byte[] Hashes);

/// <summary>Records that came too late for a window, to be added to those that did before.</summary>
public readonly record struct LateCount(string Model, string Version, long WindowStart, long Count);
