using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Drift.Benchmarks;

/// <summary><c>drift compare</c> of two large files, a process of its own, against CsvHelper only reading them.</summary>
sealed class CsvBench : Bench
{
    const int Rows = 1_000_000, Distinct = 20_000, Numbers = 17, Categories = 3;

    public override string Name => "csv";

    public override bool TakesLong => true;

    public override IReadOnlyList<Goal> Goals { get; } =
    [
        new("drift compare of two CSV files of 1,000,000 rows x 20 columns: time over CsvHelper reading both", 2, AtMost: true),
        new("drift compare of two CSV files of 1,000,000 rows x 20 columns: peak memory", 500, AtMost: true, Unit: " MB"),
    ];

    public override double[] Measure(Meter meter)
    {
        var folder = Directory.CreateTempSubdirectory("drift-bench-");
        try
        {
            string[] files = [Path.Combine(folder.FullName, "reference.csv"), Path.Combine(folder.FullName, "current.csv")];
            for (var i = 0; i < files.Length; i++) Write(files[i], i);
            double theirs = double.PositiveInfinity, ours = double.PositiveInfinity, memory = 0;
            for (var round = 0; round < (meter.Quick ? 1 : 3); round++)
            {
                theirs = Math.Min(theirs, Time(() => Array.ForEach(files, Read)));
                ours = Math.Min(ours, Time(() => memory = Math.Max(memory, Compare(files, Path.Combine(folder.FullName, "report.json")))));
            }
            return [ours / theirs, memory];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static double Time(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    static void Write(string file, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var row = 0; row < Distinct; row++)
        {
            for (var i = 0; i < Numbers; i++)
                text.Append(CultureInfo.InvariantCulture, $"{Math.Round((random.NextDouble() + random.NextDouble() - 0.9) * Math.Pow(10, i % 4), i % 5)},");
            text.Append(CultureInfo.InvariantCulture, $"c{random.Next(3)},city_{random.Next(30)},{(random.Next(2) == 0 ? "true" : "false")}\n");
        }
        var lines = Encoding.UTF8.GetBytes(text.ToString());
        using var stream = File.Create(file);
        stream.Write(Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, Numbers + Categories).Select(i => $"f{i}")) + "\n"));
        for (var i = 0; i < Rows / Distinct; i++) stream.Write(lines);
    }

    static void Read(string file)
    {
        using var parser = new CsvParser(new StreamReader(file, Encoding.UTF8, true, 1 << 16), new CsvConfiguration(CultureInfo.InvariantCulture) { BufferSize = 1 << 16 });
        long length = 0;
        while (parser.Read())
            for (var i = 0; i < parser.Count; i++) length += parser[i].Length;
        if (length < Rows) throw new InvalidOperationException($"{file}: only {length} characters");
    }

    /// <summary>Runs the command and returns its peak memory in MB.</summary>
    static double Compare(string[] files, string report)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "drift.exe" : "drift"),
            ["compare", "--reference", files[0], "--current", files[1], "--format", "json", "--out", report]) { RedirectStandardError = true };
        // The command as users run it, not as the benches are compiled.
        start.Environment.Remove("DOTNET_ReadyToRun");
        using var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        long peak = 0;
        while (!process.WaitForExit(10))
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                break; // it has ended in between
            }
        }
        process.WaitForExit();
        return process.ExitCode == 0 ? peak / 1e6 : throw new InvalidOperationException($"drift compare ended with {process.ExitCode}");
    }
}
