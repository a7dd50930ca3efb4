using System.Runtime.CompilerServices;

namespace Drift;

/// <summary>
/// Collects rows of numbers as they come and counts them into a window's builder, many columns at a time. Its rows stay in the first-level cache until
/// they are counted. Not thread-safe.
/// </summary>
sealed unsafe class RowCounter
{
    /// <summary>What fits into the first-level cache beside what is counted with, in numbers.</summary>
    const int Room = 3072;

    const int LeastRows = 16, MostRows = 256;

    readonly ProfileBuilder target;
    readonly int[] columns;
    readonly LaneCounter[] groups;
    readonly bool[] inLane;
    readonly int stride, capacity;
    readonly double[] numbers, column;
    int pending;

    /// <param name="target">A window's builder.</param>
    /// <param name="columns">The target's column of each number of a row; -1: the number means nothing.</param>
    public RowCounter(ProfileBuilder target, int[] columns)
    {
        (this.target, this.columns) = (target, columns);
        inLane = [.. columns.Select(c => c >= 0 && IsForLanes(target.Reference!.Columns[c]))];
        var lanes = columns.Select((c, at) => inLane[at] ? target.Reference!.Columns[c].Histogram!.Binning : null);
        groups = [.. lanes.Chunk(LaneCounter.Lanes).Select(chunk => new LaneCounter(chunk))];
        stride = groups.Length * LaneCounter.Lanes;
        capacity = Math.Clamp(Room / Math.Max(1, stride), LeastRows, MostRows);
        numbers = new double[stride * capacity];
        column = new double[capacity];
    }

    /// <summary>A signature looks at each value, many cells are counted faster column by column.</summary>
    static bool IsForLanes(ColumnProfile column) => column.Histogram!.Binning.Count <= LaneCounter.MaxCells && Signature.Of(column.Spec) is null;

    /// <summary>Adds one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<double> row)
    {
        row.CopyTo(numbers.AsSpan(pending * stride, stride));
        if (++pending == capacity) Count();
    }

    /// <summary>Gives the target all that was added.</summary>
    public void Flush()
    {
        Count();
        if (groups.All(group => group.IsEmpty)) return;
        for (var at = 0; at < columns.Length; at++)
            if (inLane[at]) target.AddCounted(columns[at], groups[at / LaneCounter.Lanes].Of(at % LaneCounter.Lanes));
        foreach (var group in groups) group.Clear();
    }

    void Count()
    {
        if (pending == 0) return;
        fixed (double* first = numbers)
            for (var group = 0; group < groups.Length; group++)
            {
                var from = group * LaneCounter.Lanes;
                var counted = groups[group].TryCount(first + from, stride, pending);
                for (var at = from; at < Math.Min(columns.Length, from + LaneCounter.Lanes); at++)
                    if (columns[at] >= 0 && !(counted && inLane[at])) CountColumn(at);
            }
        pending = 0;
    }

    void CountColumn(int at)
    {
        for (var row = 0; row < pending; row++) column[row] = numbers[row * stride + at];
        target.AddNumbers(columns[at], column.AsSpan(0, pending));
    }
}
