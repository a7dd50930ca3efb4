using System.Numerics;

namespace Drift;

/// <summary>What a block held beside its cells.</summary>
struct Outside
{
    public long Below, Above, NaN, NegativeInfinity, PositiveInfinity;
}

/// <summary>Counts values into cells exactly as <see cref="Binning.BinOf"/> says.</summary>
static class CountingKernel
{
    /// <summary>Up to here comparing every value with every edge beats searching.</summary>
    const int MaxCompared = 32;

    public static void Count(Binning binning, ReadOnlySpan<double> values, Span<long> counts, ref Outside outside)
    {
        if (!Vector.IsHardwareAccelerated || binning.Count > MaxCompared || values.Length < Vector<double>.Count) CountScalar(binning, values, counts, ref outside);
        else
        {
            var whole = values.Length - values.Length % Vector<double>.Count;
            CountVector(binning.Edges, values[..whole], counts, ref outside);
            CountScalar(binning, values[whole..], counts, ref outside);
        }
    }

    /// <summary>The specification: one value at a time.</summary>
    public static void CountScalar(Binning binning, ReadOnlySpan<double> values, Span<long> counts, ref Outside outside)
    {
        foreach (var x in values)
        {
            switch (binning.BinOf(x))
            {
                case Binning.Below: outside.Below++; break;
                case Binning.Above: outside.Above++; break;
                case Binning.NaN: outside.NaN++; break;
                case Binning.NegativeInfinity: outside.NegativeInfinity++; break;
                case Binning.PositiveInfinity: outside.PositiveInfinity++; break;
                case var cell: counts[cell]++; break;
            }
        }
    }

    /// <summary>How many values are at or above each edge; neighbouring differences are the cells. A NaN is above nothing.</summary>
    static void CountVector(ReadOnlySpan<double> edges, ReadOnlySpan<double> values, Span<long> counts, ref Outside outside)
    {
        var atFirst = AtOrAbove(values, edges[0]);
        var at = atFirst;
        for (var i = 1; i < edges.Length - 1; i++)
        {
            var next = AtOrAbove(values, edges[i]);
            counts[i - 1] += at - next;
            at = next;
        }
        var over = AtOrAbove(values, Math.BitIncrement(edges[^1]));
        counts[edges.Length - 2] += at - over;
        var positive = AtOrAbove(values, double.PositiveInfinity);
        var negative = values.Length - AtOrAbove(values, double.MinValue);
        var nan = negative == 0 ? 0 : values.Length - AtOrAbove(values, double.NegativeInfinity);
        outside.PositiveInfinity += positive;
        outside.Above += over - positive;
        outside.NaN += nan;
        outside.NegativeInfinity += negative - nan;
        outside.Below += values.Length - negative - atFirst;
    }

    static long AtOrAbove(ReadOnlySpan<double> values, double edge)
    {
        var (limit, count) = (new Vector<double>(edge), Vector<long>.Zero);
        for (var i = 0; i < values.Length; i += Vector<double>.Count) count -= Vector.GreaterThanOrEqual(new Vector<double>(values[i..]), limit);
        return Vector.Sum(count);
    }
}
