namespace Drift;

/// <summary>Page and Hinkley: the discounted sum of deviations from the running mean, against its least (up) or greatest (down) value so far.</summary>
sealed class PageHinkleyDetector(int minInstances, double delta, double threshold, double alpha, (bool Up, bool Down) mode, bool standardise) : IDetectorCore
{
    readonly Scale scale = new(standardise ? minInstances : 0);
    long n;
    double mean;
    double up;
    double down;
    double least = double.PositiveInfinity;
    double greatest = double.NegativeInfinity;

    public static Func<IDetectorCore> Maker(DetectorParameters p)
    {
        int instances = p.Whole("min_instances", 30, 1, int.MaxValue);
        double delta = p.Number("delta", 0.005, 0, double.MaxValue), threshold = p.Number("threshold", 50, 0, double.MaxValue), alpha = p.Number("alpha", 1 - 0.0001, 0, 1);
        var mode = p.Mode("both");
        var standardise = p.Flag("standardise");
        return () => new PageHinkleyDetector(instances, delta, threshold, alpha, mode, standardise);
    }

    public Signal Update(double value)
    {
        if (!scale.Apply(ref value)) return Signal.None;
        n++;
        mean += (value - mean) / n;
        var deviation = value - mean;
        up = alpha * up + deviation - delta;
        down = alpha * down + deviation + delta;
        least = Math.Min(least, up);
        greatest = Math.Max(greatest, down);
        if (n < minInstances) return Signal.None;
        return (mode.Up && up - least > threshold) || (mode.Down && greatest - down > threshold) ? Signal.Drift : Signal.None;
    }
}

/// <summary>CUSUM: the sum of deviations from the running mean less delta, never below 0.</summary>
sealed class CusumDetector(int minInstances, double delta, double threshold, (bool Up, bool Down) mode, bool standardise) : IDetectorCore
{
    readonly Scale scale = new(standardise ? minInstances : 0);
    long n;
    double mean;
    double up;
    double down;

    public static Func<IDetectorCore> Maker(DetectorParameters p)
    {
        var instances = p.Whole("min_instances", 30, 1, int.MaxValue);
        double delta = p.Number("delta", 0.005, 0, double.MaxValue), threshold = p.Number("threshold", 50, 0, double.MaxValue);
        var mode = p.Mode("up");
        var standardise = p.Flag("standardise");
        return () => new CusumDetector(instances, delta, threshold, mode, standardise);
    }

    public Signal Update(double value)
    {
        if (!scale.Apply(ref value)) return Signal.None;
        n++;
        mean += (value - mean) / n;
        up = Math.Max(0, up + value - mean - delta);
        down = Math.Max(0, down - value + mean - delta);
        if (n < minInstances) return Signal.None;
        return (mode.Up && up > threshold) || (mode.Down && down > threshold) ? Signal.Drift : Signal.None;
    }
}

/// <summary>Standardises by mean and deviation of the first values, which are used up by it: then thresholds no longer depend on the data's unit.</summary>
sealed class Scale(int warmUp)
{
    int n;
    double mean;
    double squares;

    /// <summary>False while still learning. Without warm-up every value passes as it is.</summary>
    public bool Apply(ref double value)
    {
        if (warmUp == 0) return true;
        if (n < Math.Max(2, warmUp))
        {
            n++;
            var off = value - mean;
            mean += off / n;
            squares += off * (value - mean);
            return false;
        }
        // A constant start has no unit: deviations count as they are.
        var deviation = Math.Sqrt(squares / n);
        value = (value - mean) / (deviation > 0 ? deviation : 1);
        return true;
    }
}
