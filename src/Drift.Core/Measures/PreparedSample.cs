namespace Drift;

/// <summary>A reference sample made ready for many comparisons: sorted once, and spread over a grid of cells. Immutable.</summary>
/// <remarks>NaN values are left out; infinities are values like others.</remarks>
public sealed class PreparedSample
{
    readonly double[] sorted;
    readonly int[] below;

    PreparedSample(double[] sorted)
    {
        this.sorted = sorted;
        if (sorted.Length == 0) (Grid, below) = (SampleGrid.For([0], 2), new int[3]);
        else
        {
            Grid = SampleGrid.For(sorted, SampleGrid.MaxCells);
            below = new int[Grid.Count + 1];
            foreach (var x in sorted) below[Grid.CellOf(x) + 1]++;
            for (var cell = 0; cell < Grid.Count; cell++) below[cell + 1] += below[cell];
        }
    }

    /// <summary>Prepares a sample given in any order.</summary>
    public static PreparedSample Of(ReadOnlySpan<double> values)
    {
        using var sample = SortedSample.Of(values);
        return new(sample.Values.ToArray());
    }

    /// <summary>The values, ascending.</summary>
    public ReadOnlySpan<double> Values => sorted;

    internal SampleGrid Grid { get; }

    /// <summary>How many values lie in the cells below each one, and at last how many there are.</summary>
    internal ReadOnlySpan<int> Below => below;
}
