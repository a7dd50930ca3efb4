using System.Numerics;

namespace Drift;

/// <summary>Few cells on any machine: how many values are at or above each edge; neighbouring differences are the cells. A NaN is above nothing.</summary>
sealed unsafe class ComparedEdges(Binning binning) : CellKernel
{
    /// <summary>Up to here comparing every value with every edge beats looking cells up.</summary>
    public static readonly int MaxCells = 6 * Vector<double>.Count;

    public override int Count(double* values, int length, long* counts)
    {
        var edges = binning.Edges;
        var above = AtOrAbove(values, length, edges[0]);
        var (first, over) = (above, AtOrAbove(values, length, Math.BitIncrement(edges[^1])));
        for (var cell = 0; cell < binning.Count; cell++)
        {
            var next = cell == binning.Count - 1 ? over : AtOrAbove(values, length, edges[cell + 1]);
            counts[cell] += above - next;
            above = next;
        }
        return first - over;
    }

    static int AtOrAbove(double* values, int length, double edge)
    {
        var (limit, count) = (new Vector<double>(edge), Vector<long>.Zero);
        var at = 0;
        for (; at <= length - Vector<double>.Count; at += Vector<double>.Count) count -= Vector.GreaterThanOrEqual(Vector.Load(values + at), limit);
        var total = (int)Vector.Sum(count);
        for (; at < length; at++) total += values[at] >= edge ? 1 : 0;
        return total;
    }
}
