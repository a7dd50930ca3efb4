namespace Drift;

public sealed partial class Binning
{
    readonly UniformRule? uniform;

    /// <summary>Whether the cells are those of <see cref="Uniform"/>: a multiplication finds the cell, and counting is fastest. Known by recomputing, whoever gave the edges.</summary>
    public bool IsUniform => uniform is not null;

    /// <summary>The formula that agrees with the edges for every double; null where there is none.</summary>
    internal UniformRule? UniformRule => uniform;

    /// <summary>
    /// Cells of equal width. The first and the last edge are the given ones; each edge between is the smallest double that the formula
    /// floor(fma(x, scale, offset)) sends to the next cell, so formula and comparison agree for every double. The edges lie within rounding of
    /// min + i (max - min) / bins.
    /// </summary>
    /// <exception cref="ArgumentException">The range is empty or not finite.</exception>
    public static Binning Uniform(double min, double max, int bins)
    {
        CheckBins(bins);
        if (!double.IsFinite(min) || !double.IsFinite(max) || !(min <= max)) throw new ArgumentException($"the range {min:R}..{max:R} is empty or not finite");
        if (min == max) return Point(min);
        return Drift.UniformRule.Fit(min, max, bins) is { } rule && rule.Edges() is { } thresholds ? Of(thresholds) : Of(Distinct(Linear(min, max, bins)));
    }

    /// <summary>Where no formula fits (a range of a few doubles, or wider than the largest double): equal steps.</summary>
    static double[] Linear(double min, double max, int bins)
    {
        var edges = new double[bins + 1];
        // A range wider than double's largest number has no finite width, but a finite width per cell from 2 cells on.
        var width = double.IsFinite(max - min) ? (max - min) / bins : max / bins - min / bins;
        for (var i = 0; i <= bins; i++) edges[i] = i == 0 ? min : i == bins ? max : Math.Min(max, min + i * width);
        return edges;
    }
}
