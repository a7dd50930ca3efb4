using System.Runtime.CompilerServices;

namespace Drift;

/// <summary>The mutable side of <see cref="Histogram"/>: counts blocks of values.</summary>
sealed class HistogramCounter(Binning binning)
{
    /// <summary>One block stays in the first-level cache while it is cleaned, summed and counted.</summary>
    const int Block = CellKernel.Block;

    readonly long[] counts = new long[binning.Count];
    Outside outside;
    long nulls, mismatched;
    Moments moments = Moments.Empty;

    public Binning Binning => binning;

    public void AddNull(long count) => nulls += count;

    public void AddMismatched(long count) => mismatched += count;

    /// <summary>Counts values; a value whose validity bit is 0 is never looked at.</summary>
    public void Add(ReadOnlySpan<double> values, ReadOnlySpan<byte> validity, int offset)
    {
        Validity.Check(validity, offset, values.Length);
        for (; values.Length > Block; values = values[Block..], offset += Block) AddBlock(values[..Block], validity, offset);
        AddBlock(values, validity, offset);
    }

    [SkipLocalsInit]
    void AddBlock(ReadOnlySpan<double> values, ReadOnlySpan<byte> validity, int offset)
    {
        var missing = Validity.CountNulls(validity, offset, values.Length);
        if (missing == 0)
        {
            Count(values);
            return;
        }
        nulls += missing;
        Span<double> present = stackalloc double[Block];
        var kept = 0;
        for (var i = 0; i < values.Length; i++)
            if (Validity.IsValid(validity, offset + i)) present[kept++] = values[i];
        Count(present[..kept]);
    }

    void Count(ReadOnlySpan<double> values)
    {
        var block = MomentsKernel.Of(values);
        moments += block;
        var inside = block.N == values.Length && block.Min >= binning.Edges[0] && block.Max <= binning.Edges[^1];
        CountingKernel.CountBlock(binning, values, counts, ref outside, inside);
    }

    /// <summary>Continues from counts made earlier over the same cells.</summary>
    public void Load(Histogram partial)
    {
        for (var i = 0; i < counts.Length; i++) counts[i] += partial.Counts[i];
        outside = new()
        {
            Below = outside.Below + partial.Below,
            Above = outside.Above + partial.Above,
            NaN = outside.NaN + partial.NaN,
            NegativeInfinity = outside.NegativeInfinity + partial.NegativeInfinity,
            PositiveInfinity = outside.PositiveInfinity + partial.PositiveInfinity,
        };
        nulls += partial.Null;
        mismatched += partial.Mismatched;
        moments += partial.Moments;
    }

    public void Clear()
    {
        Array.Clear(counts);
        (outside, nulls, mismatched, moments) = (default, 0, 0, Moments.Empty);
    }

    public Histogram ToHistogram() => new(binning, [.. counts])
    {
        Null = nulls,
        NaN = outside.NaN,
        NegativeInfinity = outside.NegativeInfinity,
        PositiveInfinity = outside.PositiveInfinity,
        Below = outside.Below,
        Above = outside.Above,
        Mismatched = mismatched,
        Moments = moments,
    };
}
