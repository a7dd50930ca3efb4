using System.Diagnostics;
using System.Globalization;

namespace Drift.Benchmarks;

/// <summary>numpy.histogram over the same bytes in the same run, where python3 with numpy is installed.</summary>
sealed class NumpyBench : Bench
{
    const int Cells = 20;

    static readonly string[] interpreters = ["python3", "/usr/bin/python3"];

    const string Script = """
        import sys, time, numpy
        x = numpy.fromfile(sys.argv[1]); e = numpy.fromfile(sys.argv[2]); n = int(sys.argv[3])
        def best(f):
            t = []
            for _ in range(n):
                s = time.perf_counter(); f(); t.append(time.perf_counter() - s)
            return min(t)
        print(best(lambda: numpy.histogram(x, bins=20, range=(-8, 8))), best(lambda: numpy.histogram(x, bins=e)))
        """;

    public override string Name => "numpy";

    public override IReadOnlyList<Goal> Goals { get; } =
    [
        new("against numpy.histogram, N=1e6, 20 uniform cells", 25),
        new("against numpy.histogram, N=1e6, 20 quantile cells", 60),
    ];

    internal static readonly string? interpreter = interpreters.FirstOrDefault(candidate => Run(candidate, "-c", "import numpy") is not null);

    public override string? Lacks => interpreter is null ? "python3 with numpy is not installed" : null;

    public override double[] Measure(Meter meter)
    {
        var values = Samples.Normal(1_000_000);
        var (uniform, quantiles) = (Binning.Uniform(-8, 8, Cells), Binning.Quantile(values, Cells));
        var counts = new long[Cells];
        Outside outside = default;
        var ours = meter.Times(() => CountingKernel.Count(uniform, values, counts, ref outside), () => CountingKernel.Count(quantiles, values, counts, ref outside));
        var folder = Directory.CreateTempSubdirectory("drift-bench");
        try
        {
            var (data, edges) = (Path.Combine(folder.FullName, "x"), Path.Combine(folder.FullName, "e"));
            File.WriteAllBytes(data, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
            File.WriteAllBytes(edges, System.Runtime.InteropServices.MemoryMarshal.AsBytes(quantiles.Edges));
            var theirs = Run(interpreter!, "-c", Script, data, edges, "15")!.Split(' ').Select(text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)).ToArray();
            return [theirs[0] / ours[0], theirs[1] / ours[1]];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What a program prints; null where it fails or is not there.</summary>
    internal static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
