using System.Globalization;
using System.Runtime.InteropServices;

namespace Drift.Benchmarks;

/// <summary>The same work by numpy and scipy and by Drift, on the same bytes in the same run, one after the other: times and results side by side.</summary>
static class Peers
{
    const int Cells = 20;

    const string Script = """
        import sys, time, numpy
        import scipy.stats, scipy.spatial.distance as d
        x = numpy.fromfile(sys.argv[1]); y = numpy.fromfile(sys.argv[2]); e = numpy.fromfile(sys.argv[3])
        def best(f, n):
            t = []
            for _ in range(n):
                s = time.perf_counter(); r = f(); t.append(time.perf_counter() - s)
            return min(t), r
        def counts(a): return numpy.histogram(a, bins=e)[0]
        p, q = counts(x), counts(y)
        for t, r in (best(lambda: numpy.histogram(x, bins=20, range=(-8, 8))[0][9], 9), best(lambda: counts(x)[9], 9),
                     best(lambda: scipy.stats.ks_2samp(x, y, method='asymp').statistic, 5), best(lambda: scipy.stats.wasserstein_distance(x, y), 5),
                     best(lambda: d.jensenshannon(p, q, base=2), 200)):
            print(t, float(r))
        """;

    public static int Run(TextWriter table)
    {
        if (NumpyBench.interpreter is not { } python || NumpyBench.Run(python, "-c", "import scipy") is null)
        {
            table.WriteLine("skipped: python3 with numpy and scipy is not installed");
            return 2;
        }
        var (x, y) = (Samples.Normal(1_000_000), Array.ConvertAll(Samples.Normal(1_000_000, 2), value => 1.02 * value + 0.01));
        var (uniform, quantile) = (Binning.Uniform(-8, 8, Cells), Binning.Quantile(x, Cells));
        var prepared = PreparedSample.Of(x);
        var (p, q) = (Count(quantile, x), Count(quantile, y));
        (string Name, Func<double> Work)[] ours =
        [
            ("histogram of 1,000,000 values, 20 uniform cells", () => Count(uniform, x)[9]),
            ("histogram of 1,000,000 values, 20 quantile cells", () => Count(quantile, x)[9]),
            ("exact KS distance, 1,000,000 against 1,000,000 (reference prepared)", () => KolmogorovSmirnov.Distance(prepared, y)),
            ("Wasserstein distance, 1,000,000 against 1,000,000", () => Wasserstein.Distance(x, y)),
            ("Jensen-Shannon distance of 20 cells", () => Divergence.Js(p, q)),
        ];
        var theirs = Theirs(python, x, y, quantile);
        var times = new Meter(quick: true).Times(Array.ConvertAll(ours, one => (Action)(() => one.Work())));
        table.WriteLine(Machine.Describe());
        table.WriteLine();
        table.WriteLine("| work | numpy, scipy | Drift | faster | their result | our result |");
        table.WriteLine("|---|---|---|---|---|---|");
        for (var i = 0; i < ours.Length; i++)
            table.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {ours[i].Name} | {theirs[i].Seconds * 1e3:0.####} ms | {times[i] * 1e3:0.####} ms | {theirs[i].Seconds / times[i]:0.#}x | {theirs[i].Result:R} | {ours[i].Work():R} |"));
        return 0;
    }

    static long[] Count(Binning binning, double[] values)
    {
        var counts = new long[binning.Count];
        Outside outside = default;
        CountingKernel.Count(binning, values, counts, ref outside);
        return counts;
    }

    static (double Seconds, double Result)[] Theirs(string python, double[] x, double[] y, Binning binning)
    {
        var folder = Directory.CreateTempSubdirectory("drift-bench-");
        try
        {
            string Save(string name, ReadOnlySpan<double> values)
            {
                var path = Path.Combine(folder.FullName, name);
                File.WriteAllBytes(path, MemoryMarshal.AsBytes(values));
                return path;
            }

            var lines = NumpyBench.Run(python, "-c", Script, Save("x", x), Save("y", y), Save("e", binning.Edges)) ?? throw new InvalidOperationException("the script failed");
            return [.. lines.Split('\n').Select(line => line.Split(' ')).Select(pair => (double.Parse(pair[0], CultureInfo.InvariantCulture), double.Parse(pair[1], CultureInfo.InvariantCulture)))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
