namespace Drift.Alerts;

/// <summary>What one judged window, or the passing of time, came to.</summary>
public sealed record Judgement
{
    /// <summary>The states to keep, in the same transaction as the window.</summary>
    public required AlertStates States { get; init; }

    /// <summary>The notices to put into the outbox, in order, in the same transaction.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>Every rule that this window breached, whether or not it fires.</summary>
    public IReadOnlyList<Breach> Breaches { get; init; } = [];

    /// <summary>Every alert that changed its state, for the history.</summary>
    public IReadOnlyList<Transition> Transitions { get; init; } = [];

    /// <summary>When <see cref="AlertMachine.Tick"/> next has something to do, if no window comes before; null: nothing is waiting.</summary>
    public DateTimeOffset? Due { get; init; }
}

/// <summary>One rule breached by one window: the narrow index over stored readings.</summary>
public sealed record Breach
{
    /// <summary>The rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The alert that it counts for.</summary>
    public required string Key { get; init; }

    /// <summary>The measure furthest beyond the threshold.</summary>
    public required string Measure { get; init; }

    /// <summary>The column, or empty.</summary>
    public string Column { get; init; } = "";

    /// <summary>The segment, or empty.</summary>
    public string Segment { get; init; } = "";

    /// <summary>The value; NaN where there was no data.</summary>
    public double Value { get; init; } = double.NaN;

    /// <summary>The threshold; NaN where there is none.</summary>
    public double Threshold { get; init; } = double.NaN;

    /// <summary>The rows behind the value.</summary>
    public long Rows { get; init; }

    /// <summary>The rule's severity.</summary>
    public Severity Severity { get; init; }
}

/// <summary>One step of an alert's history. From firing to firing: its severity rose.</summary>
/// <param name="Alert">The alert after the step.</param>
/// <param name="From">Where it stood.</param>
/// <param name="To">Where it stands.</param>
/// <param name="WindowStart">The window that moved it.</param>
/// <param name="Revision">The window's revision.</param>
public sealed record Transition(Alert Alert, AlertStatus From, AlertStatus To, DateTimeOffset WindowStart, int Revision);
