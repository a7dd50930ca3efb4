using System.CommandLine;
using Drift.Worker.Stores;
using Drift.Worker.Web.Api;

namespace Drift.Worker.Commands;

/// <summary><c>drift audit</c>: the record of who changed what, checked from its first entry to its last.</summary>
static class AuditCommand
{
    public static Command Create(Cli cli) => new("audit", "Checks the record of who changed what and which policy judged which window.") { Verify(cli) };

    static Command Verify(Cli cli)
    {
        var config = new Option<string>("--config") { Description = "The worker's configuration.", HelpName = "drift.json", DefaultValueFactory = _ => "drift.json" };
        var head = new Option<string?>("--head") { Description = "A hash that was noted before: one entry must have it, else the end was cut off.", HelpName = "HASH" };
        var format = new Option<string>("--format") { Description = "How the result is written.", DefaultValueFactory = _ => "table", HelpName = "table|json" };
        var command = new Command("verify", "Follows the chain of hashes. Exit code 1: an entry was changed, removed or reordered.") { config, head, format };
        command.SetAction(async (given, cancel) =>
        {
            if (given.GetValue(format) is not ("table" or "json")) throw new UsageException($"--format {given.GetValue(format)}: one of table, json");
            using var store = StoreFlags.Open(Configuration.ConfigReader.ReadFile(given.GetRequiredValue(config)));
            var found = await AuditVerification.OfAsync(store, given.GetValue(head), cancel);
            if (given.GetValue(format) == "json") cli.Line(JsonText.Of(json => AuditApi.Write(json, found)));
            else cli.Line(Say(found));
            return found is { Problem: null, Holds: true } ? ExitCode.Fine : ExitCode.Violated;
        });
        return command;
    }

    static string Say(AuditVerification found) => found switch
    {
        { Problem: { } problem } => $"broken after {found.Entries:N0} entries: {problem.Message}",
        { Holds: false } => $"{found.Entries:N0} entries fit, but none has the hash that was asked for: the end was cut off, or it is another audit's",
        { Entries: 0 } => "no entry yet",
        _ => $"{found.Entries:N0} entries, all in place; the last hash is {found.Head}",
    };
}
