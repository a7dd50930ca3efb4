using System.CommandLine;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Microsoft.Extensions.Logging;

namespace Drift.Worker.Commands;

/// <summary><c>drift run</c>: the worker, until SIGTERM or Ctrl-C.</summary>
public static class RunCommand
{
    /// <summary>How long a stop may take: orchestrators kill after 30 seconds, and what was not committed is read again anyway.</summary>
    static readonly TimeSpan longestStop = TimeSpan.FromSeconds(20);

    public static Command Create(Cli cli)
    {
        var config = new Option<string>("--config") { Description = "The configuration.", HelpName = "drift.json", DefaultValueFactory = _ => "drift.json" };
        var command = new Command("run", "The worker: Kafka to windows, readings and alerts, with dashboard, metrics and health.") { config };
        command.SetAction((parsed, _) =>
        {
            var path = parsed.GetRequiredValue(config);
            return RunAsync(cli, () => ConfigReader.ReadFile(path));
        });
        return command;
    }

    static async Task<int> RunAsync(Cli cli, Func<DriftConfig> read)
    {
        using var until = cli.UntilSignal();
        // Told to stop while still starting is a stop like any other.
        try { return await RunAsync(cli, read, until); }
        catch (OperationCanceledException) when (until.Token.IsCancellationRequested) { return ExitCode.Fine; }
    }

    static async Task<int> RunAsync(Cli cli, Func<DriftConfig> read, SignalScope until)
    {
        Failpoint.Check();
        using var logging = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Information).AddSimpleConsole(o => o.SingleLine = true)
            .AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace));
        using var worker = new DriftWorker(read(), new WorkerOptions { Reread = read, Time = cli.Time, Logging = logging, Console = cli.Out });
        await using var web = await WorkerWeb.StartAsync(worker, cli.Time, until.Token);
        var running = worker.RunAsync(until.Token);
        if (!running.IsFaulted) logging.CreateLogger("Drift.Worker").LogInformation("watching {Models}; the dashboard is at {Address}", string.Join(", ", worker.Models.All.Select(m => m.Name)), web.Address);
        await Task.WhenAny(running, StopLateAsync(until.Token));
        if (running.IsCompleted) await running;
        return ExitCode.Fine;
    }

    /// <summary>Ends some time after the signal, for the case that the store or the broker holds up the drain.</summary>
    static async Task StopLateAsync(CancellationToken signal)
    {
        await Task.Delay(Timeout.Infinite, signal).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(longestStop, CancellationToken.None);
    }
}
