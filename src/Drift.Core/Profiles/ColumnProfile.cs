using System.Numerics;

namespace Drift;

/// <summary>What a profile knows about one column: a <see cref="Histogram"/> for numbers or <see cref="CategoryCounts"/> for categories.</summary>
public sealed class ColumnProfile : IAdditionOperators<ColumnProfile, ColumnProfile, ColumnProfile>
{
    /// <summary>A numeric column.</summary>
    public ColumnProfile(ColumnSpec spec, Histogram histogram) => (Spec, Histogram) = (spec, histogram);

    /// <summary>A categorical column.</summary>
    public ColumnProfile(ColumnSpec spec, CategoryCounts categories) => (Spec, Categories) = (spec, categories);

    /// <summary>The column.</summary>
    public ColumnSpec Spec { get; }

    /// <summary>Its name.</summary>
    public string Name => Spec.Name;

    /// <summary>The counts of a numeric column, else null.</summary>
    public Histogram? Histogram { get; }

    /// <summary>The counts of a categorical column, else null.</summary>
    public CategoryCounts? Categories { get; }

    /// <summary>All rows.</summary>
    public long Rows => Histogram?.Rows ?? Categories!.Rows;

    /// <summary>Rows with a value: neither null, nor NaN, nor of another type.</summary>
    public long Values => Histogram?.Values ?? Categories!.Values;

    /// <summary>Rows without a value.</summary>
    public long Null => Histogram?.Null ?? Categories!.Null;

    /// <summary>Cells that break the signature: values of another type, and those of <see cref="Forbidden"/>. Nulls are judged apart.</summary>
    public long Violations => Forbidden + (Histogram?.Mismatched ?? Categories!.Mismatched);

    /// <summary>Values that the signature does not allow: under <see cref="ColumnSpec.Min"/>, over <see cref="ColumnSpec.Max"/>, or none of <see cref="ColumnSpec.Allowed"/>.</summary>
    public long Forbidden { get; init; }

    /// <summary>The values of a numeric column within 1 %; null where they were only counted into cells, as in a window.</summary>
    public QuantileSketch? Sketch { get; init; }

    /// <summary>The variance of the cells' shares over time, as a multiple of what independent rows would show; at least 1. 1 when the reference had no times.</summary>
    public double DesignEffect { get; init; } = 1;

    /// <summary>The same cells without a count.</summary>
    internal ColumnProfile Empty() => Histogram is { } histogram
        ? new(Spec, Histogram.Empty(histogram.Binning)) { DesignEffect = DesignEffect, Sketch = Sketch is null ? null : QuantileSketch.Empty }
        : new(Spec, CategoryCounts.Empty(Categories!.Vocabulary)) { DesignEffect = DesignEffect };

    /// <summary>The counts of both sides together.</summary>
    /// <exception cref="InvalidOperationException">The columns or their cells differ.</exception>
    public static ColumnProfile operator +(ColumnProfile left, ColumnProfile right)
    {
        if (left.Name != right.Name || left.Spec.Kind != right.Spec.Kind)
            throw new InvalidOperationException($"column '{left.Name}' ({left.Spec.Kind}) cannot be merged with '{right.Name}' ({right.Spec.Kind})");
        var effect = Math.Max(left.DesignEffect, right.DesignEffect);
        var forbidden = left.Forbidden + right.Forbidden;
        return left.Histogram is { } histogram
            ? new(left.Spec, histogram + right.Histogram!) { DesignEffect = effect, Forbidden = forbidden, Sketch = left.Sketch is { } sketch && right.Sketch is { } other ? sketch + other : null }
            : new(left.Spec, left.Categories! + right.Categories!) { DesignEffect = effect, Forbidden = forbidden };
    }
}
