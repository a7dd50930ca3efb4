using System.CommandLine;
using Drift.Alerts;
using Drift.Worker.Stores;

namespace Drift.Worker.Commands;

/// <summary><c>drift policy</c>: the built-in policy to start from, and everything that is wrong with one's own.</summary>
static class PolicyCommand
{
    public static Command Create(Cli cli) => new("policy", "Shows and checks policies.") { Show(cli), Check(cli), DryRun(cli) };

    static Command Show(Cli cli)
    {
        var file = new Argument<string?>("P.json") { Description = "A policy, shown in its full form.", Arity = ArgumentArity.ZeroOrOne };
        var builtIn = new Option<bool>("--default") { Description = "The built-in policy." };
        var command = new Command("show", "Prints a policy document.") { file, builtIn };
        command.SetAction(given =>
        {
            if (given.GetValue(builtIn) == (given.GetValue(file) is not null)) throw new UsageException("policy show: give --default or a file");
            // The built-in one as it is documented, with its defaults spelled out; a file in its canonical form.
            cli.Line(given.GetValue(file) is { } path ? System.Text.Encoding.UTF8.GetString(PolicyFormat.Write(Read(path))) : Policy.DefaultText);
            return ExitCode.Fine;
        });
        return command;
    }

    static Command Check(Cli cli)
    {
        var file = new Argument<string>("P.json") { Description = "The policy." };
        var command = new Command("check", "Lists everything that is wrong with a policy, each with its place.") { file };
        command.SetAction(given =>
        {
            var path = given.GetRequiredValue(file);
            var check = Load(path);
            foreach (var error in check.Errors) cli.Line($"error: {TextTable.Clean(error.ToString())}");
            foreach (var warning in check.Warnings) cli.Line($"warning: {TextTable.Clean(warning.ToString())}");
            if (!check.IsValid) throw Invalid(path, check);
            cli.Line($"{path}: fine; {check.Policy!.Rules.Count} rules, hash {check.Policy.Hash}");
            return ExitCode.Fine;
        });
        return command;
    }

    static Command DryRun(Cli cli)
    {
        var file = new Argument<string>("P.json") { Description = "The policy to try." };
        var since = StoreFlags.Since("30d");
        var format = new Option<string>("--format") { Description = "How the result is written.", DefaultValueFactory = _ => "table", HelpName = "table|json" };
        var command = new Command("dryrun", "Says what a policy would have raised over the stored windows.") { file, since, format };
        var flags = new StoreFlags(command);
        command.SetAction(async (given, cancel) =>
        {
            if (given.GetValue(format) is not ("table" or "json")) throw new UsageException($"--format {given.GetValue(format)}: one of table, json");
            var policy = Read(given.GetRequiredValue(file));
            var from = cli.Time.GetUtcNow() - StoreFlags.Span(given.GetValue(since)!);
            using var store = StoreFlags.Open(flags.Config(given));
            var result = StoredHistory.DryRun(policy, await StoredHistory.ReadAsync(store, flags.Model(given), null, from, null, cancel));
            if (given.GetValue(format) == "json") cli.Line(Json(result));
            else foreach (var line in result.ToString().Split('\n')) cli.Line(TextTable.Clean(line));
            return ExitCode.Fine;
        });
        return command;
    }

    static string Json(DryRunResult result)
    {
        using var memory = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(memory)) Web.Api.PolicyApi.Write(json, result);
        return System.Text.Encoding.UTF8.GetString(memory.ToArray());
    }

    /// <summary>A policy that can be used.</summary>
    public static Policy Read(string path) => Load(path) is { IsValid: true, Policy: { } policy } ? policy : throw Invalid(path, Load(path));

    static PolicyCheck Load(string path) => DataFlags.Document(path, "policy", bytes => PolicyFormat.Read(bytes));

    static InputException Invalid(string path, PolicyCheck check) => new(path, check.Errors.Select(e => e.ToString()));
}
