namespace Drift.Worker.Stores;

/// <summary>A window that has been judged: what was read off it, by which policy, and the merged counts it rests on.</summary>
public sealed record JudgedWindow
{
    /// <summary>Model, version, times, revision, rows and what closed it. In listings its late records are counted up to the present.</summary>
    public required Window Window { get; init; }

    /// <summary><c>column=value</c>, or empty for all rows.</summary>
    public string Segment { get; init; } = "";

    /// <summary>The hash of the policy that judged it.</summary>
    public string Policy { get; init; } = "";

    public DateTimeOffset JudgedAt { get; init; }

    public IReadOnlyList<Reading> Readings { get; init; } = [];

    /// <summary>The merged counts, in <see cref="ProfileFormat.WriteCounts"/>'s form.</summary>
    public byte[] Counts { get; init; } = [];
}

/// <summary>What to list: latest revisions, by start, then version.</summary>
public sealed record WindowQuery(string Model)
{
    public string? Version { get; init; }

    public string Segment { get; init; } = "";

    /// <summary>The least start.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The start from which on nothing is listed.</summary>
    public DateTimeOffset? To { get; init; }

    public int Limit { get; init; } = 100;

    /// <summary>Newest first, so that a limit keeps the newest.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>Leave readings and counts out: what a list of windows needs is a hundredth of what they hold.</summary>
    public bool Heads { get; init; }
}

/// <summary>Windows that a reference is made of.</summary>
/// <param name="Like">The model, version, reference and segment.</param>
/// <param name="From">The least start, UTC ticks.</param>
/// <param name="To">The end that none goes beyond, UTC ticks.</param>
public readonly record struct HistoryQuery(PaneKey Like, long From, long To)
{
    /// <summary>Only starts that differ from this one by a multiple of <see cref="Every"/>.</summary>
    public long Anchor { get; init; }

    /// <summary>In ticks; 1: every start.</summary>
    public long Every { get; init; } = 1;

    public int Limit { get; init; } = int.MaxValue;
}

/// <summary>One version of a model that has been seen.</summary>
/// <param name="Windows">How many windows have been judged.</param>
/// <param name="Last">The last judged window.</param>
public sealed record ModelVersionSummary(string Model, string Version, string Reference, long Windows, Window? Last);
