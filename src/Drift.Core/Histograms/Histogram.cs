using System.Numerics;

namespace Drift;

/// <summary>
/// The counts of a numeric column over a <see cref="Binning"/>. Everything that is not in a cell is counted apart: it is drift, never an error.
/// Immutable; + is exact integer addition and demands equal edges.
/// </summary>
public sealed class Histogram : IAdditionOperators<Histogram, Histogram, Histogram>
{
    readonly long[] counts;

    internal Histogram(Binning binning, long[] counts)
    {
        if (counts.Length != binning.Count) throw new ArgumentException($"{counts.Length} counts for {binning.Count} cells", nameof(counts));
        foreach (var count in counts) ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
        (Binning, this.counts) = (binning, counts);
    }

    /// <summary>A histogram with the given counts and nothing outside.</summary>
    /// <exception cref="ArgumentException">Not one count per cell, or a negative one.</exception>
    public static Histogram FromCounts(Binning binning, ReadOnlySpan<long> counts) => new(binning, counts.ToArray());

    /// <summary>The histogram of a sample.</summary>
    public static Histogram Of(Binning binning, ReadOnlySpan<double> values)
    {
        var counter = new HistogramCounter(binning);
        counter.Add(values, default, 0);
        return counter.ToHistogram();
    }

    /// <summary>The histogram of nothing: the identity of +.</summary>
    public static Histogram Empty(Binning binning) => new(binning, new long[binning.Count]);

    /// <summary>The cells.</summary>
    public Binning Binning { get; }

    /// <summary>The count of each cell.</summary>
    public ReadOnlySpan<long> Counts => counts;

    /// <summary>Rows without a value.</summary>
    public long Null { get; init; }

    /// <summary>Rows that are NaN.</summary>
    public long NaN { get; init; }

    /// <summary>Rows that are negative infinity.</summary>
    public long NegativeInfinity { get; init; }

    /// <summary>Rows that are positive infinity.</summary>
    public long PositiveInfinity { get; init; }

    /// <summary>Finite values below the first edge.</summary>
    public long Below { get; init; }

    /// <summary>Finite values above the last edge.</summary>
    public long Above { get; init; }

    /// <summary>Rows that hold a value of another type; they are not among <see cref="Null"/>.</summary>
    public long Mismatched { get; init; }

    /// <summary>Count, mean, spread and range of the finite values.</summary>
    public Moments Moments { get; init; } = Moments.Empty;

    /// <summary>The sum of the cells.</summary>
    public long InRange => counts.Sum();

    /// <summary>Rows with a value: neither null, nor NaN, nor of another type.</summary>
    public long Values => InRange + NegativeInfinity + PositiveInfinity + Below + Above;

    /// <summary>All rows.</summary>
    public long Rows => Values + Null + NaN + Mismatched;

    /// <summary>The counts of both sides together.</summary>
    /// <exception cref="InvalidOperationException">The edges differ: nothing is silently re-binned.</exception>
    public static Histogram operator +(Histogram left, Histogram right)
    {
        if (!left.Binning.Equals(right.Binning)) throw new InvalidOperationException($"histograms with different edges cannot be merged ({left.Binning.Count} and {right.Binning.Count} cells)");
        var counts = new long[left.counts.Length];
        for (var i = 0; i < counts.Length; i++) counts[i] = checked(left.counts[i] + right.counts[i]);
        return new(left.Binning, counts)
        {
            Null = left.Null + right.Null,
            NaN = left.NaN + right.NaN,
            NegativeInfinity = left.NegativeInfinity + right.NegativeInfinity,
            PositiveInfinity = left.PositiveInfinity + right.PositiveInfinity,
            Below = left.Below + right.Below,
            Above = left.Above + right.Above,
            Mismatched = left.Mismatched + right.Mismatched,
            Moments = left.Moments + right.Moments,
        };
    }
}
