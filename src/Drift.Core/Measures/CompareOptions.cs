namespace Drift;

/// <summary>What to compare and when to call it drift. The defaults were chosen by simulation; each number says from what.</summary>
public sealed record CompareOptions
{
    /// <summary>The defaults.</summary>
    public static CompareOptions Default { get; } = new();

    /// <summary>The measures by canonical name; null takes the defaults of each column's kind (<see cref="Measure.Defaults"/>).</summary>
    public IReadOnlyList<string>? Measures { get; init; }

    /// <summary>The only columns to compare; null compares every column whose role takes part.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Whether null and NaN are cells of the drift measures too. Off: one cause, one alert, and missing_rate and nan_rate have it.</summary>
    public bool NullCell { get; init; }

    /// <summary>The level that p_adjusted must stay under for a verdict. 0.01.</summary>
    public double Alpha { get; init; } = Power.Level;

    /// <summary>The effect (psi_corrected or ks) from which a significant drift is a warning. 0.1.</summary>
    public double WarningFloor { get; init; } = 0.1;

    /// <summary>The effect from which a significant drift is critical. 0.2.</summary>
    public double CriticalFloor { get; init; } = 0.2;

    /// <summary>The change of a rate from which a significant change is a warning. One point: the test alone gives up to 65 false hits a year on 50 columns.</summary>
    public double RateWarningFloor { get; init; } = 0.01;

    /// <summary>The change of a rate from which a significant change is critical. 20 points.</summary>
    public double RateCriticalFloor { get; init; } = 0.2;

    /// <summary>The share of cells that break the signature from which a column is critical. 0.01.</summary>
    public double ViolationFloor { get; init; } = 0.01;

    /// <summary>Vectors whose components stand in several columns; those columns are not compared one by one. They need the rows of both sides.</summary>
    public IReadOnlyList<VectorColumn> Vectors { get; init; } = [];

    /// <summary>By what a value is called drift. Significance.</summary>
    public ThresholdRule Threshold { get; init; } = ThresholdRule.Significance;

    /// <summary>What the measures were over the reference's own chunks; null takes those that its profile holds, or, where its rows are at hand and the rule asks for them, ten equal chunks.</summary>
    public MeasureBaselines? Baselines { get; init; }

    /// <summary>The segment that both sides are of, as <c>column=value</c>; goes into every reading.</summary>
    public string Segment { get; init; } = "";

    /// <summary>Whose definitions, default measures and thresholds to follow: Drift's own, or one of <see cref="Recipes.Recipe.Names"/>.</summary>
    public string Recipe { get; init; } = DriftReport.OwnRecipe;

    internal bool IsOwnRecipe => Recipe == DriftReport.OwnRecipe;
}
