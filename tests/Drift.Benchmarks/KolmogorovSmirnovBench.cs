namespace Drift.Benchmarks;

/// <summary>The exact distance to a prepared reference of 100,000 values, against sorting the window and merging.</summary>
sealed class KolmogorovSmirnovBench : Bench
{
    /// <summary>Short windows in turns: a processor learns a short input by heart.</summary>
    const int Windows = 64;

    public override string Name => "ks";

    public override IReadOnlyList<Goal> Goals { get; } =
    [
        new("exact KS, n=m=1e5, against Array.Sort and merge", 30),
        new("exact KS, n=1e3, m=1e5, against Array.Sort and merge", 10),
    ];

    public override double[] Measure(Meter meter)
    {
        var reference = Samples.Normal(100_000, 9);
        var (prepared, sorted) = (PreparedSample.Of(reference), reference.Order().ToArray());
        return [Ratio(meter, prepared, sorted, 100_000, 1), Ratio(meter, prepared, sorted, 1000, Windows)];
    }

    static double Ratio(Meter meter, PreparedSample prepared, double[] sorted, int length, int windows)
    {
        var pool = new double[windows][];
        for (var i = 0; i < windows; i++) pool[i] = [.. Samples.Normal(length, 100 + i).Select(x => x * 1.02 + 0.01)];
        var (work, sink, turn) = (new double[length], 0.0, 0);
        var times = meter.Times(
            () =>
            {
                pool[turn++ % windows].CopyTo(work, 0);
                Array.Sort(work);
                sink += Merge(sorted, work);
            },
            () => sink += KolmogorovSmirnov.Distance(prepared, pool[turn++ % windows]));
        return times[0] / times[1];
    }

    static double Merge(double[] a, double[] b)
    {
        var (i, j, largest) = (0, 0, 0L);
        while (i < a.Length && j < b.Length)
        {
            var at = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] <= at) i++;
            while (j < b.Length && b[j] <= at) j++;
            largest = Math.Max(largest, Math.Abs((long)i * b.Length - (long)j * a.Length));
        }
        return largest / ((double)a.Length * b.Length);
    }
}
