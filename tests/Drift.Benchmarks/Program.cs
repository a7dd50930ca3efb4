using System.Globalization;
using Drift.Benchmarks;

// Drift.Benchmarks [--quick] [--only NAME,..]: the performance goals as ratios, one Markdown table, exit code 1 when one falls short.
// Drift.Benchmarks --worker [--quick]: the same of the worker as a process, with an embedded broker and a PostgreSQL of its own; minutes.
var quick = args.Contains("--quick");
if (args.Contains("--worker")) return Drift.Benchmarks.Worker.WorkerBench.Run(quick);
if (After("--child") is { } name)
{
    var ratios = Bench.All.Single(bench => bench.Name == name).Measure(new(quick));
    Console.WriteLine(string.Join('\t', ratios.Select(ratio => ratio.ToString("R", CultureInfo.InvariantCulture))));
    return 0;
}
var only = After("--only")?.Split(',');
var chosen = Bench.All.Where(bench => only is null || only.Contains(bench.Name)).ToArray();
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"no bench of that name; there are {string.Join(", ", Bench.All.Select(bench => bench.Name))}");
    return 2;
}
Console.WriteLine(Machine.Describe());
Console.WriteLine();
return new Runner(quick, chosen).Run(Console.Out, Console.Error);

string? After(string option) => Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
