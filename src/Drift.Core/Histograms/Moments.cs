using System.Numerics;

namespace Drift;

/// <summary>
/// Count, mean, sum of squared deviations, smallest and largest of the finite values. Merging is Chan's formula: exact in n, min and max, and
/// accurate to rounding in mean and M2 whatever the order.
/// </summary>
/// <param name="N">How many finite values.</param>
/// <param name="Mean">Their mean; 0 when there are none.</param>
/// <param name="M2">The sum of their squared deviations from the mean.</param>
/// <param name="Min">The smallest; +infinity when there are none.</param>
/// <param name="Max">The largest; -infinity when there are none.</param>
public readonly record struct Moments(long N, double Mean, double M2, double Min, double Max) : IAdditionOperators<Moments, Moments, Moments>
{
    /// <summary>The moments of nothing: the identity of +.</summary>
    public static Moments Empty { get; } = new(0, 0, 0, double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>The population variance (ddof 0); NaN when there are no values.</summary>
    public double Variance => N == 0 ? double.NaN : M2 / N;

    /// <summary>The population standard deviation (ddof 0); NaN when there are no values.</summary>
    public double StandardDeviation => Math.Sqrt(Variance);

    /// <summary>The moments of a sample; values that are not finite are passed over.</summary>
    public static Moments Of(ReadOnlySpan<double> values)
    {
        var total = Empty;
        for (; values.Length > CellKernel.Block; values = values[CellKernel.Block..]) total += MomentsKernel.Of(values[..CellKernel.Block]);
        return total + MomentsKernel.Of(values);
    }

    /// <summary>The moments of both sides together.</summary>
    public static Moments operator +(Moments left, Moments right)
    {
        if (left.N == 0) return right;
        if (right.N == 0) return left;
        var n = left.N + right.N;
        var (a, b) = ((double)left.N / n, (double)right.N / n);
        var delta = right.Mean - left.Mean;
        return new(n, left.Mean * a + right.Mean * b, left.M2 + right.M2 + delta * delta * a * right.N, Math.Min(left.Min, right.Min), Math.Max(left.Max, right.Max));
    }
}
