namespace Drift;

/// <summary>One signal about one window: the waist through which everything that Drift computes reaches policies, stores, metrics and reports.</summary>
public sealed record Reading
{
    /// <summary>The measure's canonical name, for example <c>psi</c>, <c>missing_rate</c> or <c>f1</c>.</summary>
    public required string Measure { get; init; }

    /// <summary>The column, or an empty string for a reading of the whole window.</summary>
    public string Column { get; init; } = "";

    /// <summary>The column's role; <see cref="ColumnRole.Feature"/> for a reading of the whole window.</summary>
    public ColumnRole Role { get; init; }

    /// <summary>The segment as <c>column=value</c>, or an empty string for all rows.</summary>
    public string Segment { get; init; } = "";

    /// <summary>Which family of tests the reading belongs to, for multiple testing.</summary>
    public ReadingKind Kind { get; init; }

    /// <summary>The value; given whenever it can be computed, whatever the status. NaN when it cannot.</summary>
    public double Value { get; init; } = double.NaN;

    /// <summary>The same quantity in the reference, for rates and performance.</summary>
    public double? ReferenceValue { get; init; }

    /// <summary>The p-value of "nothing changed", where the measure has one.</summary>
    public double? PValue { get; init; }

    /// <summary>The p-value after Benjamini-Hochberg within (model, version, segment, window, kind).</summary>
    public double? PAdjusted { get; init; }

    /// <summary>The rows of the current side that the value rests on.</summary>
    public long Rows { get; init; }

    /// <summary>Whether the value can be relied on.</summary>
    public ReadingStatus Status { get; init; }

    /// <summary>The default judgement of one window: significant and over the effect floor. Policies judge for themselves.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>How the value came about: reason, bounds, cells, recipe. Null where there is nothing to add.</summary>
    public ReadingDetail? Detail { get; init; }
}

/// <summary>Whether a reading's value can be relied on.</summary>
public enum ReadingStatus
{
    /// <summary>The value is good.</summary>
    Ok,

    /// <summary>Too few rows for a verdict; the detail says how many are missing.</summary>
    InsufficientData,

    /// <summary>The measure has no meaning for this column.</summary>
    NotApplicable,

    /// <summary>The computation failed; the detail says why.</summary>
    Failed,
}

/// <summary>The judgement of one reading.</summary>
public enum Verdict
{
    /// <summary>Not judged.</summary>
    None,

    /// <summary>Judged and fine.</summary>
    Ok,

    /// <summary>Over the warning threshold.</summary>
    Warning,

    /// <summary>Over the critical threshold.</summary>
    Critical,
}

/// <summary>The families of readings within which p-values are adjusted together.</summary>
public enum ReadingKind
{
    /// <summary>A distribution against its reference.</summary>
    Drift,

    /// <summary>Missing, malformed or out-of-range data.</summary>
    Quality,

    /// <summary>Model performance, realised or estimated.</summary>
    Performance,

    /// <summary>Latency, errors, throughput, lag.</summary>
    Service,
}
