namespace Drift.Benchmarks;

/// <summary>A micro-batch of 1024 rows and 200 features: column after column by kernel, against row after row by formula.</summary>
sealed class BatchBench : Bench
{
    const int Rows = 1024, Features = 200, Cells = 20;

    public override string Name => "batch";

    public override IReadOnlyList<Goal> Goals { get; } = [new("columnar batch, 200 features x 1024 rows, against row-major scalar", 5)];

    public override double[] Measure(Meter meter)
    {
        var rows = Samples.Normal(Rows * Features);
        var columns = new double[Features][];
        for (var f = 0; f < Features; f++) columns[f] = [.. Enumerable.Range(0, Rows).Select(row => rows[row * Features + f])];
        var binning = Binning.Uniform(-8, 8, Cells);
        var (byRow, byColumn) = (new long[Features * (Cells + 1)], new long[Features][]);
        for (var f = 0; f < Features; f++) byColumn[f] = new long[Cells];
        var times = meter.Times(() => RowMajor(rows, byRow), () => Columnar(binning, columns, byColumn));
        return [times[0] / times[1]];
    }

    static void RowMajor(double[] rows, long[] counts)
    {
        const double Scale = Cells / 16.0;
        for (var row = 0; row < Rows; row++)
            for (var f = 0; f < Features; f++)
            {
                var position = Math.Floor((rows[row * Features + f] + 8) * Scale);
                counts[f * (Cells + 1) + (position is >= 0 and < Cells ? (int)position : Cells)]++;
            }
    }

    static void Columnar(Binning binning, double[][] columns, long[][] counts)
    {
        Outside outside = default;
        for (var f = 0; f < Features; f++) CountingKernel.Count(binning, columns[f], counts[f], ref outside);
    }
}
