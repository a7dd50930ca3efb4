using System.CommandLine;
using System.Globalization;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary><c>drift contrast</c>: champion against challenger. Exit code 1 when the challenger is significantly worse, or when that cannot be judged.</summary>
static class ContrastCommand
{
    public static Command Create(Cli cli)
    {
        var champion = new Option<string>("--champion") { Description = "The answers of the model in place.", HelpName = "DATA", Required = true };
        var challenger = new Option<string>("--challenger") { Description = "The answers of the model that may take its place.", HelpName = "DATA", Required = true };
        var paired = new Option<bool>("--paired") { Description = "Both answered the same rows (shadow), found by --id." };
        var duration = new Option<string?>("--min-duration") { Description = "Nothing is judged before each side spans so much time, e.g. 24h, 7d.", HelpName = "24h" };
        var least = new Option<long>("--min-rows") { Description = "Nothing is judged before each side has so many labelled rows.", DefaultValueFactory = _ => 100, HelpName = "N" };
        var alpha = new Option<double>("--alpha") { Description = "The level at which a difference counts.", DefaultValueFactory = _ => 0.05, HelpName = "A" };
        var failOn = new Option<string>("--fail-on") { Description = "The least severity that fails; a challenger that is significantly worse is critical.", DefaultValueFactory = _ => "warning", HelpName = "warning|critical" };
        var allow = new Option<bool>("--allow-insufficient") { Description = "What cannot be judged for want of data passes." };
        var command = new Command("contrast", "Champion against challenger: differences, intervals and p-values.") { champion, challenger, paired, duration, least, alpha, failOn, allow };
        var data = new DataFlags(command, withColumns: false);
        var flags = new PerformanceFlags(command, data, chunks: null, "The truth of both, where it stands in a file of its own; joined by --id.");
        var output = new ReportOutput(command);
        command.SetAction(given =>
        {
            _ = output.Format(given);
            var options = data.Read(given);
            var columns = flags.Columns(given, options);
            if (columns.Truth is null) throw new UsageException("--truth is missing: the column with what turned out to be right");
            if (given.GetValue(alpha) is not (> 0 and < 1)) throw new UsageException($"--alpha {given.GetValue(alpha)}: a level between 0 and 1");
            if (given.GetValue(least) < 0) throw new UsageException($"--min-rows {given.GetValue(least)}: 0 or more");
            if (given.GetValue(failOn) is not ("warning" or "critical")) throw new UsageException($"--fail-on {given.GetValue(failOn)}: warning or critical");
            var lasting = Duration(given.GetValue(duration));
            var id = options.Roles.FirstOrDefault(r => r.Value == ColumnRole.Id).Key;
            if (given.GetValue(paired) && id is null) throw new UsageException("--paired needs --id COL, by which the rows of both sides find each other");
            using var progress = new Progress(cli, "rows");
            options = options with { Progress = progress.Report };
            var first = flags.Load(given, given.GetRequiredValue(champion), options, columns);
            var second = flags.Load(given, given.GetRequiredValue(challenger), options, columns);
            progress.Dispose();
            var notYet = NotYet([first, second], lasting);
            var how = new ContrastOptions { Paired = given.GetValue(paired), Level = 1 - given.GetValue(alpha), LeastRows = given.GetValue(least), NotYet = notYet };
            if (how.Paired) (first, second) = first.Pair(second, id!);
            var readings = Readings(first, second, columns, options, flags.Metrics(given), how);
            // Segments that are too small to be judged are no reason to hold back; the whole is.
            var worse = readings.Where(r => r.Verdict == Verdict.Critical).ToList();
            var unjudged = readings.Where(r => r.Status != ReadingStatus.Ok && r.Segment.Length == 0).ToList();
            var passed = worse.Count == 0 && (unjudged.Count == 0 || given.GetValue(allow));
            output.Write(given, cli, new(DriftReport.OwnRecipe, first.Table.Rows, second.Table.Rows, readings) { IsContrast = true, Summary = $"{(passed ? "passed" : "failed")}: {Found(worse, unjudged)}" });
            return passed ? ExitCode.Fine : ExitCode.Violated;
        });
        return command;
    }

    static string Found(List<Reading> worse, List<Reading> unjudged)
    {
        var found = worse.Count == 0 ? "nothing is significantly worse" : $"significantly worse: {string.Join(", ", worse.Select(r => r.Measure + (r.Segment.Length > 0 ? $" ({r.Segment})" : "")))}";
        return unjudged.Count == 0 ? found : $"{found}; not judged: {string.Join(", ", unjudged.Select(r => r.Measure))} ({string.Join("; ", unjudged.Select(r => r.Detail?.Reason).Distinct())})";
    }

    static List<Reading> Readings(ModelData first, ModelData second, ModelColumns columns, ReadOptions options, IReadOnlyList<string> metrics, ContrastOptions how)
    {
        List<Reading> Of(Table a, Table b, ContrastOptions by)
        {
            var (one, other) = (PerformanceRun.Read(a, columns, first.File), PerformanceRun.Read(b, columns, second.File));
            var found = new List<Reading>(Contrasts.Compare(one, other, by));
            foreach (var metric in metrics) found.Add(Contrasts.CompareMetric(metric, Numbers(a, metric, first.File), Numbers(b, metric, second.File), by));
            return found;
        }
        var readings = Of(first.Table, second.Table, how);
        foreach (var segment in options.Roles.Where(r => r.Value == ColumnRole.Segment).Select(r => r.Key))
        {
            if (first.Table.Find(segment) is not CategoricalColumn one || second.Table.Find(segment) is not CategoricalColumn other) continue;
            foreach (var value in one.Dictionary.Intersect(other.Dictionary, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                // Paired, a row belongs to the champion's segment on both sides.
                bool[] left = Where(one, value), right = how.Paired ? left : Where(other, value);
                readings.AddRange(Of(first.Table.Where(left), second.Table.Where(right), how with { Segment = $"{segment}={value}" }));
            }
        }
        return readings;
    }

    static bool[] Where(CategoricalColumn column, string value) => [.. Enumerable.Range(0, column.Length).Select(i => column[i] == value)];

    static double[] Numbers(Table table, string name, string file) => table.Find(name) is NumericColumn column
        ? [.. Enumerable.Range(0, column.Length).Select(i => column.IsNull(i) ? double.NaN : column.Values.Span[i])]
        : throw new InputException($"{file}: metric '{name}' is no numbers");

    static string? NotYet(ReadOnlySpan<ModelData> sides, TimeSpan? lasting)
    {
        if (lasting is not { } least) return null;
        foreach (var side in sides)
        {
            if (ModelData.Times(side.Table) is not { } times) throw new InputException($"{side.File}: --min-duration needs a time column: none is named ts or timestamp, and --ts names none");
            double[] known = [.. times.Where(double.IsFinite)];
            var spans = known.Length == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(known.Max() - known.Min());
            if (spans < least) return $"needs {least:c} of time a side, {Path.GetFileName(side.File)} spans {spans:c}";
        }
        return null;
    }

    /// <summary>24h, 90m, 7d, or .NET's own form 1.00:00:00.</summary>
    static TimeSpan? Duration(string? text)
    {
        if (text is null) return null;
        Func<double, TimeSpan>? unit = text.Length < 2 ? null : text[^1] switch { 's' => TimeSpan.FromSeconds, 'm' => TimeSpan.FromMinutes, 'h' => TimeSpan.FromHours, 'd' => TimeSpan.FromDays, _ => null };
        if (unit is not null && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) && n < 1e6) return unit(n);
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.Zero ? span : throw new UsageException($"--min-duration {text}: such as 90m, 24h or 7d");
    }
}
