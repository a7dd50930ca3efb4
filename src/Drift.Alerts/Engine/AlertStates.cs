namespace Drift.Alerts;

/// <summary>Everything the machine remembers between windows. Immutable, small (quiet columns leave no trace), and stored as text by <see cref="AlertFormat"/>.</summary>
/// <remarks>Keep one per model: inhibition and the end of retired versions look across a model's versions, never across models.</remarks>
public sealed record AlertStates
{
    /// <summary>Nothing remembered.</summary>
    public static AlertStates Empty { get; } = new();

    /// <summary>The alerts that are pending, firing, or resolved and not yet told so, by key.</summary>
    public IReadOnlyDictionary<string, AlertState> Alerts { get; init; } = new Dictionary<string, AlertState>();

    /// <summary>When each group may next be told, for routes that wait.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Groups { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>The latest window that a family of rules judged, by model, version and family.</summary>
    public IReadOnlyDictionary<string, Span> Judged { get; init; } = new Dictionary<string, Span>();

    /// <summary>The alerts in the order of their keys.</summary>
    public IEnumerable<Alert> Current => Alerts.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value.Alert);

    /// <summary>With an alert acknowledged: it is neither repeated nor escalated until the acknowledgement or the alert ends. Unchanged when there is no such alert.</summary>
    public AlertStates Acknowledge(string key, Acknowledgement acknowledgement) =>
        Alerts.TryGetValue(key, out var state) ? With(state with { Acknowledged = acknowledgement }) : this;

    internal AlertStates With(AlertState state) => this with { Alerts = new Dictionary<string, AlertState>(Alerts) { [state.Alert.Key] = state } };
}

/// <summary>One alert with what the machine needs to go on.</summary>
public sealed record AlertState
{
    /// <summary>The alert as it is shown.</summary>
    public required Alert Alert { get; init; }

    /// <summary>Of an alert that is over: how it looks as a pending one, when some of its windows still count for a next episode.</summary>
    public Alert? Remaining { get; init; }

    /// <summary>The rules of its family that were breached lately or fire.</summary>
    public IReadOnlyList<RuleState> Rules { get; init; } = [];

    /// <summary>Which channels were told in this episode.</summary>
    public IReadOnlyList<Told> Told { get; init; } = [];

    /// <summary>Who has taken it on.</summary>
    public Acknowledgement? Acknowledged { get; init; }

    /// <summary>The latest window with a reading of it, whatever its status.</summary>
    public Span Seen { get; init; }
}

/// <summary>One rule's memory of one alert.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Firing">Whether it fires.</param>
/// <param name="Marks">The last windows, in the order of their ends.</param>
public sealed record RuleState(string Rule, bool Firing, IReadOnlyList<Mark> Marks);

/// <summary>A stretch of event time.</summary>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first instant after it.</param>
public readonly record struct Span(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>Its length.</summary>
    public TimeSpan Length => End - Start;

    internal static Span Of(Window window) => new(window.Start.ToUniversalTime(), window.End.ToUniversalTime());
}

/// <summary>What one window was to one rule.</summary>
public enum Outcome
{
    /// <summary>Not judged: too few rows, no such measure here, nothing to compare with. Leaves no mark.</summary>
    Unjudged,

    /// <summary>Back where the rule says it is clear.</summary>
    Clear,

    /// <summary>Neither breached nor back under the point of clearing.</summary>
    Between,

    /// <summary>Breached.</summary>
    Breached,
}

/// <summary>A judged window in a rule's memory.</summary>
/// <param name="Window">The window.</param>
/// <param name="Outcome">What it was.</param>
/// <param name="Beyond">Of a rule with limits from the reference: which measures were beyond them and on which side, separated by blanks; else empty.</param>
public readonly record struct Mark(Span Window, Outcome Outcome, string Beyond = "");

/// <summary>That a channel was told of an alert in its present episode.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Severity">The highest severity told.</param>
/// <param name="At">When last.</param>
/// <param name="Times">How often.</param>
public readonly record struct Told(string Channel, Severity Severity, DateTimeOffset At, int Times);

/// <summary>That somebody has taken an alert on.</summary>
/// <param name="Author">Who.</param>
/// <param name="Reason">Why, or what is being done.</param>
/// <param name="At">When.</param>
/// <param name="Until">Until when it counts; null: as long as the alert fires.</param>
public sealed record Acknowledgement(string Author, string Reason, DateTimeOffset At, DateTimeOffset? Until)
{
    /// <summary>Whether it counts.</summary>
    public bool IsActive(DateTimeOffset now) => Until is null || now < Until;
}
