namespace Drift;

/// <summary>A measure on two sides, with what can be said of their difference.</summary>
/// <param name="First">The measure of the first side: the champion, or the group with the smaller rate.</param>
/// <param name="Second">The measure of the second side.</param>
/// <param name="Lower">The lower end of the interval of second - first.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="PValue">The p-value of "they are equal", two-sided; NaN where the sides cannot be compared.</param>
/// <param name="Method">How: welch, paired_t, two_proportion_z, mcnemar, delong, delong_paired, bootstrap.</param>
public readonly record struct Difference(double First, double Second, double Lower, double Upper, double PValue, string Method)
{
    /// <summary>Second - first.</summary>
    public double Value => Second - First;

    internal static Difference Undefined(double first, double second, string method) => new(first, second, double.NaN, double.NaN, double.NaN, method);
}
