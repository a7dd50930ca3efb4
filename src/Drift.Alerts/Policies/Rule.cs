namespace Drift.Alerts;

/// <summary>One rule of a policy: which readings it looks at, when one is too much, and for how many windows.</summary>
public sealed record Rule
{
    /// <summary>The rule's name, unique in its policy.</summary>
    public required string Name { get; init; }

    /// <summary>Measures by name or glob; the group <c>performance</c> stands for every realised performance measure.</summary>
    public required Globs Measures { get; init; }

    /// <summary>The roles of columns that the rule looks at; null for all.</summary>
    public IReadOnlyList<ColumnRole>? Roles { get; init; }

    /// <summary>Which models.</summary>
    public Globs Model { get; init; } = Globs.All;

    /// <summary>Which versions.</summary>
    public Globs Version { get; init; } = Globs.All;

    /// <summary>Which columns; readings of a whole window have the empty name.</summary>
    public Globs Column { get; init; } = Globs.All;

    /// <summary>Which segments (<c>country=DE</c>); all rows have the empty name.</summary>
    public Globs Segment { get; init; } = Globs.All;

    /// <summary>Which tags of the model; every one named must match.</summary>
    public IReadOnlyDictionary<string, Globs> Tags { get; init; } = Selector.NoTags;

    /// <summary>Breached when the value is greater.</summary>
    public double? Above { get; init; }

    /// <summary>Breached when the value is smaller.</summary>
    public double? Below { get; init; }

    /// <summary>Breached when the value differs from the reference's by more, in either direction.</summary>
    public double? ChangeAbove { get; init; }

    /// <summary>Breached when the value leaves limits that the reading itself carries.</summary>
    public Outside Outside { get; init; }

    /// <summary>Where the value must come back to for a window to count as clear; null: wherever it is not breached.</summary>
    public double? ClearAt { get; init; }

    /// <summary>Breached only when the adjusted p-value is smaller as well.</summary>
    public double? PAdjustedBelow { get; init; }

    /// <summary>How many windows must be breached; with <see cref="Outside.Reference"/> by the same measure on the same side.</summary>
    public Quorum For { get; init; } = Quorum.AtOnce;

    /// <summary>How many windows in a row must be clear before the rule stops firing.</summary>
    public int ClearFor { get; init; } = 1;

    /// <summary>Readings of fewer rows neither breach nor clear.</summary>
    public long MinRows { get; init; }

    /// <summary>What a window without any reading for this rule means.</summary>
    public Absence NoData { get; init; }

    /// <summary>What a failed reading means.</summary>
    public Absence OnError { get; init; }

    /// <summary>How much it matters.</summary>
    public Severity Severity { get; init; } = Severity.Warning;

    /// <summary>The name up to the first hyphen: rules of one family on one column make one alert, and this is its name.</summary>
    public string Family => Name.IndexOf('-', StringComparison.Ordinal) is > 0 and var at ? Name[..at] : Name;

    /// <summary>Whether the rule speaks about this model version at all.</summary>
    public bool AppliesTo(Window window)
    {
        ArgumentNullException.ThrowIfNull(window);
        return Model.Matches(window.Model) && Version.Matches(window.Version) && Selector.TagsMatch(Tags, window.Tags);
    }

    /// <summary>Whether the rule looks at this reading of a window it applies to.</summary>
    public bool LooksAt(Reading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        return Measured(reading) && Placed(reading);
    }

    internal bool Placed(Reading reading) =>
        (Roles is null || Roles.Contains(reading.Role)) && Column.Matches(reading.Column) && Segment.Matches(reading.Segment);

    internal bool Measured(Reading reading)
    {
        if (Measures.Matches(reading.Measure)) return true;
        return reading.Kind == ReadingKind.Performance && Measures.Patterns.Contains(MeasureNames.PerformanceGroup)
            && MeasureNames.IsRealised(reading.Measure);
    }
}
