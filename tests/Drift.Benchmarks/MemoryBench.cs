namespace Drift.Benchmarks;

/// <summary>Counting columns that come from memory.</summary>
sealed class MemoryBench : Bench
{
    const int Length = 100_000_000;

    public override string Name => "memory";

    public override IReadOnlyList<Goal> Goals { get; } =
    [
        new("uniform double, 64 cells, 800 MB: share of the streaming sum's bandwidth", 0.85, Unit: ""),
        new("uniform float, 32 cells, 400 MB: share of the streaming sum's bandwidth", 0.8, Unit: ""),
    ];

    public override double[] Measure(Meter meter)
    {
        var part = Samples.Normal(1_000_000);
        return [Doubles(meter, Samples.Tiled(part, Length)), Floats(meter, Samples.Tiled(Array.ConvertAll(part, x => (float)x), Length))];
    }

    static double Doubles(Meter meter, double[] values)
    {
        var (binning, counts, sink) = (Binning.Uniform(-8, 8, 64), new long[64], 0.0);
        Outside outside = default;
        var times = meter.LongTimes(() => sink += Samples.Sum(values), () => CountingKernel.Count(binning, values, counts, ref outside));
        return times[0] / times[1];
    }

    static double Floats(Meter meter, float[] values)
    {
        var (binning, counts, sink) = (Binning.Uniform(-8, 8, 32), new long[32], 0f);
        Outside outside = default;
        var times = meter.LongTimes(() => sink += Samples.Sum(values), () => CountingKernel.Count(binning, values, counts, ref outside));
        return times[0] / times[1];
    }
}
