namespace Drift;

/// <summary>What a model's answer is, and so which measures apply.</summary>
public enum PerformanceTask
{
    /// <summary>One of two classes.</summary>
    Binary,

    /// <summary>One of several classes.</summary>
    Multiclass,

    /// <summary>A number.</summary>
    Regression,

    /// <summary>An order of items for a query.</summary>
    Ranking,
}

/// <summary>One performance measure of a tally.</summary>
/// <param name="Measure">The canonical name.</param>
/// <param name="Value">The value; NaN when it is not defined on these rows.</param>
/// <param name="Rows">The rows it rests on.</param>
public readonly record struct PerformanceValue(string Measure, double Value, long Rows)
{
    /// <summary>The class it speaks of, for per-class measures.</summary>
    public string? Class { get; init; }

    /// <summary>The certified bounds, where a sketch left something open, or the ends of an estimate's interval.</summary>
    public (double Lower, double Upper)? Bounds { get; init; }

    /// <summary>Why it is not defined.</summary>
    public string? Reason { get; init; }

    /// <summary>What belongs to it: the confusion matrix of accuracy, the cut of a ranking, zero truths of mape.</summary>
    public IReadOnlyList<KeyValuePair<string, double>>? Numbers { get; init; }

    internal static PerformanceValue Of(string measure, BoundedValue value, long rows, string reason) => new(measure, value.Value, rows)
    {
        Bounds = value.IsExact || double.IsNaN(value.Value) ? null : (value.Lower, value.Upper),
        Reason = double.IsNaN(value.Value) ? reason : null,
    };
}

/// <summary>What every tally of a task offers: its measures and its size.</summary>
public interface IPerformanceTally
{
    /// <summary>Rows that were seen.</summary>
    long Rows { get; }

    /// <summary>Rows whose truth is known.</summary>
    long Labelled { get; }

    /// <summary>The measures by canonical name.</summary>
    IReadOnlyList<PerformanceValue> Values();
}
