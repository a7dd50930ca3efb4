namespace Drift;

/// <summary>How the edges of a numeric column are chosen from the reference.</summary>
public enum BinningRule
{
    /// <summary>Drift's own rule, <see cref="Binning.Default"/>.</summary>
    Default,

    /// <summary>Quantiles, <see cref="Binning.Quantile"/>.</summary>
    Quantile,

    /// <summary>Equal widths between the smallest and the largest value, <see cref="Binning.Uniform"/>.</summary>
    Uniform,

    /// <summary>Equal widths, as many as Sturges' rule says.</summary>
    Sturges,

    /// <summary>Equal widths, as many as Doane's rule says.</summary>
    Doane,
}

public sealed partial class Binning
{
    /// <summary>Up to this many distinct values, each value of the reference is a cell of its own.</summary>
    public const int MaxPointCells = 20;

    /// <summary>Chooses edges from a reference sample by a named rule; values that are not finite are passed over.</summary>
    /// <exception cref="ArgumentException">No value is finite, or <paramref name="bins"/> is out of range.</exception>
    public static Binning Choose(BinningRule rule, ReadOnlySpan<double> values, int bins = 10)
    {
        CheckBins(bins);
        var sorted = Quantiles.SortedFinite(values);
        return sorted.Length > 0 ? ChooseSorted(rule, sorted, bins) : throw new ArgumentException("no value is finite, so there is nothing to choose edges from", nameof(values));
    }

    /// <summary>The same for values that are finite and ascending, one at least.</summary>
    internal static Binning ChooseSorted(BinningRule rule, ReadOnlySpan<double> sorted, int bins)
    {
        CheckBins(bins);
        if (sorted[0] == sorted[^1]) return Point(sorted[0]);
        return rule switch
        {
            BinningRule.Default => FromSorted(sorted, bins),
            BinningRule.Quantile => Of(Distinct(Quantiles.Cuts(sorted, bins))),
            BinningRule.Uniform => Uniform(sorted[0], sorted[^1], bins),
            BinningRule.Sturges => Uniform(sorted[0], sorted[^1], Math.Min(MaxCount, (int)Math.Ceiling(Math.Log2(sorted.Length) + 1))),
            BinningRule.Doane => Uniform(sorted[0], sorted[^1], DoaneCount(sorted)),
            _ => throw new ArgumentOutOfRangeException(nameof(rule)),
        };
    }

    /// <summary>
    /// Drift's own rule. At most 20 distinct values: an edge at each value, the last cell closed at the next double after the last value.
    /// Otherwise every value that holds at least 1/bins of the rows is a cell [v, BitIncrement(v)) of its own, and the other values are cut
    /// at their own quantiles so that there are <paramref name="bins"/> cells in all, at least 3 of them for those others. A constant c
    /// has the edges c, BitIncrement(c). Deciles merged on ties would be blind on zero-inflated columns.
    /// </summary>
    public static Binning Default(ReadOnlySpan<double> values, int bins = 10) => Choose(BinningRule.Default, values, bins);

    /// <summary>Quantile edges by the linear rule (type 7), ties merged.</summary>
    public static Binning Quantile(ReadOnlySpan<double> values, int bins) => Choose(BinningRule.Quantile, values, bins);

    static Binning Point(double value) => value == double.MaxValue ? Of([Math.BitDecrement(value), value]) : Of([value, Math.BitIncrement(value)]);

    static Binning FromSorted(ReadOnlySpan<double> sorted, int bins)
    {
        var (few, heavy) = Runs(sorted, bins);
        // The largest double has no next one: its cell then is the one before it, closed.
        if (few.Count <= MaxPointCells) return Of([.. few, .. sorted[^1] < double.MaxValue ? [Math.BitIncrement(sorted[^1])] : Array.Empty<double>()]);
        if (heavy.Count == 0) return Of(Distinct(Quantiles.Cuts(sorted, bins)));
        var light = new double[sorted.Length];
        var count = 0;
        foreach (var value in sorted)
            if (!heavy.Contains(value)) light[count++] = value;
        var rest = light.AsSpan(0, count);
        // A heavy value between the others splits one of their cells: fewer cuts then, so that the total stays.
        for (var cells = Math.Max(3, bins - heavy.Count); ; cells--)
        {
            var edges = WithPoints(sorted, rest, heavy, cells);
            if (edges.Length - 1 <= bins || cells <= 3) return Of(edges);
        }
    }

    static double[] WithPoints(ReadOnlySpan<double> sorted, ReadOnlySpan<double> rest, HashSet<double> heavy, int cells)
    {
        var edges = new SortedSet<double> { sorted[0] };
        if (!heavy.Contains(sorted[^1])) edges.Add(sorted[^1]);
        foreach (var value in heavy)
        {
            edges.Add(value);
            // Without another value up to the next heavy one, that one's edge ends the cell: no cell is empty in the reference.
            var next = sorted.BinarySearch(Math.BitIncrement(value)) is var at && at < 0 ? ~at : at;
            if (value < double.MaxValue && (next == sorted.Length || !heavy.Contains(sorted[next]))) edges.Add(Math.BitIncrement(value));
        }
        foreach (var cut in Quantiles.Cuts(rest, cells)[1..^1])
            if (!heavy.Contains(cut)) edges.Add(cut);
        return [.. edges];
    }

    /// <summary>The first few distinct values, one more than may be cells of their own, and all that hold at least 1/bins of the rows.</summary>
    static (List<double> Few, HashSet<double> Heavy) Runs(ReadOnlySpan<double> sorted, int bins)
    {
        var (few, heavy) = (new List<double>(), new HashSet<double>());
        for (var start = 0; start < sorted.Length;)
        {
            var end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start]) end++;
            if (few.Count <= MaxPointCells) few.Add(sorted[start]);
            if ((end - start) * (long)bins >= sorted.Length) heavy.Add(sorted[start]);
            start = end;
        }
        return (few, heavy);
    }

    static double[] Distinct(double[] cuts)
    {
        var distinct = new List<double> { cuts[0] };
        foreach (var cut in cuts)
            if (cut > distinct[^1]) distinct.Add(cut);
        return distinct.Count > 1 ? [.. distinct] : [.. Point(cuts[0]).Edges];
    }

    static int DoaneCount(ReadOnlySpan<double> sorted)
    {
        if (sorted.Length < 3) return 1;
        double n = sorted.Length, mean = Moments.Of(sorted).Mean, m2 = 0, m3 = 0;
        foreach (var x in sorted)
        {
            var d = x - mean;
            m2 += d * d;
            m3 += d * d * d;
        }
        var sigma = Math.Sqrt(m2 / n);
        if (!(sigma > 0)) return 1;
        var skew = Math.Abs(m3 / n / (sigma * sigma * sigma));
        var spread = Math.Sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
        var width = (sorted[^1] - sorted[0]) / (1 + Math.Log2(n) + Math.Log2(1 + skew / spread));
        return Math.Clamp((int)Math.Ceiling((sorted[^1] - sorted[0]) / width), 1, MaxCount);
    }

    static void CheckBins(int bins)
    {
        if (bins is < 1 or > MaxCount) throw new ArgumentOutOfRangeException(nameof(bins), bins, $"bins is 1 to {MaxCount}");
    }
}
