namespace Drift;

/// <summary>KSWIN: the newest stat_size values against as many drawn without replacement from the rest of the window.</summary>
/// <remarks>Seeded, so repeatable; River draws with another generator, so single detections differ while their frequency agrees.</remarks>
sealed class KswinDetector(double alpha, int windowSize, int statSize, int seed) : IDetectorCore
{
    readonly double[] window = new double[windowSize];
    readonly double[] older = new double[windowSize - statSize];
    readonly double[] newest = new double[statSize];
    SeededRandom random = new(seed);
    long n;

    public static Func<IDetectorCore> Maker(DetectorParameters p)
    {
        var alpha = p.Number("alpha", 0.005, 0, 1);
        int window = p.Whole("window_size", 100, 2, 1_000_000), stat = p.Whole("stat_size", 30, 1, 500_000), seed = p.Whole("seed", 1, int.MinValue, int.MaxValue);
        if (stat > window - stat) throw new ArgumentException($"kswin: stat_size {stat} must be at most half of window_size {window}");
        return () => new KswinDetector(alpha, window, stat, seed);
    }

    public Signal Update(double value)
    {
        window[(int)(n++ % windowSize)] = value;
        if (n < windowSize) return Signal.None;
        var oldest = (int)(n % windowSize);
        for (var i = 0; i < windowSize; i++)
        {
            var at = window[(oldest + i) % windowSize];
            if (i < older.Length) older[i] = at;
            else newest[i - older.Length] = at;
        }
        // The first steps of a shuffle are a draw without replacement.
        for (var i = 0; i < statSize; i++)
        {
            var j = i + random.Next(older.Length - i);
            (older[i], older[j]) = (older[j], older[i]);
        }
        var test = KolmogorovSmirnov.Test(older.AsSpan(0, statSize), newest);
        return test.PValue <= alpha && test.Statistic > 0.1 ? Signal.Drift : Signal.None;
    }
}
