using System.Buffers;
using System.Runtime.CompilerServices;

namespace Drift;

// Where the largest distance can lie, cell by cell: at the ends of a cell the distance is known from counts alone, and inside it is at most what the cell
// would give if all of one side's values came first. Only the few cells that could beat the best end are sorted and walked. Integers throughout, so
// the result is that of sorting both samples, to the last bit.
public static partial class KolmogorovSmirnov
{
    /// <summary>Fewer values than this are sorted.</summary>
    const int Few = 1024;

    /// <summary>How many values of an unsorted sample are looked at to choose the grid.</summary>
    const int Drawn = 1024;

    /// <summary>Tests a raw sample against a prepared reference, without sorting it: linear in its size.</summary>
    /// <param name="reference">The first sample.</param>
    /// <param name="current">The second sample, in any order.</param>
    /// <param name="alternative">Two-sided by default; the one-sided words speak of the distribution functions.</param>
    /// <param name="method">As in <see cref="Test(ReadOnlySpan{double}, ReadOnlySpan{double}, Alternative, PValueMethod)"/>, which gives the same result.</param>
    public static TwoSampleTest Test(
        PreparedSample reference, ReadOnlySpan<double> current, Alternative alternative = Alternative.TwoSided, PValueMethod method = PValueMethod.Auto)
    {
        var (steps, count) = Steps(reference, current, alternative);
        return steps < 0 ? TwoSampleTest.NotApplicable : FromSteps(steps, reference.Values.Length, count, alternative, method);
    }

    /// <summary>The distance alone, without its p-value; NaN when a side is empty.</summary>
    /// <param name="reference">The first sample.</param>
    /// <param name="current">The second sample, in any order.</param>
    public static double Distance(PreparedSample reference, ReadOnlySpan<double> current)
    {
        var (steps, count) = Steps(reference, current, Alternative.TwoSided);
        return steps < 0 ? double.NaN : steps / ((double)reference.Values.Length * count);
    }

    /// <summary>The distance in steps of 1/(nm), negative when a side is empty, and how many values the current side has.</summary>
    static (long Steps, int Count) Steps(PreparedSample reference, ReadOnlySpan<double> current, Alternative alternative)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var coarser = Coarser(current.Length, reference.Grid.Count);
        var x = new SampleCells(reference, coarser);
        var y = new SampleCells(current, reference.Grid.Coarser(coarser));
        var found = (x.Length == 0 || y.Length == 0 ? -1 : Steps(ref x, ref y, alternative), y.Length);
        x.Dispose();
        y.Dispose();
        return found;
    }

    /// <summary>Two unsorted samples: a few drawn values choose the grid.</summary>
    static TwoSampleTest TestUnsorted(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Alternative alternative, PValueMethod method)
    {
        Span<double> drawn = stackalloc double[Drawn];
        var count = 0;
        for (var i = 0; i < Drawn; i++)
            if (first[(int)((long)first.Length * i / Drawn)] is var value && !double.IsNaN(value)) drawn[count++] = value;
        drawn = drawn[..count];
        drawn.Sort();
        var grid = SampleGrid.For(count == 0 ? [0] : drawn, SampleGrid.MaxCells);
        grid = grid.Coarser(Coarser(Math.Max(first.Length, second.Length), grid.Count));
        var x = new SampleCells(first, grid);
        var y = new SampleCells(second, grid);
        var test = x.Length == 0 || y.Length == 0 ? TwoSampleTest.NotApplicable : FromSteps(Steps(ref x, ref y, alternative), x.Length, y.Length, alternative, method);
        x.Dispose();
        y.Dispose();
        return test;
    }

    /// <summary>A cell costs about as much as a value, so a small sample gets fewer.</summary>
    static int Coarser(int values, int cells)
    {
        var coarser = 0;
        while (cells >> coarser > 256 && cells >> coarser > values * 1.5) coarser++;
        return coarser;
    }

    static long Steps(ref SampleCells x, ref SampleCells y, Alternative alternative)
    {
        var (above, below) = (alternative != Alternative.Less, alternative != Alternative.Greater);
        var best = AtEnds(x.Below, y.Below, above, below);
        var chosen = ArrayPool<int>.Shared.Rent(x.Count);
        var candidates = chosen.AsSpan(0, Candidates(x.Below, y.Below, above, below, best, chosen));
        x.Gather(candidates);
        y.Gather(candidates);
        // The most promising cell first: mostly it rules the others out.
        for (var i = 1; i < candidates.Length; i++)
            if (Bound(x.Below, y.Below, candidates[i], above, below) > Bound(x.Below, y.Below, candidates[0], above, below)) (candidates[0], candidates[i]) = (candidates[i], candidates[0]);
        foreach (var cell in candidates)
        {
            if (Bound(x.Below, y.Below, cell, above, below) <= best) continue;
            var walk = new CellWalk(x.Length, y.Length, x.Below[cell], y.Below[cell]);
            walk.Through(x.Sorted(cell), y.Sorted(cell));
            if (above) best = Math.Max(best, walk.Above);
            if (below) best = Math.Max(best, -walk.Below);
        }
        ArrayPool<int>.Shared.Return(chosen);
        return best;
    }

    /// <summary>What the distance inside a cell cannot exceed: all of one side's values first.</summary>
    static long Bound(ReadOnlySpan<int> x, ReadOnlySpan<int> y, int cell, bool above, bool below)
    {
        long n = x[^1], m = y[^1];
        return Math.Max(above ? x[cell + 1] * m - y[cell] * n : 0, below ? y[cell + 1] * n - x[cell] * m : 0);
    }

    /// <summary>The largest distance at the end of a cell.</summary>
    static long AtEnds(ReadOnlySpan<int> x, ReadOnlySpan<int> y, bool above, bool below)
    {
        long n = x[^1], m = y[^1], highest = 0, lowest = 0;
        for (var cell = 0; cell < x.Length && cell < y.Length; cell++)
        {
            var difference = x[cell] * m - y[cell] * n;
            highest = Math.Max(highest, difference);
            lowest = Math.Min(lowest, difference);
        }
        return Math.Max(above ? highest : 0, below ? -lowest : 0);
    }

    /// <summary>The cells in which the distance may be larger than the best so far. A cell that one side has nothing in is largest at one of its ends.</summary>
    static int Candidates(ReadOnlySpan<int> x, ReadOnlySpan<int> y, bool above, bool below, long best, int[] chosen)
    {
        var count = 0;
        for (var cell = 0; cell + 1 < x.Length; cell++)
            if (Bound(x, y, cell, above, below) > best && x[cell] < x[cell + 1] && y[cell] < y[cell + 1]) chosen[count++] = cell;
        return count;
    }

    /// <summary>The extremes of i m - j n over a cell, where i and j count the values of either side so far.</summary>
    struct CellWalk(long n, long m, long i, long j)
    {
        public long Above = long.MinValue, Below = long.MaxValue;

        public void Through(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        {
            if (x.Length > 16 * y.Length) Search(x, y);
            else Merge(x, y);
        }

        /// <summary>Both sides together, without branches on which of them is next, which would be guessed wrong half of the time.</summary>
        void Merge(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        {
            var (a, b, difference, last) = (0, 0, i * m - j * n, double.NaN);
            while (a < x.Length && b < y.Length)
            {
                var (u, v) = (x[a], y[b]);
                var value = double.MinNative(u, v);
                if (value != last) Take(difference); // all values up to the last one are counted
                int left = Unsafe.BitCast<bool, byte>(u <= v), right = Unsafe.BitCast<bool, byte>(v <= u);
                a += left;
                b += right;
                difference += (m & -left) - (n & -right);
                last = value;
            }
            for (; a < x.Length && x[a] == last; a++) difference += m;
            for (; b < y.Length && y[b] == last; b++) difference -= n;
            Take(difference);
            // Only one side is left, so the rest is extreme at its end.
            Take((i + x.Length) * m - (j + y.Length) * n);
        }

        /// <summary>Few values against many: the extremes lie before and at the few.</summary>
        void Search(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        {
            for (var at = 0; at < y.Length; at++)
            {
                Take((i + Count(x, y[at], orEqual: false)) * m - (j + at) * n);
                while (at + 1 < y.Length && y[at + 1] == y[at]) at++;
                Take((i + Count(x, y[at], orEqual: true)) * m - (j + at + 1) * n);
            }
        }

        void Take(long difference)
        {
            Above = Math.Max(Above, difference);
            Below = Math.Min(Below, difference);
        }

        /// <summary>How many values are below a limit, or at it; a search without branches, which would be guessed wrong half of the time.</summary>
        static int Count(ReadOnlySpan<double> sorted, double limit, bool orEqual)
        {
            // Strictly below the next double is the same as at most this one; nothing is above infinity.
            if (orEqual && double.IsPositiveInfinity(limit)) return sorted.Length;
            if (orEqual) limit = Math.BitIncrement(limit);
            var (first, length) = (0, sorted.Length);
            while (length > 0)
            {
                var half = (length + 1) >> 1;
                first += half & -Unsafe.BitCast<bool, byte>(sorted[first + half - 1] < limit);
                length -= half;
            }
            return first;
        }
    }
}
