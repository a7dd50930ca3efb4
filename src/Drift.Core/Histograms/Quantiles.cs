namespace Drift;

/// <summary>Quantiles by the linear rule (type 7), computed so that equal samples give equal bits.</summary>
static class Quantiles
{
    public static double[] SortedFinite(ReadOnlySpan<double> values)
    {
        var finite = new double[values.Length];
        var count = 0;
        foreach (var x in values)
            if (double.IsFinite(x)) finite[count++] = x + 0.0;
        Array.Resize(ref finite, count);
        Array.Sort(finite);
        return finite;
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
