namespace Drift.Alerts;

/// <summary>How much a breached rule matters. Ordered: a family of rules shows the most severe one.</summary>
public enum Severity
{
    /// <summary>Someone should look at it in working hours.</summary>
    Warning,

    /// <summary>Someone should look at it now.</summary>
    Critical,
}

/// <summary>Limits that a rule takes from the reading instead of from the policy.</summary>
public enum Outside
{
    /// <summary>The rule names its own threshold.</summary>
    None,

    /// <summary>Outside the thresholds of the reference's own chunks (<see cref="ReadingLimits.Lower"/>, <see cref="ReadingLimits.Upper"/>).</summary>
    Reference,

    /// <summary>Beyond the limit of the model's service level (<see cref="ReadingLimits.Sla"/>).</summary>
    Sla,
}

/// <summary>What a window without a reading for a rule, or with a failed one, does to the rule's count.</summary>
public enum Absence
{
    /// <summary>Nothing: the window neither breaches nor clears.</summary>
    Keep,

    /// <summary>The window counts as breached.</summary>
    Alert,

    /// <summary>The window counts as clear.</summary>
    Ok,
}

/// <summary>The names under which a reading's <see cref="ReadingDetail.Numbers"/> carry the limits that <c>outside</c> rules compare with.</summary>
public static class ReadingLimits
{
    /// <summary>The lower threshold of the reference's own chunks. Absent: no lower limit.</summary>
    public const string Lower = "threshold_lower";

    /// <summary>The upper threshold of the reference's own chunks. Absent: no upper limit.</summary>
    public const string Upper = "threshold_upper";

    /// <summary>The limit from the model's <c>Sla</c> section: a floor for measures where more is better, else a ceiling.</summary>
    public const string Sla = "sla";
}
