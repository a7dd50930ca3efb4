using System.Buffers;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Drift;

/// <summary>A sample spread over the cells of a grid without being sorted; single cells can be had in order.</summary>
ref partial struct SampleCells
{
    const int Skipped = -1;

    readonly ReadOnlySpan<double> values;
    readonly ushort[]? cells;
    readonly int[] below;
    double[]? cleaned, gathered;
    int[]? ends;

    /// <summary>A sample whose cells are known, 2^coarser of them in one: it is sorted, so a cell is a stretch of it.</summary>
    public SampleCells(PreparedSample sample, int coarser)
    {
        values = sample.Values;
        Count = sample.Grid.Count >> coarser;
        below = ArrayPool<int>.Shared.Rent(Count + 1);
        for (var cell = 0; cell <= Count; cell++) below[cell] = sample.Below[cell << coarser];
    }

    /// <summary>A sample in any order; NaN is left out.</summary>
    public SampleCells(ReadOnlySpan<double> values, SampleGrid grid)
    {
        Count = grid.Count;
        cells = ArrayPool<ushort>.Shared.Rent(values.Length);
        this.values = values;
        if (grid.CellsOf(values, cells))
        {
            this.values = WithoutNaN(values);
            grid.CellsOf(this.values, cells);
        }
        below = ArrayPool<int>.Shared.Rent(Count + 1);
        Tally();
    }

    /// <summary>How many cells there are.</summary>
    public int Count { get; }

    /// <summary>How many values there are.</summary>
    public readonly int Length => values.Length;

    /// <summary>How many values lie in the cells below each one, and at last how many there are.</summary>
    public readonly ReadOnlySpan<int> Below => below.AsSpan(0, Count + 1);

    /// <summary>Collects the values of some cells, given in ascending order, for <see cref="Sorted"/>.</summary>
    public void Gather(ReadOnlySpan<int> chosen)
    {
        if (cells is null) return;
        var total = 0;
        ends = ArrayPool<int>.Shared.Rent(Count);
        ends.AsSpan(0, Count).Fill(Skipped);
        foreach (var cell in chosen)
        {
            ends[cell] = total;
            total += below[cell + 1] - below[cell];
        }
        gathered = ArrayPool<double>.Shared.Rent(Math.Max(1, total));
        if (total == 0) return;
        // The chosen cells mostly lie side by side, and few values in them.
        var between = below[chosen[^1] + 1] - below[chosen[0]];
        if (Vector512.IsHardwareAccelerated && between * 16L < values.Length) Collect(chosen[0], chosen[^1]);
        else if (!Vector512.IsHardwareAccelerated && Avx2.IsSupported && between * 4L < values.Length) Collect256(chosen[0], chosen[^1]);
        else Collect();
    }

    /// <summary>Moves each chosen cell's place in <see cref="gathered"/> from its start to its end.</summary>
    readonly unsafe void Collect()
    {
        var (found, wanted) = (ArrayPool<int>.Shared.Rent(values.Length + 1), ArrayPool<byte>.Shared.Rent(Count));
        for (var cell = 0; cell < Count; cell++) wanted[cell] = (byte)(ends![cell] == Skipped ? 0 : 1);
        fixed (ushort* cell = cells)
        fixed (byte* take = wanted)
        fixed (int* list = found)
        {
            // Every row is written down, and most are written over: a branch would be guessed wrong at each of the others.
            var next = list;
            var count = values.Length;
            for (var i = 0; i < count; i++)
            {
                *next = i;
                next += take[cell[i]];
            }
            for (var row = list; row < next; row++) gathered![ends![cell[*row]]++] = values[*row];
        }
        ArrayPool<int>.Shared.Return(found);
        ArrayPool<byte>.Shared.Return(wanted);
    }

    /// <summary>A chosen cell's values, ascending.</summary>
    public readonly ReadOnlySpan<double> Sorted(int cell)
    {
        if (cells is null) return values[below[cell]..below[cell + 1]];
        var part = gathered.AsSpan(ends![cell] - (below[cell + 1] - below[cell]), below[cell + 1] - below[cell]);
        RadixSort.Sort(part);
        return part;
    }

    public readonly void Dispose()
    {
        ArrayPool<int>.Shared.Return(below);
        if (cells is not null) ArrayPool<ushort>.Shared.Return(cells);
        if (cleaned is not null) ArrayPool<double>.Shared.Return(cleaned);
        if (gathered is not null) ArrayPool<double>.Shared.Return(gathered);
        if (ends is not null) ArrayPool<int>.Shared.Return(ends);
    }

    ReadOnlySpan<double> WithoutNaN(ReadOnlySpan<double> given)
    {
        cleaned = ArrayPool<double>.Shared.Rent(given.Length);
        var count = 0;
        foreach (var x in given)
            if (!double.IsNaN(x)) cleaned[count++] = x;
        return cleaned.AsSpan(0, count);
    }

    /// <summary>Counts the cells in two tables in turns, so that equal neighbours do not wait for each other.</summary>
    readonly unsafe void Tally()
    {
        var second = ArrayPool<int>.Shared.Rent(Count);
        below.AsSpan(0, Count + 1).Clear();
        second.AsSpan(0, Count).Clear();
        fixed (ushort* cell = cells)
        fixed (int* first = &below[1], other = second)
        {
            var i = 0;
            for (; i + 4 <= values.Length; i += 4)
            {
                var four = *(ulong*)(cell + i);
                first[(ushort)four]++;
                other[(ushort)(four >> 16)]++;
                first[(ushort)(four >> 32)]++;
                other[four >> 48]++;
            }
            for (; i < values.Length; i++) first[cell[i]]++;
            for (var at = 0; at < Count; at++) first[at] += other[at] + below[at];
        }
        ArrayPool<int>.Shared.Return(second);
    }
}
