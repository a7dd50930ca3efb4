namespace Drift.Benchmarks;

/// <summary>The same kernel on data of different shapes: nothing may depend on the values.</summary>
sealed class ShapesBench : Bench
{
    public override string Name => "shapes";

    public override IReadOnlyList<Goal> Goals { get; } =
    [
        new("spread over data shapes (normal, constant, sorted, two-valued), uniform", 1.2, AtMost: true),
        new("spread over data shapes (normal, constant, sorted, two-valued), arbitrary edges", 1.2, AtMost: true),
    ];

    public override double[] Measure(Meter meter)
    {
        var normal = Samples.Normal(10_000);
        double[][] shapes = [normal, [.. normal.Select(_ => 0.37)], [.. normal.Order()], [.. normal.Select(x => x > 0 ? 1.0 : 0.0)]];
        return [Spread(meter, shapes, Binning.Uniform(-8, 8, 20)), Spread(meter, shapes, Edges(normal))];
    }

    static Binning Edges(double[] normal)
    {
        var edges = Binning.Quantile(normal, 20).Edges.ToArray();
        (edges[0], edges[^1]) = (-8, 8);
        return Binning.Of(edges);
    }

    static double Spread(Meter meter, double[][] shapes, Binning binning)
    {
        var counts = new long[binning.Count];
        Outside outside = default;
        var times = meter.Times(Array.ConvertAll(shapes, values => (Action)(() => CountingKernel.Count(binning, values, counts, ref outside))));
        return times.Max() / times.Min();
    }
}
