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
            var id => Interval(binning!.Edges[id], binning.Edges[id + 1], FormatOf(binning)),
        };
    }

    /// <summary>A cell of a binning in words.</summary>
    internal static string Interval(double low, double high, string format)
    {
        var from = low.ToString(format, CultureInfo.InvariantCulture);
        return high == Math.BitIncrement(low) ? from : $"{from}..{high.ToString(format, CultureInfo.InvariantCulture)}";
    }

    /// <summary>The shortest number format that keeps all edges apart, but for those of one-value cells.</summary>
    internal static string FormatOf(Binning binning)
    {
        foreach (var format in (ReadOnlySpan<string>)["G4", "G6", "G9"])
        {
            var apart = true;
            var edges = binning.Edges;
            for (var i = 1; i < edges.Length && apart; i++)
                apart = edges[i] == Math.BitIncrement(edges[i - 1])
                    || edges[i].ToString(format, CultureInfo.InvariantCulture) != edges[i - 1].ToString(format, CultureInfo.InvariantCulture);
            if (apart) return format;
        }
        return "R";
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
