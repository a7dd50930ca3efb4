using System.CommandLine;

namespace Drift.Worker.Commands;

/// <summary><c>drift estimate</c>: how good the answers probably are while the truth is unknown.</summary>
static class EstimateCommand
{
    const string Assumption = "estimates without truth: assumes no concept drift, that inputs and scores still mean what they meant in the reference";

    public static Command Create(Cli cli)
    {
        var reference = new Option<string>("--reference") { Description = "A data file with truth, or a profile made of one.", HelpName = "R", Required = true };
        var current = new Option<string>("--current") { Description = "The answers to judge: CSV, JSONL or Arrow IPC, also .gz.", HelpName = "DATA", Required = true };
        var command = new Command("estimate", "Performance without labels: CBPE for classification, DLE for regression.") { reference, current };
        var data = new DataFlags(command, withColumns: false);
        var flags = new PerformanceFlags(command, data, new ChunkFlags(command), "The truth of some rows, where it is known already; joined by --id. The estimates are then shown beside the realised values.");
        var output = new ReportOutput(command);
        command.SetAction(given =>
        {
            _ = output.Format(given);
            var options = data.Read(given);
            var columns = flags.Columns(given, options);
            if (columns.Task == PerformanceTask.Ranking) throw new UsageException("--task ranking: a ranking cannot be estimated without truth; binary, multiclass and regression can");
            if (columns.Truth is null) throw new UsageException("--truth is missing: the column of the reference with what turned out to be right");
            if (columns.Task != PerformanceTask.Regression && columns.Scores.Count == 0) throw new UsageException("--score is missing: an estimate for classes rests on their probabilities");
            using var progress = new Progress(cli, "rows");
            options = options with { Progress = progress.Report };
            var known = ReferenceSide.Load(given.GetRequiredValue(reference), options, columns, flags, given);
            columns = known.Performance.Columns;
            var rows = flags.Load(given, given.GetRequiredValue(current), options, columns, known.Schema, withoutTruth: true);
            progress.Dispose();
            if (rows.Table.Find(columns.Truth!) is null) columns = columns with { Truth = null };
            var run = new PerformanceRun(rows, columns, options, flags.Metrics(given), known.Performance, estimate: true);
            output.Write(given, cli, run.Report(columns.Task == PerformanceTask.Regression ? "dle" : "cbpe", known.Rows, flags.Chunks(given, rows.Table, rows.File)) with { Remark = Assumption });
            return ExitCode.Fine;
        });
        return command;
    }
}
