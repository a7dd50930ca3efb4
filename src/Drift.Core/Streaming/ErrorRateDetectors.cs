namespace Drift;

/// <summary>DDM: the error rate plus its deviation against their least value so far.</summary>
sealed class DdmDetector(int warmStart, double warningAt, double driftAt) : IDetectorCore
{
    long n;
    double rate;
    double leastRate = double.PositiveInfinity;
    double leastDeviation = double.PositiveInfinity;
    Signal last;

    public static Func<IDetectorCore> Maker(DetectorParameters p)
    {
        var warm = p.Whole("warm_start", 30, 1, int.MaxValue);
        double warning = p.Number("warning_threshold", 2, 0, 1e6), drift = p.Number("drift_threshold", 3, 0, 1e6);
        return () => new DdmDetector(warm, warning, drift);
    }

    public Signal Update(double value)
    {
        n++;
        rate += (value - rate) / n;
        var deviation = Math.Sqrt(Math.Max(0, rate * (1 - rate) / n));
        if (n <= warmStart) return last;
        var level = rate + deviation;
        if (level <= leastRate + leastDeviation) (leastRate, leastDeviation) = (rate, deviation);
        last = level > leastRate + driftAt * leastDeviation ? Signal.Drift
            : level > leastRate + warningAt * leastDeviation ? Signal.Warning
            : Signal.None;
        return last;
    }
}

/// <summary>EDDM: mean distance between errors plus two deviations, against its greatest value so far. Between errors nothing is judged anew.</summary>
sealed class EddmDetector(int warmStart, double alpha, double beta, int ddof) : IDetectorCore
{
    long n;
    long lastError;
    long errors;
    double mean;
    double squares;
    double greatest = -1;
    Signal last;

    public static Func<IDetectorCore> Maker(DetectorParameters p)
    {
        var warm = p.Whole("warm_start", 30, 1, int.MaxValue);
        double alpha = p.Number("alpha", 0.95, 0, 1), beta = p.Number("beta", 0.9, 0, 1);
        if (alpha < beta) throw new ArgumentException("eddm: alpha must be at least beta");
        var ddof = p.Whole("ddof", 1, 0, 1);
        return () => new EddmDetector(warm, alpha, beta, ddof);
    }

    public Signal Update(double value)
    {
        n++;
        if (value != 1) return last;
        errors++;
        double distance = n - lastError, off = distance - mean;
        lastError = n;
        mean += off / errors;
        squares += off * (distance - mean);
        if (n <= warmStart) return last;
        var level = mean + 2 * Math.Sqrt(errors > ddof ? squares / (errors - ddof) : 0);
        if (level > greatest) greatest = level;
        else if (errors > warmStart) last = level / greatest < beta ? Signal.Drift : level / greatest < alpha ? Signal.Warning : Signal.None;
        return last;
    }
}
