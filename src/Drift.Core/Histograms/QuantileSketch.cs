using System.Numerics;

namespace Drift;

/// <summary>
/// Quantiles of a stream within 1 % of their value, mergeable exactly: values are counted in cells whose edges grow by the factor 1.01 / 0.99
/// (DDSketch: Masson, Rim and Lee, 2019).
/// </summary>
/// <remarks>
/// A quantile is a value at most <see cref="RelativeError"/> away from the order statistic of rank floor(q (n - 1)), in proportion to that statistic;
/// magnitudes under 1e-9 count as 0. The rank is exact: the error is in the value alone, and the same for every quantile, the outermost too. Chosen over KLL and t-digest because + is exact integer addition:
/// parts merged in any order give the same sketch bit by bit, which sketches with random choices or moving centroids do not. A decade of magnitudes takes at most 116 cells. NaN and infinities are passed over. Immutable.
/// </remarks>
public sealed class QuantileSketch : IAdditionOperators<QuantileSketch, QuantileSketch, QuantileSketch>
{
    /// <summary>The largest relative error of a quantile.</summary>
    public const double RelativeError = 0.01;

    const double Smallest = 1e-9;
    const double Growth = (1 + RelativeError) / (1 - RelativeError);
    static readonly double logGrowth = Math.Log(Growth);

    // The number of a cell: 0 for zero; sign times (exponent + Shift) else, so that the order of numbers is the order of values.
    const int Shift = 50_000;

    /// <summary>No cell lies farther out.</summary>
    internal const int Outermost = 2 * Shift;

    readonly int[] cells;
    readonly long[] counts;

    QuantileSketch(int[] cells, long[] counts) => (this.cells, this.counts, N) = (cells, counts, counts.Sum());

    /// <summary>The sketch of nothing: the identity of +.</summary>
    public static QuantileSketch Empty { get; } = new([], []);

    /// <summary>How many values were counted.</summary>
    public long N { get; }

    internal ReadOnlySpan<int> Cells => cells;

    internal ReadOnlySpan<long> Counts => counts;

    /// <summary>The sketch of a sample.</summary>
    public static QuantileSketch Of(ReadOnlySpan<double> values)
    {
        var found = new SortedDictionary<int, long>();
        foreach (var value in values)
            if (double.IsFinite(value)) found[CellOf(value)] = found.GetValueOrDefault(CellOf(value)) + 1;
        return new([.. found.Keys], [.. found.Values]);
    }

    internal static QuantileSketch FromCells(int[] cells, long[] counts)
    {
        if (cells.Length != counts.Length) throw new FormatException($"{counts.Length} counts for {cells.Length} cells");
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0 && cells[i] <= cells[i - 1]) throw new FormatException("cells are not strictly ascending");
            if (Math.Abs((long)cells[i]) > Outermost || counts[i] < 1) throw new FormatException($"cell {cells[i]} with {counts[i]} values");
        }
        return new(cells, counts);
    }

    /// <summary>The sketch of an ascending sample without NaN.</summary>
    internal static QuantileSketch OfSorted(ReadOnlySpan<double> sorted)
    {
        var (cells, counts) = (new List<int>(), new List<long>());
        foreach (var value in sorted)
        {
            if (!double.IsFinite(value)) continue;
            var cell = CellOf(value);
            if (cells.Count == 0 || cells[^1] != cell)
            {
                cells.Add(cell);
                counts.Add(0);
            }
            counts[^1]++;
        }
        return new([.. cells], [.. counts]);
    }

    /// <summary>The outer edges of the cells in which the quantiles at a share and at 1 less it lie, and how many values lie beyond them.</summary>
    internal (double Low, double High, long Beyond) Tails(double share)
    {
        var (first, last, beyond) = (CellOf(Quantile(share)), CellOf(Quantile(1 - share)), 0L);
        for (var i = 0; i < cells.Length; i++) beyond += cells[i] < first || cells[i] > last ? counts[i] : 0;
        return (-Edge(-first), Edge(last), beyond);
    }

    /// <summary>The greatest value of a cell.</summary>
    static double Edge(int cell) => cell == 0 ? Smallest : cell > 0 ? Math.Exp((cell - Shift) * logGrowth) : -Math.Exp((-cell - 1 - Shift) * logGrowth);

    /// <summary>The value below which the share <paramref name="share"/> (0 to 1) lies; NaN without values.</summary>
    public double Quantile(double share)
    {
        if (!(share >= 0 && share <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "a share from 0 to 1");
        if (N == 0) return double.NaN;
        var rank = (long)Math.Floor(share * (N - 1));
        var at = 0;
        for (var before = counts[0]; before <= rank; before += counts[at]) at++;
        return ValueOf(cells[at]);
    }

    /// <summary>Both sides together.</summary>
    public static QuantileSketch operator +(QuantileSketch left, QuantileSketch right)
    {
        var merged = new SortedDictionary<int, long>();
        foreach (var side in (QuantileSketch[])[left, right])
            for (var i = 0; i < side.cells.Length; i++) merged[side.cells[i]] = merged.GetValueOrDefault(side.cells[i]) + side.counts[i];
        return new([.. merged.Keys], [.. merged.Values]);
    }

    static int CellOf(double value)
    {
        var size = Math.Abs(value);
        return size < Smallest ? 0 : Math.Sign(value) * ((int)Math.Ceiling(Math.Log(size) / logGrowth) + Shift);
    }

    // The middle of a cell in proportion: equally far, relatively, from both of its edges.
    static double ValueOf(int cell) => cell == 0 ? 0 : Math.Sign(cell) * Math.Exp((Math.Abs(cell) - Shift) * logGrowth) * (1 - RelativeError);
}
