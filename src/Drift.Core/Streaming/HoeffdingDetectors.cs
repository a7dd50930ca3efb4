namespace Drift;

/// <summary>HDDM with averages: the overall mean against the mean up to the point where it was surely least (or greatest), by Hoeffding's inequality.</summary>
sealed class HddmADetector(double driftConfidence, double warningConfidence, bool twoSided) : IDetectorCore
{
    (double N, double Mean) all;
    (double N, double Mean) low;
    (double N, double Mean) high;

    public static Func<IDetectorCore> Maker(DetectorParameters p)
    {
        double drift = p.Number("drift_confidence", 0.001, double.Epsilon, 1), warning = p.Number("warning_confidence", 0.005, double.Epsilon, 1);
        var twoSided = p.Flag("two_sided_test");
        return () => new HddmADetector(drift, warning, twoSided);
    }

    public Signal Update(double value)
    {
        var n = all.N + 1;
        all = (n, all.Mean + (value - all.Mean) / n);
        if (low.N == 0) low = all;
        if (high.N == 0) high = all;
        var bound = Bound(all.N);
        if (low.Mean + Bound(low.N) >= all.Mean + bound) low = all;
        if (high.Mean - Bound(high.N) <= all.Mean - bound) high = all;
        if (Rose(driftConfidence) || (twoSided && Fell(driftConfidence))) return Signal.Drift;
        return Rose(warningConfidence) || (twoSided && Fell(warningConfidence)) ? Signal.Warning : Signal.None;
    }

    double Bound(double n) => Math.Sqrt(1 / (2 * n) * Math.Log(1 / driftConfidence));

    bool Rose(double confidence) => low.N != all.N && all.Mean - low.Mean >= Margin(low.N, confidence);

    bool Fell(double confidence) => high.N != all.N && high.Mean - all.Mean >= Margin(high.N, confidence);

    double Margin(double n, double confidence) => Math.Sqrt((all.N - n) / n * (1 / all.N) / 2 * Math.Log(2 / confidence));
}

/// <summary>HDDM with weighted averages: the exponentially weighted mean since the cut against the one up to it, by McDiarmid's inequality.</summary>
sealed class HddmWDetector(double driftConfidence, double warningConfidence, double lambda, bool twoSided) : IDetectorCore
{
    Average all = Average.Empty;
    Average beforeRise = Average.Empty;
    Average sinceRise = Average.Empty;
    Average beforeFall = Average.Empty;
    Average sinceFall = Average.Empty;
    double lowCut = double.PositiveInfinity;
    double highCut = double.NegativeInfinity;

    public static Func<IDetectorCore> Maker(DetectorParameters p)
    {
        double drift = p.Number("drift_confidence", 0.001, double.Epsilon, 1), warning = p.Number("warning_confidence", 0.005, double.Epsilon, 1);
        var lambda = p.Number("lambda_val", 0.05, double.Epsilon, 1);
        var twoSided = p.Flag("two_sided_test");
        return () => new HddmWDetector(drift, warning, lambda, twoSided);
    }

    public Signal Update(double value)
    {
        all = all.With(value, lambda);
        var bound = Bound(all.Independence, driftConfidence);
        if (all.Mean + bound < lowCut) (lowCut, beforeRise, sinceRise) = (all.Mean + bound, all, Average.Empty);
        else sinceRise = sinceRise.With(value, lambda);
        if (all.Mean - bound > highCut) (highCut, beforeFall, sinceFall) = (all.Mean - bound, all, Average.Empty);
        else sinceFall = sinceFall.With(value, lambda);
        if (Rose(driftConfidence) || (twoSided && Fell(driftConfidence))) return Signal.Drift;
        return Rose(warningConfidence) || (twoSided && Fell(warningConfidence)) ? Signal.Warning : Signal.None;
    }

    bool Rose(double confidence) => Exceeds(beforeRise, sinceRise, confidence);

    bool Fell(double confidence) => Exceeds(sinceFall, beforeFall, confidence);

    static bool Exceeds(Average less, Average more, double confidence) =>
        less.Any && more.Any && more.Mean - less.Mean > Bound(less.Independence + more.Independence, confidence);

    static double Bound(double independence, double confidence) => Math.Sqrt(independence * Math.Log(1 / confidence) / 2);

    /// <summary>An exponentially weighted mean and the sum of its squared weights.</summary>
    readonly record struct Average(bool Any, double Mean, double Independence)
    {
        public static Average Empty => new(false, 0, 1);

        public Average With(double value, double lambda) => new(
            true,
            Any ? Mean + lambda * (value - Mean) : value,
            lambda * lambda + (1 - lambda) * (1 - lambda) * Independence);
    }
}
