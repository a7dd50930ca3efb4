using System.CommandLine;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary><c>drift evaluate</c>: how good the answers were, over all rows and chunk by chunk.</summary>
static class EvaluateCommand
{
    public static Command Create(Cli cli)
    {
        var predictions = new Option<string>("--predictions") { Description = "The answers: CSV, JSONL or Arrow IPC, also .gz.", HelpName = "DATA", Required = true };
        var reference = new Option<string?>("--reference") { Description = "What is ordinary: a profile made with --truth, or a data file with the same columns.", HelpName = "R" };
        var command = new Command("evaluate", "Realised performance: every measure of the task, over all rows and per chunk.") { predictions, reference };
        var data = new DataFlags(command, withColumns: false);
        var flags = new PerformanceFlags(command, data, new ChunkFlags(command), "The truth, where it stands in a file of its own; joined by --id.");
        var output = new ReportOutput(command);
        command.SetAction(given =>
        {
            _ = output.Format(given);
            var options = data.Read(given);
            var columns = flags.Columns(given, options);
            if (columns.Truth is null) throw new UsageException("--truth is missing: the column with what turned out to be right");
            using var progress = new Progress(cli, "rows");
            options = options with { Progress = progress.Report };
            var rows = flags.Load(given, given.GetRequiredValue(predictions), options, columns);
            var known = given.GetValue(reference) is { } r ? ReferenceSide.Load(r, options, columns, flags, given) : null;
            progress.Dispose();
            var run = new PerformanceRun(rows, known?.Performance.Columns ?? columns, options, flags.Metrics(given), known?.Performance, estimate: false);
            output.Write(given, cli, run.Report(DriftReport.OwnRecipe, known?.Rows, flags.Chunks(given, rows.Table, rows.File)));
            return ExitCode.Fine;
        });
        return command;
    }
}
