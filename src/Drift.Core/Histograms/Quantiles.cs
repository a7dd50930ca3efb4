namespace Drift;

/// <summary>Quantiles by the linear rule (type 7), computed so that equal samples give equal bits.</summary>
static class Quantiles
{
    public static double[] SortedFinite(ReadOnlySpan<double> values)
    {
        var count = 0;
        foreach (var x in values) count += double.IsFinite(x) ? 1 : 0;
        var finite = GC.AllocateUninitializedArray<double>(count);
        SortFinite(values, finite);
        return finite;
    }

    /// <summary>Copies the finite values in ascending order to where there is room for all; returns how many there are.</summary>
    public static int SortFinite(ReadOnlySpan<double> values, Span<double> to)
    {
        var count = 0;
        foreach (var x in values)
            if (double.IsFinite(x)) to[count++] = x + 0.0; // one zero
        RadixSort.Sort(to[..count]);
        return count;
    }

    /// <summary>The quantile at <paramref name="share"/> of a sorted sample.</summary>
    public static double At(ReadOnlySpan<double> sorted, double share)
    {
        var position = (sorted.Length - 1) * share;
        var low = (int)Math.Floor(position);
        if (low >= sorted.Length - 1) return sorted[^1];
        var t = position - low;
        var (a, b) = (sorted[low], sorted[low + 1]);
        // The nearer end is the base, so that the result never leaves [a, b] and both ends are exact.
        return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
    }

    /// <summary>cells + 1 cuts from the smallest to the largest value.</summary>
    public static double[] Cuts(ReadOnlySpan<double> sorted, int cells)
    {
        var cuts = new double[cells + 1];
        for (var i = 0; i <= cells; i++) cuts[i] = At(sorted, i == cells ? 1 : i / (double)cells);
        return cuts;
    }
}
