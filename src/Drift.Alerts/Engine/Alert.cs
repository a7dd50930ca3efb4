namespace Drift.Alerts;

/// <summary>Where an alert stands.</summary>
public enum AlertStatus
{
    /// <summary>Nothing is wrong any more, and nobody had been told.</summary>
    Inactive,

    /// <summary>Breached, but not yet in enough windows.</summary>
    Pending,

    /// <summary>Breached in enough windows.</summary>
    Firing,

    /// <summary>Was firing, is clear again.</summary>
    Resolved,
}

/// <summary>One thing that is wrong with one column, segment and model version, as people are told about it.</summary>
public sealed record Alert
{
    /// <summary>The names of the labels, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> LabelNames { get; } = ["alertname", "model", "version", "column", "measure", "segment", "severity"];

    /// <summary>The identity: a fingerprint of alertname, model, version, column and segment. Measure and severity may change while an alert lives.</summary>
    public required string Key { get; init; }

    /// <summary>The family of rules that it belongs to; the label <c>alertname</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The model's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The column, or empty for the whole window.</summary>
    public string Column { get; init; } = "";

    /// <summary>The segment, or empty for all rows.</summary>
    public string Segment { get; init; } = "";

    /// <summary>The measure that is furthest beyond its threshold.</summary>
    public string Measure { get; init; } = "";

    /// <summary>The severity of the most severe rule that fires (while pending: that is breached).</summary>
    public Severity Severity { get; init; }

    /// <summary>Where it stands.</summary>
    public AlertStatus Status { get; init; }

    /// <summary>Names one stretch of firing: the same from the first notice to the resolving one, and never used again. Empty while pending.</summary>
    public string Episode { get; init; } = "";

    /// <summary>The rule whose threshold is shown.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The measure's value in the last breached window; NaN where there was no data.</summary>
    public double Value { get; init; } = double.NaN;

    /// <summary>The threshold that it is beyond; NaN where there is none.</summary>
    public double Threshold { get; init; } = double.NaN;

    /// <summary>The rows behind the value.</summary>
    public long Rows { get; init; }

    /// <summary>The start of the first breached window.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The end of the window that made it fire; null while pending.</summary>
    public DateTimeOffset? FiredAt { get; init; }

    /// <summary>The end of the window that cleared it.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>How many of the last windows were breached.</summary>
    public int Breached { get; init; }

    /// <summary>Of how many.</summary>
    public int Of { get; init; }

    /// <summary>The one sentence that says it.</summary>
    public string Text { get; init; } = "";

    /// <summary>Where to look further; empty when the host gave no address.</summary>
    public string Link { get; init; } = "";

    /// <summary>The reference that it was judged by; empty where nobody said.</summary>
    public string Reference { get; init; } = "";

    /// <summary>The model's tags (team, owner, risk tier).</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>How far the value is beyond the threshold, as a multiple of it: a notice begins with the largest. Where one of the two is missing, more than any.</summary>
    public double Beyond => double.IsNaN(Value) || double.IsNaN(Threshold) ? double.MaxValue : Math.Abs(Value - Threshold) / Math.Max(Math.Abs(Threshold), 1e-9);

    /// <summary>A label by name; empty for a name that is none.</summary>
    public string Label(string name) => name switch
    {
        "alertname" => Name,
        "model" => Model,
        "version" => Version,
        "column" => Column,
        "measure" => Measure,
        "segment" => Segment,
        "severity" => Severity == Severity.Critical ? "critical" : "warning",
        _ => "",
    };

    /// <summary>The sentence.</summary>
    public override string ToString() => Text;
}
