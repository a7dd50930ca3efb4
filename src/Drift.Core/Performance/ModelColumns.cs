namespace Drift;

/// <summary>Where a model's answers and their truth stand in a table.</summary>
public sealed record ModelColumns
{
    /// <summary>What the model's answer is.</summary>
    public required PerformanceTask Task { get; init; }

    /// <summary>The column with the truth; null where it is not known yet.</summary>
    public string? Truth { get; init; }

    /// <summary>The column with the answer; for a ranking the score that items are ordered by. Null for a binary score alone, which says yes from 0.5.</summary>
    public string? Prediction { get; init; }

    /// <summary>The columns with the probabilities. Binary: one, of the positive class. Multiclass: one per class, named, or all unnamed in the order of the classes.</summary>
    public IReadOnlyList<ScoreColumn> Scores { get; init; } = [];

    /// <summary>The positive class; null for 1, true or yes (in any case of letters), else the greater of the two that occur.</summary>
    public string? Positive { get; init; }

    /// <summary>The column that says which query an item belongs to.</summary>
    public string? Query { get; init; }

    /// <summary>How many ranks of a query count; 0 for all.</summary>
    public int Cut { get; init; }
}

/// <summary>A column of probabilities.</summary>
/// <param name="Class">The class it is the probability of; null when it follows from the order.</param>
/// <param name="Column">The column.</param>
public readonly record struct ScoreColumn(string? Class, string Column);
