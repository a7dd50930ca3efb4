using System.Collections;
using System.Globalization;

namespace Drift;

public sealed partial class Cells
{
    /// <summary>
    /// A cell in words: <c>120..250</c> for [120, 250), <c>0</c> for a cell of one value, a category, or one of <c>below</c>, <c>above</c>, <c>-inf</c>, <c>+inf</c>,
    /// <c>other</c>, <c>unseen</c>, <c>nan</c>, <c>null</c>. Edges are rounded to as few digits as keep them apart.
    /// </summary>
    public string Label(int cell)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cell);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cell, Count);
        return ids[cell] switch
        {
            Below => "below",
            Above => "above",
            NegativeInfinity => "-inf",
            PositiveInfinity => "+inf",
            NaN => "nan",
            Null => "null",
            Other => "other",
            Unseen => "unseen",
            var id when categories is not null => categories[id],
            var id => Interval(binning!.Edges[id], binning.Edges[id + 1], DigitsOf(binning)),
        };
    }

    /// <summary>A cell of a binning in words.</summary>
    internal static string Interval(double low, double high, int digits) =>
        high == Math.BitIncrement(low) ? Number(low, digits) : $"{Number(low, digits)}..{Number(high, digits)}";

    /// <summary>Neighbouring cells of a binning, from one to before another, in words.</summary>
    internal static string LabelOf(Binning binning, int start, int end) => Interval(binning.Edges[start], binning.Edges[end], DigitsOf(binning));

    /// <summary>The fewest significant digits that keep all edges apart, but for those of one-value cells.</summary>
    internal static int DigitsOf(Binning binning)
    {
        foreach (var digits in (ReadOnlySpan<int>)[4, 6, 9])
        {
            var apart = true;
            var edges = binning.Edges;
            for (var i = 1; i < edges.Length && apart; i++) apart = edges[i] == Math.BitIncrement(edges[i - 1]) || Number(edges[i], digits) != Number(edges[i - 1], digits);
            if (apart) return digits;
        }
        return 17;
    }

    /// <summary>A number as people write it: whole digits in full, an exponent only where zeros would hide the number.</summary>
    static string Number(double value, int digits)
    {
        var magnitude = value == 0 ? 0 : Math.Floor(Math.Log10(Math.Abs(value)));
        if (magnitude is < -5 or > 14 || digits > 15) return value.ToString(digits > 15 ? "R" : $"G{digits}", CultureInfo.InvariantCulture);
        return value.ToString("0." + new string('#', Math.Max(0, digits - 1 - (int)magnitude)), CultureInfo.InvariantCulture);
    }

    /// <summary>The cells with their shares, what they add to psi (smoothed), the largest first; made when they are looked at.</summary>
    public IReadOnlyList<CellShare> Moved(int most = int.MaxValue) => new MovedCells(this, Math.Min(most, Count));

    CellShare[] Sorted()
    {
        var moved = new CellShare[Count];
        var keys = new double[Count];
        double n = ReferenceRows + Divergence.Smoothing * Count, m = CurrentRows + Divergence.Smoothing * Count;
        for (var i = 0; i < Count; i++)
        {
            var part = Divergence.PsiOf((reference[i] + Divergence.Smoothing) / n, (current[i] + Divergence.Smoothing) / m);
            moved[i] = new(Label(i), Share(reference[i], ReferenceRows), Share(current[i], CurrentRows), part);
            keys[i] = -part;
        }
        Array.Sort(keys, moved);
        return moved;
    }

    static double Share(long count, long rows) => rows == 0 ? 0 : (double)count / rows;

    /// <summary>Most readings of most windows are never looked at: labels and order wait for the first look.</summary>
    sealed class MovedCells(Cells cells, int most) : IReadOnlyList<CellShare>
    {
        CellShare[]? made;

        CellShare[] Made => made ??= cells.Sorted()[..most];

        public CellShare this[int index] => Made[index];

        public int Count => most;

        public IEnumerator<CellShare> GetEnumerator() => ((IEnumerable<CellShare>)Made).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
