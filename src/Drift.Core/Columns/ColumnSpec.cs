namespace Drift;

/// <summary>What a column holds: numbers that are binned, or categories that are counted by value.</summary>
public enum ColumnKind
{
    /// <summary>Numbers.</summary>
    Numeric,

    /// <summary>Categories: text, booleans, codes.</summary>
    Categorical,
}

/// <summary>The type of a column's values in the model's signature.</summary>
public enum ColumnType
{
    /// <summary>Floating point.</summary>
    Float,

    /// <summary>Whole numbers.</summary>
    Int,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>Text.</summary>
    Text,

    /// <summary>An instant.</summary>
    Time,
}

/// <summary>What a column is for. Id, time and truth are never compared for drift.</summary>
public enum ColumnRole
{
    /// <summary>An input of the model.</summary>
    Feature,

    /// <summary>The model's answer.</summary>
    Prediction,

    /// <summary>A score behind the answer, for example a class probability.</summary>
    Score,

    /// <summary>What the right answer turned out to be.</summary>
    Truth,

    /// <summary>A column whose values divide the rows into segments.</summary>
    Segment,

    /// <summary>How the service behaved: latency, error, business metrics.</summary>
    Service,

    /// <summary>Identifies a row.</summary>
    Id,

    /// <summary>When the row happened.</summary>
    Time,

    /// <summary>Left out.</summary>
    Ignore,
}

/// <summary>One column of a model's signature.</summary>
public sealed record ColumnSpec
{
    /// <summary>The column's name; never empty.</summary>
    public required string Name { get; init; }

    /// <summary>Numeric or categorical.</summary>
    public required ColumnKind Kind { get; init; }

    /// <summary>The type of its values.</summary>
    public ColumnType Type { get; init; }

    /// <summary>What it is for.</summary>
    public ColumnRole Role { get; init; }

    /// <summary>Whether nulls are expected.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>The smallest allowed value.</summary>
    public double? Min { get; init; }

    /// <summary>The largest allowed value.</summary>
    public double? Max { get; init; }

    /// <summary>The only allowed categories; null allows any.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The largest allowed share of nulls, 0 to 1.</summary>
    public double? MaxNullRate { get; init; }

    /// <summary>Whether some values are not allowed.</summary>
    internal bool Forbids => Min is not null || Max is not null || Allowed is not null;

    /// <summary>Whether a number is outside the allowed range. NaN is none of the range's business: it has a rate of its own.</summary>
    internal bool IsForbidden(double value) => value < Min || value > Max;

    /// <summary>A numeric column.</summary>
    public static ColumnSpec Numeric(string name, ColumnRole role = ColumnRole.Feature) =>
        new() { Name = name, Kind = ColumnKind.Numeric, Type = ColumnType.Float, Role = role };

    /// <summary>A categorical column.</summary>
    public static ColumnSpec Categorical(string name, ColumnRole role = ColumnRole.Feature) =>
        new() { Name = name, Kind = ColumnKind.Categorical, Type = ColumnType.Text, Role = role };

    /// <summary>Whether the column takes part in drift measures: features, predictions, scores and segments do.</summary>
    public bool IsCompared => Role is ColumnRole.Feature or ColumnRole.Prediction or ColumnRole.Score or ColumnRole.Segment;

    /// <summary>Whether the column is profiled at all: everything but id, time and ignored columns.</summary>
    public bool IsProfiled => Role is not (ColumnRole.Id or ColumnRole.Time or ColumnRole.Ignore);
}
