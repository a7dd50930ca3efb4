using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Drift;

/// <summary>
/// Eight columns counted side by side from rows as they lie, one column to a lane: how many values are at or above each inner edge; neighbouring
/// differences are the cells. Rows then need not be turned into columns first, which costs more than counting them.
/// </summary>
[SkipLocalsInit]
sealed unsafe class LaneCounter
{
    /// <summary>Columns side by side.</summary>
    public const int Lanes = 8;

    /// <summary>More cells are counted faster column by column.</summary>
    public const int MaxCells = 20;

    /// <summary>Edges that one pass over the rows compares with: their counters and they themselves fit into registers.</summary>
    const int Step = 3;

    readonly Binning?[] binnings = new Binning?[Lanes];
    readonly double[] edges, means = new double[Lanes], squares = new double[Lanes], lows = new double[Lanes], highs = new double[Lanes];
    readonly long[] atOrAbove, below = new long[Lanes], above = new long[Lanes];
    long rows;

    /// <param name="binnings">The cells of each lane, from the first on; null: the lane is passed over.</param>
    public LaneCounter(ReadOnlySpan<Binning?> binnings)
    {
        binnings.CopyTo(this.binnings);
        var inner = this.binnings.Max(b => b is null ? 0 : b.Count - 1);
        edges = new double[(inner + Step - 1) / Step * Step * Lanes];
        edges.AsSpan().Fill(double.NaN); // nothing is at or above what is not there
        for (var lane = 0; lane < Lanes; lane++)
            for (var edge = 1; edge < this.binnings[lane]?.Count; edge++) edges[(edge - 1) * Lanes + lane] = this.binnings[lane]!.Edges[edge];
        atOrAbove = new long[edges.Length];
    }

    public bool IsEmpty => rows == 0;

    /// <summary>Counts some rows. False: a value is not finite (or a sum of them or their squares is not), and nothing was counted.</summary>
    /// <param name="first">The first lane of the first row.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="count">How many rows, at least one.</param>
    public bool TryCount(double* first, nint stride, int count) =>
        Vector512.IsHardwareAccelerated ? TryCount<Lanes512>(first, stride, count) : TryCount<Lanes256>(first, stride, count);

    bool TryCount<T>(double* first, nint stride, int count) where T : ILanes<T>
    {
        double* around = stackalloc double[Lanes], sum = stackalloc double[Lanes], square = stackalloc double[Lanes], low = stackalloc double[Lanes], high = stackalloc double[Lanes];
        for (var lane = 0; lane < Lanes; lane++) around[lane] = rows == 0 ? first[lane] : means[lane];
        Spread<T>(first, stride, count, around, sum, square, low, high);
        for (var lane = 0; lane < Lanes; lane++)
            if (!double.IsFinite(sum[lane]) || !double.IsFinite(square[lane])) return false;
        Merge<T>(count, around, sum, square, low, high);
        fixed (double* edge = edges)
        fixed (long* counter = atOrAbove)
            for (var at = 0; at < edges.Length; at += Step * Lanes) Compare<T>(first, stride, count, edge + at, (double*)(counter + at));
        for (var lane = 0; lane < Lanes; lane++)
            if (binnings[lane] is { } binning && (low[lane] < binning.Edges[0] || high[lane] > binning.Edges[^1])) CountOutside(first + lane, stride, count, binning, lane);
        return true;
    }

    /// <summary>Sums and squares of the distances from a value near all others, and the range.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Spread<T>(double* row, nint stride, int count, double* around, double* sums, double* squares, double* lows, double* highs) where T : ILanes<T>
    {
        var (middle, low, sum, square) = (T.Load(around), T.Load(row), T.All(0), T.All(0));
        var high = low;
        for (; count > 0; count--, row += stride)
        {
            var x = T.Load(row);
            (low, high) = (T.Min(low, x), T.Max(high, x));
            x -= middle;
            (sum, square) = (sum + x, T.MultiplyAdd(x, x, square));
        }
        sum.Store(sums);
        square.Store(squares);
        low.Store(lows);
        high.Store(highs);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Compare<T>(double* row, nint stride, int count, double* edges, double* counters) where T : ILanes<T>
    {
        var (e, f, g) = (T.Load(edges), T.Load(edges + Lanes), T.Load(edges + 2 * Lanes));
        var (a, b, c) = (T.Load(counters), T.Load(counters + Lanes), T.Load(counters + 2 * Lanes));
        for (; count >= 2; count -= 2, row += 2 * stride)
        {
            var (x, y) = (T.Load(row), T.Load(row + stride));
            (a, b, c) = (T.Count(a, x, e), T.Count(b, x, f), T.Count(c, x, g));
            (a, b, c) = (T.Count(a, y, e), T.Count(b, y, f), T.Count(c, y, g));
        }
        if (count > 0)
        {
            var x = T.Load(row);
            (a, b, c) = (T.Count(a, x, e), T.Count(b, x, f), T.Count(c, x, g));
        }
        a.Store(counters);
        b.Store(counters + Lanes);
        c.Store(counters + 2 * Lanes);
    }

    /// <summary>
    /// The sum of two <see cref="Moments"/>, eight at a time. The second one's squares are about the first one's mean (or about a value of its own), so what
    /// is lost by subtracting the mean's share is small beside the squares of the sum.
    /// </summary>
    void Merge<T>(int count, double* around, double* sum, double* square, double* low, double* high) where T : ILanes<T>
    {
        var (n, isFirst) = (rows + count, rows == 0);
        var (share, part) = (T.All(1.0 / count), T.All(isFirst ? 1 : (double)count / n));
        rows = n;
        fixed (double* m = means, s = squares, l = lows, h = highs)
        {
            var delta = T.Load(sum) * share;
            // Of the squares about the old mean, n delta squared is what the new one lies away from it.
            (T.Load(around) + delta * part).Store(m);
            var own = T.Load(square) - T.Load(sum) * delta * part;
            (isFirst ? own : T.Load(s) + own).Store(s);
            (isFirst ? T.Load(low) : T.Min(T.Load(l), T.Load(low))).Store(l);
            (isFirst ? T.Load(high) : T.Max(T.Load(h), T.Load(high))).Store(h);
        }
    }

    void CountOutside(double* value, nint stride, int count, Binning binning, int lane)
    {
        var (first, last) = (binning.Edges[0], binning.Edges[^1]);
        for (; count > 0; count--, value += stride)
        {
            below[lane] += *value < first ? 1 : 0;
            above[lane] += *value > last ? 1 : 0;
        }
    }

    /// <summary>What was counted in a lane.</summary>
    public Histogram Of(int lane)
    {
        var binning = binnings[lane]!;
        var counts = new long[binning.Count];
        var left = rows - below[lane];
        for (var cell = 0; cell < counts.Length; cell++)
        {
            var next = cell == counts.Length - 1 ? above[lane] : atOrAbove[cell * Lanes + lane];
            counts[cell] = left - next;
            left = next;
        }
        var moments = rows == 0 ? Moments.Empty : new Moments(rows, means[lane], squares[lane], lows[lane] + 0.0, highs[lane] + 0.0); // + 0.0: one zero, whatever stood first
        return new(binning, counts) { Below = below[lane], Above = above[lane], Moments = moments };
    }

    public void Clear()
    {
        Array.Clear(atOrAbove);
        Array.Clear(below);
        Array.Clear(above);
        rows = 0;
    }
}
