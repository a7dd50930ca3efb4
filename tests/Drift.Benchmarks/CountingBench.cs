using System.Numerics.Tensors;

namespace Drift.Benchmarks;

/// <summary>Counting a column of 10,000 doubles, which fits in the second-level cache.</summary>
sealed class CountingBench : Bench
{
    public override string Name => "counting";

    public override IReadOnlyList<Goal> Goals { get; } =
    [
        new("uniform double, 64 cells, N=1e4: time over TensorPrimitives.Sum", 3, AtMost: true),
        new("uniform double, 64 cells, N=1e4, against the scalar loop", 6),
        new("arbitrary edges, 14 cells, against the scalar uniform loop", 2.8),
        new("arbitrary edges, 30 cells, against the scalar uniform loop", 2),
        new("arbitrary edges, 62 cells, against the scalar uniform loop", 1.5),
    ];

    public override double[] Measure(Meter meter)
    {
        var values = Samples.Normal(10_000);
        var (counts, sink) = (new long[64], 0.0);
        var uniform = Binning.Uniform(-8, 8, 64);
        var trees = new[] { 14, 30, 62 }.Select(cells => Binning.Quantile(values, cells)).ToArray();
        var times = meter.Times(
            () => sink += TensorPrimitives.Sum<double>(values),
            () => Samples.ScalarUniform(values, -8, 8, counts),
            () => Count(uniform, values, counts),
            () => Count(trees[0], values, counts),
            () => Count(trees[1], values, counts),
            () => Count(trees[2], values, counts));
        return [times[2] / times[0], times[1] / times[2], times[1] / times[3], times[1] / times[4], times[1] / times[5]];
    }

    static void Count(Binning binning, double[] values, long[] counts)
    {
        Outside outside = default;
        CountingKernel.Count(binning, values, counts.AsSpan(0, binning.Count), ref outside);
    }
}
