namespace Drift.Benchmarks;

/// <summary>Measures some goals in a process of its own.</summary>
abstract class Bench
{
    public abstract string Name { get; }

    public abstract IReadOnlyList<Goal> Goals { get; }

    /// <summary>Why this machine cannot run it; null where it can.</summary>
    public virtual string? Lacks => null;

    /// <summary>Whether the quick run measures it in one process only.</summary>
    public virtual bool TakesLong => false;

    /// <summary>One ratio per goal, in the goals' order.</summary>
    public abstract double[] Measure(Meter meter);

    public static IReadOnlyList<Bench> All { get; } =
    [
        new CountingBench(),
        new MemoryBench(),
        new ShapesBench(),
        new NumpyBench(),
        new BatchBench(),
        new DecodeBench(),
        new KolmogorovSmirnovBench(),
        new DivergenceBench(),
        new ProfileBench(),
        new CompareBench(),
        new LiveBench(),
        new IngestBench(),
        new CsvBench(),
    ];
}
