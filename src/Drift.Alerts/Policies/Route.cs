namespace Drift.Alerts;

/// <summary>Where alerts go and how they are gathered on the way. The first route that picks an alert takes it, unless it says to continue.</summary>
public sealed record Route
{
    /// <summary>Which alerts; the members <c>severity</c>, <c>models</c>, <c>alerts</c>, <c>segments</c> and <c>tags</c> of the document.</summary>
    public Selector Match { get; init; } = new();

    /// <summary>Alerts with equal values of these labels share a notice. Empty: one group of all.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = ["model"];

    /// <summary>How long a group's first notice waits for company.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>The least time between two notices of a group.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>After how long an alert that still fires is told again; zero: never.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Whether later routes may take the alert as well.</summary>
    public bool Continue { get; init; }

    /// <summary>Whether a notice lists the whole group, as Alertmanager does, or only what is new in it.</summary>
    public bool ListAll { get; init; }

    /// <summary>The channels, by name.</summary>
    public required IReadOnlyList<string> Channels { get; init; }

    /// <summary>When a review of the last days goes to the same channels; null: never.</summary>
    public ReviewSchedule? Report { get; init; }
}

/// <summary>When a review is sent, and how far back it looks.</summary>
/// <param name="Schedule">When, in its time zone.</param>
/// <param name="Since">How far back.</param>
public sealed record ReviewSchedule(Schedule Schedule, TimeSpan Since)
{
    /// <summary>How far back unless the policy says otherwise: a week.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromDays(7);
}

/// <summary>A time in which some alerts are not told.</summary>
public sealed record Silence
{
    /// <summary>Names the silence where it can be taken back; empty in a policy.</summary>
    public string Id { get; init; } = "";

    /// <summary>Which alerts.</summary>
    public required Selector Match { get; init; }

    /// <summary>From when; null: always before <see cref="Ends"/>.</summary>
    public DateTimeOffset? Starts { get; init; }

    /// <summary>Until when, excluded. A silence without an end is refused.</summary>
    public required DateTimeOffset Ends { get; init; }

    /// <summary>Who asked for it.</summary>
    public string Author { get; init; } = "";

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether it is in force.</summary>
    public bool IsActive(DateTimeOffset now) => (Starts is null || Starts <= now) && now < Ends;
}

/// <summary>A recurring time in which some alerts are not told.</summary>
public sealed record Maintenance
{
    /// <summary>Which alerts.</summary>
    public required Selector Match { get; init; }

    /// <summary>When it begins.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>How long it lasts.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>While an alert of one kind fires, alerts of another kind are not told: a schema break mutes the drift it causes.</summary>
public sealed record Inhibition
{
    /// <summary>The alerts that mute.</summary>
    public required Selector Source { get; init; }

    /// <summary>The alerts that are muted; never one that is a source itself.</summary>
    public required Selector Target { get; init; }

    /// <summary>Labels that both must have in common.</summary>
    public IReadOnlyList<string> Equal { get; init; } = ["model"];
}
