using System.Globalization;
using Drift.Benchmarks;

// Drift.Benchmarks [--quick] [--only NAME,..]: the performance goals as ratios, one Markdown table, exit code 1 when one falls short.
// --readme FILE puts the table into that file, between its two marks.
// Drift.Benchmarks --peers: the same work by numpy and scipy on the same bytes, side by side.
// Drift.Benchmarks --worker [--quick] [--only rate,processor,memory]: the same of the worker as a process, with an embedded broker and a PostgreSQL of its own; minutes.
var quick = args.Contains("--quick");
if (args.Contains("--peers")) return Peers.Run(Console.Out);
if (args.Contains("--worker")) return Drift.Benchmarks.Worker.WorkerBench.Run(quick, After("--only")?.Split(','));
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
var text = new StringWriter();
text.WriteLine(Machine.Describe());
text.WriteLine();
var code = new Runner(quick, chosen).Run(text, Console.Error);
Console.Write(text);
if (After("--readme") is { } readme) Replace(readme, text.ToString());
return code;

// The table stands in the README between two marks.
static void Replace(string file, string table)
{
    const string Begin = "<!-- bench -->\n", End = "<!-- /bench -->";
    var all = File.ReadAllText(file);
    var (from, to) = (all.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, all.IndexOf(End, StringComparison.Ordinal));
    File.WriteAllText(file, $"{all[..from]}{table}{all[to..]}");
}

string? After(string option) => Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
