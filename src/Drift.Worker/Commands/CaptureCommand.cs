using System.CommandLine;
using Drift.Worker.Stores;

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
            var windows = Disjoint(await StoredHistory.ReadAsync(store, model, given.GetValue(version), start, end, cancel));
            Check(model, windows, $"{given.GetValue(from)} to {given.GetValue(to)}");
            var profiles = new List<Profile>();
            foreach (var window in windows) profiles.Add(await store.ProfileAsync(window, cancel) ?? throw new InputException($"model '{model}': the reference {window.Window.Reference} is no longer stored"));
            var drifted = Apart(Sum(profiles[..(profiles.Count / 2)]), Sum(profiles[(profiles.Count / 2)..]));
            if (drifted.Count > 0)
            {
                cli.Line($"refused: the first half of this time drifts from the second in {TextTable.Clean(string.Join(", ", drifted))}");
                return ExitCode.Violated;
            }
            var reference = Sum(profiles).With(model, windows[^1].Window.Version);
            OutputFile.Write(given.GetRequiredValue(output), ProfileFormat.Write(reference));
            cli.Line($"{given.GetValue(output)}: {reference.Rows:N0} rows of {windows.Count} windows, {reference.Start:yyyy-MM-dd HH:mm} to {reference.End:yyyy-MM-dd HH:mm} UTC");
            return ExitCode.Fine;
        });
        return command;
    }

    static void Check(string model, List<JudgedWindow> windows, string stretch)
    {
        if (windows.Count < 2) throw new InputException($"model '{model}': {(windows.Count == 0 ? "no window starts" : "one window is too few, two at least must start")} in {stretch}");
        if (windows.Select(w => w.Window.Version).Distinct().Count() > 1) throw new InputException($"model '{model}': there are several versions ({string.Join(", ", windows.Select(w => $"'{w.Window.Version}'").Distinct())}); name one by --model-version");
        if (windows.Select(w => w.Window.Reference).Distinct().Count() > 1) throw new InputException($"model '{model}': the reference changed in this time, and counts in different cells do not add up; choose a stretch after the change");
    }

    /// <summary>Windows that do not overlap, so that no row counts twice.</summary>
    static List<JudgedWindow> Disjoint(IReadOnlyList<JudgedWindow> windows)
    {
        var chosen = new List<JudgedWindow>();
        foreach (var window in windows.Where(w => w.Window.Rows > 0))
            if (!chosen.Exists(c => c.Window.Version == window.Window.Version && c.Window.End > window.Window.Start)) chosen.Add(window);
        return chosen;
    }

    static Profile Sum(List<Profile> profiles) => profiles.Aggregate((all, one) => all + one);

    static List<string> Apart(Profile first, Profile second) =>
        [.. Comparison.Compare(first, second).Where(r => r.Verdict is Verdict.Warning or Verdict.Critical).Select(r => r.Column).Distinct(StringComparer.Ordinal)];
}
