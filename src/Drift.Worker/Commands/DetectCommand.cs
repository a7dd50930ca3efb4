using System.CommandLine;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary><c>drift detect</c>: where a stream of numbers changes, as a JSON list of rows.</summary>
static class DetectCommand
{
    public static Command Create(Cli cli)
    {
        var data = new Argument<string>("DATA") { Description = "CSV, JSONL or Arrow IPC, also .gz; its rows in their order." };
        var column = new Option<string>("--column") { Description = "The column to watch: an error (0 or 1) or any number.", HelpName = "COL", Required = true };
        var detector = new Option<string>("--detector") { Description = "The detector.", HelpName = string.Join('|', ChangeDetector.Names), Required = true };
        var param = new Option<string[]>("--param") { Description = "A parameter of the detector, such as delta=0.01.", HelpName = "k=v", DefaultValueFactory = _ => [] };
        var command = new Command("detect", "Finds the rows at which a stream of numbers changes.") { data, column, detector, param };
        command.SetAction(given =>
        {
            var found = Detector(given.GetRequiredValue(detector), given.GetValue(param)!).Scan(Values(cli, given.GetRequiredValue(data), given.GetRequiredValue(column)));
            cli.Line(Write(found));
            return ExitCode.Fine;
        });
        return command;
    }

    static IChangeDetector Detector(string name, string[] given)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in given)
        {
            var at = one.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || !parameters.TryAdd(one[..at], one[(at + 1)..])) throw new UsageException($"--param {one}: k=v is wanted, each k once");
        }
        try
        {
            return ChangeDetector.Create(name, parameters);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    /// <summary>The column's numbers; a row without one keeps its index and moves no detector.</summary>
    static double[] Values(Cli cli, string path, string column)
    {
        using var progress = new Progress(cli, "rows");
        var set = DataFile.Load(path, new ReadOptions { Schema = Schema.Of(ColumnSpec.Numeric(column)), InferOthers = false, Progress = progress.Report });
        var numbers = (NumericColumn)set.Table.Find(column)!;
        var values = numbers.Values.ToArray();
        for (var i = 0; i < values.Length; i++)
            if (numbers.IsNull(i)) values[i] = double.NaN;
        return numbers.Mismatched < values.Length || values.Length == 0 ? values : throw new InputException($"{path}: column '{column}' holds no numbers");
    }

    static string Write(IReadOnlyList<ChangePoint> points) => JsonText.Of(json =>
    {
        json.WriteStartArray();
        foreach (var point in points)
        {
            json.WriteStartObject();
            json.WriteNumber("index", point.Index);
            json.WriteString("kind", point.Kind == ChangeKind.Drift ? "drift" : "warning");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
