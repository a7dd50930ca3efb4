namespace Drift.Benchmarks;

/// <summary>A whole comparison of 500 prepared columns, against the bare divergences on their counts.</summary>
sealed class CompareBench : Bench
{
    const int Features = 500, Cells = 20;

    static readonly CompareOptions options = new() { Measures = ["psi", "kl", "js", "ks"] };

    public override string Name => "compare";

    public override IReadOnlyList<Goal> Goals { get; } =
        [new("comparison of 500 prepared columns (psi, kl, js, ks bounds): time over the bare psi+kl+js", 4, AtMost: true)];

    public override double[] Measure(Meter meter)
    {
        var names = Enumerable.Range(0, Features).Select(i => $"f{i}").ToArray();
        var builder = ProfileBuilder.ForReference(new(names.Select(name => ColumnSpec.Numeric(name))), Cells);
        for (var i = 0; i < Features; i++) builder.Add(names[i], Samples.Normal(2000, Features + i));
        var reference = builder.ToProfile();
        var window = ProfileBuilder.ForWindow(reference);
        for (var i = 0; i < Features; i++) window.Add(names[i], Samples.Normal(2000, i));
        var (current, sink) = (window.ToProfile(), 0.0);
        var times = meter.Times(
            () =>
            {
                for (var i = 0; i < Features; i++)
                {
                    var (r, c) = (reference.Columns[i].Histogram!, current.Columns[i].Histogram!);
                    sink += Divergence.Psi(r.Counts, c.Counts) + Divergence.Kl(c.Counts, r.Counts) + Divergence.Js(r.Counts, c.Counts);
                }
            },
            () => sink += DriftReport.Compare(reference, current, options).Readings.Count);
        return [times[1] / times[0]];
    }
}
