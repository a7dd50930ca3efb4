using System.CommandLine;
using Drift.Worker.Commands.Demo;

namespace Drift.Worker.Commands;

/// <summary><c>drift demo</c>: the whole system on this machine, with traffic in which drift begins.</summary>
static class DemoCommand
{
    const int DefaultPort = 5080;

    public static Command Create(Cli cli)
    {
        var once = new Option<bool>("--once") { Description = "End by itself after the sample, with a summary." };
        var port = new Option<int>("--port") { Description = "The page's port; 0 takes any.", DefaultValueFactory = _ => DefaultPort, HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Chooses the drifting columns and all values.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var command = new Command("demo", "The whole system on this machine: broker, traffic in which drift begins, worker, alerts, page.") { once, port, seed };
        command.SetAction(async (given, _) =>
        {
            if (given.GetValue(port) is < 0 or > 65_535) throw new UsageException($"--port {given.GetValue(port)}: a number from 0 to 65535");
            using var until = cli.UntilSignal();
            await using var run = new DemoRun(cli, given.GetValue(seed), given.GetValue(port));
            return await run.RunAsync(given.GetValue(once), until.Token) ? ExitCode.Fine : ExitCode.Violated;
        });
        return command;
    }
}
