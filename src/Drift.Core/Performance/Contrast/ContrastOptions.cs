namespace Drift;

/// <summary>How a champion and a challenger are contrasted.</summary>
public sealed record ContrastOptions
{
    /// <summary>Whether row i of both sides is the same event, answered by both models (shadow).</summary>
    public bool Paired { get; init; }

    /// <summary>The level of the intervals; one minus it is the level at which a difference counts.</summary>
    public double Level { get; init; } = Intervals.Level;

    /// <summary>Labelled rows that each side must have.</summary>
    public long LeastRows { get; init; } = 100;

    /// <summary>The tau of the sequential test, in standard deviations.</summary>
    public double Tau { get; init; } = SequentialTest.Effect;

    /// <summary>Whether measures without a formula of their own (f1, aupr, ece, rmse, r2, averages over classes) are compared at all: by the bootstrap, which draws every row a thousand times.</summary>
    public bool Resample { get; init; } = true;

    /// <summary>The seed of the bootstrap.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The segment, as <c>column=value</c>.</summary>
    public string Segment { get; init; } = "";

    /// <summary>Why nothing can be judged yet whatever the rows say, for example a duration that is not over.</summary>
    public string? NotYet { get; init; }
}
