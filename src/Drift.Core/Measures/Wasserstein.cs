namespace Drift;

/// <summary>Distances between distribution functions in the units of the column: Wasserstein's W1 (earth mover) and the energy distance.</summary>
/// <remarks>
/// Range 0 to infinity, symmetric, 0 only for equal samples; both scale with the column (W1 linearly, energy by the square root). NaN values
/// are left out, an empty side gives NaN. A share of infinite values that differs between the sides gives infinity; equal
/// shares cost nothing. No p-value and no default threshold: neither has a law that does not depend on the column. Sums are compensated.
/// </remarks>
public static class Wasserstein
{
    /// <summary>The least deviation that <see cref="Normalised"/> divides by.</summary>
    public const double LeastDeviation = 0.001;

    /// <summary>W1 = integral of |F - G| dx: the mean distance that a row must be moved. Source: L. Vaserstein 1969; scipy's wasserstein_distance.</summary>
    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        using var a = SortedSample.Of(x);
        using var b = SortedSample.Of(y);
        return DistanceSorted(a.Values, b.Values);
    }

    internal static double DistanceSorted(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Integrate<Absolute>(x, y);

    /// <summary>W1 divided by the reference's standard deviation (ddof 0, at least 0.001). Default threshold: 0.1 (Evidently's).</summary>
    public static double Normalised(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        using var a = SortedSample.Of(reference);
        using var b = SortedSample.Of(current);
        return DistanceSorted(a.Values, b.Values) / Math.Max(Deviation(a.Values), LeastDeviation);
    }

    /// <summary>sqrt(2 integral of (F - G)^2 dx). Source: M. Rizzo and G. Szekely 2016; scipy's energy_distance.</summary>
    public static double Energy(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        using var a = SortedSample.Of(x);
        using var b = SortedSample.Of(y);
        return EnergySorted(a.Values, b.Values);
    }

    internal static double EnergySorted(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Math.Sqrt(2 * Integrate<Square>(x, y));

    /// <summary>W1 between two distributions over the same ascending points, for example the middles of histogram cells.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double OnPoints(ReadOnlySpan<double> points, ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        if (reference.Length != points.Length || current.Length != points.Length)
            throw new ArgumentException("every point needs a count on either side", nameof(points));
        long n = 0, m = 0;
        foreach (var count in reference) n += count;
        foreach (var count in current) m += count;
        if (n == 0 || m == 0) return double.NaN;
        var sum = new CompensatedSum();
        Int128 difference = 0;
        for (var i = 0; i + 1 < points.Length; i++)
        {
            difference += (Int128)reference[i] * m - (Int128)current[i] * n;
            if (difference != 0) sum.Add(Math.Abs((double)difference) * (points[i + 1] - points[i]));
        }
        return sum.Value / ((double)n * m);
    }

    static double Integrate<TPower>(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        where TPower : IPower
    {
        if (x.IsEmpty || y.IsEmpty) return double.NaN;
        double n = x.Length, m = y.Length, before = 0, difference = 0;
        var sum = new CompensatedSum();
        foreach (var tie in new Ties(x, y))
        {
            if (difference != 0) sum.Add(TPower.Of(difference) * (tie.Value - before));
            // From whole numbers, so equal functions differ by exactly 0.
            difference = ((double)(tie.FirstBelow + tie.First) * m - (double)(tie.SecondBelow + tie.Second) * n) / (n * m);
            before = tie.Value;
        }
        return sum.Value;
    }

    static double Deviation(ReadOnlySpan<double> values)
    {
        var total = new CompensatedSum();
        foreach (var value in values) total.Add(value);
        var mean = total.Value / values.Length;
        CompensatedSum squares = new(), deviations = new();
        foreach (var value in values)
        {
            squares.Add((value - mean) * (value - mean));
            deviations.Add(value - mean);
        }
        return Math.Sqrt(Math.Max(0, squares.Value - deviations.Value * deviations.Value / values.Length) / values.Length);
    }

    interface IPower
    {
        static abstract double Of(double difference);
    }

    readonly struct Absolute : IPower
    {
        public static double Of(double difference) => Math.Abs(difference);
    }

    readonly struct Square : IPower
    {
        public static double Of(double difference) => difference * difference;
    }
}
