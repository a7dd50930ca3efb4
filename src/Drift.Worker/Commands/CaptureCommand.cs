using System.CommandLine;
using Drift.Worker.References;

namespace Drift.Worker.Commands;

/// <summary>
/// <c>drift capture</c>: a reference from windows that a worker has stored, for example after a model was retrained. The windows share their reference's
/// cells, so their counts add up exactly. Refused when the first half of the time drifts from the second: such a stretch is no ordinary one.
/// </summary>
static class CaptureCommand
{
    public static Command Create(Cli cli)
    {
        var version = new Option<string?>("--model-version") { Description = "The model's version; needed when there are several.", HelpName = "V" };
        var from = new Option<string>("--from") { Description = "The first window's start, at the earliest.", HelpName = "T", Required = true };
        var to = new Option<string>("--to") { Description = "The start from which on windows are left out.", HelpName = "T", Required = true };
        var output = new Option<string>("--out") { Description = "Where the reference goes.", HelpName = "R.json", Required = true };
        var command = new Command("capture", "Makes a reference from stored windows.") { version, from, to, output };
        var flags = new StoreFlags(command);
        command.SetAction(async (given, cancel) =>
        {
            var model = flags.Model(given) ?? throw new UsageException("--model M is needed");
            var (start, end) = (StoreFlags.Instant("--from", given.GetRequiredValue(from)), StoreFlags.Instant("--to", given.GetRequiredValue(to)));
            using var store = StoreFlags.Open(flags.Config(given));
            var (capture, windows, problem) = await Capture.OfStoredAsync(store, model, given.GetValue(version), start, end, cancel);
            if (capture?.Profile is not { } reference) throw new InputException(problem.Replace("name one", "name one by --model-version", StringComparison.Ordinal));
            if (capture.Drifted.Count > 0)
            {
                cli.Line($"refused: the first half of this time drifts from the second in {TextTable.Clean(string.Join(", ", capture.Drifted))}");
                return ExitCode.Violated;
            }
            OutputFile.Write(given.GetRequiredValue(output), ProfileFormat.Write(reference));
            cli.Line($"{given.GetValue(output)}: {reference.Rows:N0} rows of {windows.Count} windows, {reference.Start:yyyy-MM-dd HH:mm} to {reference.End:yyyy-MM-dd HH:mm} UTC");
            return ExitCode.Fine;
        });
        return command;
    }
}
