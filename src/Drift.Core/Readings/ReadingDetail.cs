namespace Drift;

/// <summary>How a reading's value came about, small enough to store with every window.</summary>
public sealed record ReadingDetail
{
    /// <summary>Why the status is not ok, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>The recipe when it is not Drift's own, for example <c>evidently</c>.</summary>
    public string? Recipe { get; init; }

    /// <summary>The certified lower bound of the value, or the lower end of its interval.</summary>
    public double? Lower { get; init; }

    /// <summary>The certified upper bound of the value, or the upper end of its interval.</summary>
    public double? Upper { get; init; }

    /// <summary>The class that a per-class performance measure speaks of.</summary>
    public string? Class { get; init; }

    /// <summary>The cells that moved, largest contribution first.</summary>
    public IReadOnlyList<CellShare> Cells { get; init; } = [];

    /// <summary>Further numbers by name, for example <c>cells</c>, <c>dof</c>, <c>missing_rows</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Numbers { get; init; } = [];
}

/// <summary>One cell of a comparison.</summary>
/// <param name="Cell">The cell in words: <c>120..250</c>, a category, <c>below</c>, <c>unseen</c>.</param>
/// <param name="Reference">Its share of the reference, 0 to 1.</param>
/// <param name="Current">Its share of the current window, 0 to 1.</param>
/// <param name="Contribution">Its part of the measure's value.</param>
public readonly record struct CellShare(string Cell, double Reference, double Current, double Contribution);
