namespace Drift;

/// <summary>How many rows a contrast needs to show an effect.</summary>
public static class ContrastPlan
{
    /// <summary>
    /// Rows per arm so that a difference of means of the given size is significant at <paramref name="alpha"/>, two-sided, with the given power:
    /// (z(alpha/2) + z(power))^2 (s1^2 + s2^2) / effect^2, rounded up.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The effect is 0, a deviation negative, or alpha or power outside (0, 1).</exception>
    public static long RowsForMeans(double effect, double firstDeviation, double secondDeviation, double alpha = 0.05, double power = 0.8)
    {
        if (effect == 0 || !double.IsFinite(effect)) throw new ArgumentOutOfRangeException(nameof(effect), effect, "an effect that is not 0");
        ArgumentOutOfRangeException.ThrowIfNegative(firstDeviation);
        ArgumentOutOfRangeException.ThrowIfNegative(secondDeviation);
        if (power is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(power), power, "a power between 0 and 1");
        var z = Intervals.Quantile(1 - alpha) + SpecialFunctions.NormalInverseSurvival(1 - power);
        return (long)Math.Ceiling(z * z * (firstDeviation * firstDeviation + secondDeviation * secondDeviation) / (effect * effect));
    }

    /// <summary>Rows per arm so that a change of a rate from <paramref name="first"/> to <paramref name="second"/> is significant: the same with the rates' own variances.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rates are equal or outside [0, 1], or alpha or power outside (0, 1).</exception>
    public static long RowsForRates(double first, double second, double alpha = 0.05, double power = 0.8)
    {
        if (first is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(first), first, "a rate from 0 to 1");
        if (second is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(second), second, "a rate from 0 to 1");
        return RowsForMeans(second - first, Math.Sqrt(first * (1 - first)), Math.Sqrt(second * (1 - second)), alpha, power);
    }
}
