namespace Drift.Benchmarks;

/// <summary>psi, kl and js of 20 cells together, against the plain loop with three logarithms per cell.</summary>
sealed class DivergenceBench : Bench
{
    const int Columns = 200, Cells = 20;

    public override string Name => "divergence";

    public override IReadOnlyList<Goal> Goals { get; } =
    [
        new("psi+kl+js, 20 cells, against scalar Math.Log", 2.2),
        new("psi+kl+js: bytes allocated per column", 0, AtMost: true, Unit: " B"),
    ];

    public override double[] Measure(Meter meter)
    {
        var random = new Random(3);
        long[] Counts() => [.. Enumerable.Range(0, Cells).Select(_ => (long)random.Next(0, 1000))];
        var (references, currents) = (Enumerable.Range(0, Columns).Select(_ => Counts()).ToArray(), Enumerable.Range(0, Columns).Select(_ => Counts()).ToArray());
        var shares = Array.ConvertAll(references, counts => Array.ConvertAll(counts, count => (count + 0.5) / (counts.Sum() + 0.5 * Cells)));
        var sink = 0.0;
        void Fused()
        {
            for (var i = 0; i < Columns; i++) sink += Divergence.PsiKlJs(references[i], currents[i]).Psi;
        }
        var times = meter.Times(
            () =>
            {
                for (var i = 0; i < Columns; i++) sink += Scalar(shares[i], currents[i]);
            },
            Fused);
        Fused();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fused();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return [times[0] / times[1], allocated / (double)Columns];
    }

    static double Scalar(double[] reference, long[] current)
    {
        long rows = 0;
        foreach (var count in current) rows += count;
        var (scale, psi, kl, js) = (1 / (rows + 0.5 * current.Length), 0.0, 0.0, 0.0);
        for (var i = 0; i < current.Length; i++)
        {
            var (p, q) = (reference[i], (current[i] + 0.5) * scale);
            var (log, middle) = (Math.Log(q / p), 0.5 * (p + q));
            psi += (q - p) * log;
            kl += q * log;
            js += p * Math.Log(p / middle) + q * Math.Log(q / middle);
        }
        return psi + kl + Math.Sqrt(js / 2);
    }
}
