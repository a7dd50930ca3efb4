namespace Drift;

public sealed partial class Binning
{
    /// <summary>Cells of equal width. The published edges are what decides; their distance is equal up to rounding.</summary>
    /// <exception cref="ArgumentException">The range is empty or not finite.</exception>
    public static Binning Uniform(double min, double max, int bins)
    {
        CheckBins(bins);
        if (!double.IsFinite(min) || !double.IsFinite(max) || !(min <= max)) throw new ArgumentException($"the range {min:R}..{max:R} is empty or not finite");
        if (min == max) return Point(min);
        var edges = new double[bins + 1];
        // A range wider than double's largest number has no finite width, but a finite width per cell from 2 cells on.
        var width = double.IsFinite(max - min) ? (max - min) / bins : max / bins - min / bins;
        for (var i = 0; i <= bins; i++) edges[i] = i == bins ? max : Math.Min(max, min + i * width);
        return Of(Distinct(edges));
    }
}
