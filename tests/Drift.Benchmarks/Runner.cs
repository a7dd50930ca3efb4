using System.Diagnostics;
using System.Globalization;

namespace Drift.Benchmarks;

/// <summary>Runs every bench in several processes, in turns, and judges the medians.</summary>
sealed class Runner(bool quick, IReadOnlyList<Bench> benches)
{
    const int Processes = 5;

    readonly Dictionary<Bench, List<double[]>> measured = benches.ToDictionary(bench => bench, _ => new List<double[]>());
    readonly Dictionary<Bench, string> failures = [];

    public int Run(TextWriter table, TextWriter progress)
    {
        var start = Stopwatch.GetTimestamp();
        for (var round = 1; round <= Processes; round++)
            foreach (var bench in benches.Where(bench => bench.Lacks is null && !failures.ContainsKey(bench) && !(quick && round > 1 && bench.TakesLong)))
            {
                progress.WriteLine($"{Stopwatch.GetElapsedTime(start):mm\\:ss} {bench.Name}, process {round} of {Processes}");
                if (Child(bench, out var ratios) is { } failure) failures[bench] = failure;
                else measured[bench].Add(ratios);
            }
        return Print(table) ? 0 : 1;
    }

    string? Child(Bench bench, out double[] ratios)
    {
        ratios = [];
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(Runner).Assembly.Location);
        foreach (var argument in (string[])["--child", bench.Name, .. quick ? ["--quick"] : Array.Empty<string>()]) start.ArgumentList.Add(argument);
        // The framework's precompiled code is not its best; with it the yardsticks would be slower than they are in a service.
        start.Environment["DOTNET_ReadyToRun"] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) return $"the process ended with {process.ExitCode}: {errors.GetAwaiter().GetResult().Trim().Split('\n')[0]}";
        ratios = [.. output.Trim().Split('\t').Select(text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture))];
        return ratios.Length == bench.Goals.Count ? null : $"{ratios.Length} ratios for {bench.Goals.Count} goals";
    }

    bool Print(TextWriter table)
    {
        var holds = true;
        table.WriteLine("| goal | at least | measured | verdict |");
        table.WriteLine("|---|---|---|---|");
        foreach (var bench in benches)
            for (var i = 0; i < bench.Goals.Count; i++)
            {
                var goal = bench.Goals[i];
                var (value, verdict) = (bench.Lacks, failures.GetValueOrDefault(bench)) switch
                {
                    ({ } lacks, _) => ("", $"skipped: {lacks}"),
                    (_, { } failure) => ("", $"falls short: {failure}"),
                    _ => Judge(goal, measured[bench].Select(ratios => ratios[i])),
                };
                holds &= !verdict.StartsWith("falls short", StringComparison.Ordinal);
                table.WriteLine($"| {goal.Text} | {goal.Required} | {value} | {verdict} |");
            }
        return holds;
    }

    static (string Value, string Verdict) Judge(Goal goal, IEnumerable<double> ratios)
    {
        var sorted = ratios.Order().ToArray();
        var median = sorted[sorted.Length / 2];
        return (goal.Format(median), goal.IsMetBy(median) ? "holds" : "falls short");
    }
}
