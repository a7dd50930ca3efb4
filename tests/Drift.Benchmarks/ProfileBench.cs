using System.Numerics.Tensors;

namespace Drift.Benchmarks;

/// <summary>A window of 20 columns x 100,000 rows profiled and compared, against only adding its numbers up.</summary>
sealed class ProfileBench : Bench
{
    const int Columns = 20, Rows = 100_000;

    static readonly CompareOptions options = new() { Measures = ["psi", "ks", "js", "missing_rate"] };

    public override string Name => "profile";

    public override IReadOnlyList<Goal> Goals { get; } =
        [new("profile and compare 20 columns x 100,000 rows (psi, ks bounds, js, missing): time over TensorPrimitives.Sum", 12, AtMost: true)];

    public override double[] Measure(Meter meter)
    {
        var names = Enumerable.Range(0, Columns).Select(i => $"f{i}").ToArray();
        var columns = Enumerable.Range(0, Columns).Select(i => Samples.Normal(Rows, i)).ToArray();
        var builder = ProfileBuilder.ForReference(new(names.Select(name => ColumnSpec.Numeric(name))));
        for (var i = 0; i < Columns; i++) builder.Add(names[i], columns[i]);
        var (reference, sink) = (builder.ToProfile(), 0.0);
        var times = meter.Times(
            () =>
            {
                foreach (var column in columns) sink += TensorPrimitives.Sum<double>(column);
            },
            () =>
            {
                var window = ProfileBuilder.ForWindow(reference);
                for (var i = 0; i < Columns; i++) window.Add(names[i], columns[i]);
                sink += Comparison.Compare(reference, window.ToProfile(), options).Count;
            });
        return [times[1] / times[0]];
    }
}
