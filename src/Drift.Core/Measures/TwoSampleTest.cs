namespace Drift;

/// <summary>The outcome of a test of "both samples come from one distribution".</summary>
/// <param name="Statistic">The test's statistic; NaN when a side has no usable value.</param>
/// <param name="PValue">The probability of a statistic at least as extreme if nothing changed, 0 to 1; NaN when the statistic is.</param>
public readonly record struct TwoSampleTest(double Statistic, double PValue)
{
    /// <summary>The outcome of a test that cannot be made, for example because a side is empty: both numbers NaN.</summary>
    public static TwoSampleTest NotApplicable { get; } = new(double.NaN, double.NaN);
}

/// <summary>What counts as extreme; each test says what its words mean, always as in scipy.</summary>
public enum Alternative
{
    /// <summary>A difference in either direction.</summary>
    TwoSided,

    /// <summary>Kolmogorov-Smirnov: F below G somewhere. Mann-Whitney: the first sample tends to the smaller values.</summary>
    Less,

    /// <summary>Kolmogorov-Smirnov: F above G somewhere. Mann-Whitney: the first sample tends to the greater values.</summary>
    Greater,
}

/// <summary>How a p-value is computed.</summary>
public enum PValueMethod
{
    /// <summary>Exact where it is affordable, else asymptotic; each test states its limit.</summary>
    Auto,

    /// <summary>From the exact law of the statistic.</summary>
    Exact,

    /// <summary>From the law for large samples.</summary>
    Asymptotic,
}
