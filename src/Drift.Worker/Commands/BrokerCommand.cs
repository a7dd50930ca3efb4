using System.CommandLine;
using System.Globalization;
using Drift.Worker.Sources;

namespace Drift.Worker.Commands;

/// <summary><c>drift broker</c>: an in-memory broker until stopped. Its first line of output is the bootstrap servers.</summary>
public static class BrokerCommand
{
    public static Command Create(Cli cli)
    {
        var topics = new Option<string[]>("--topic") { Description = "A topic and its number of partitions, as TOPIC:PARTITIONS (default predictions:4)", HelpName = "T:P" };
        var command = new Command("broker", "An in-memory Kafka broker for trying things out; never for production") { topics };
        command.SetAction((parsed, cancel) => RunAsync(cli, (parsed.GetValue(topics) ?? []) is { Length: > 0 } given ? given : ["predictions:4"]));
        return command;
    }

    static async Task<int> RunAsync(Cli cli, IReadOnlyList<string> topics)
    {
        var wanted = topics.Select(Parse).ToList();
        using var until = cli.UntilSignal();
        using var broker = new EmbeddedBroker();
        foreach (var (topic, partitions) in wanted) broker.CreateTopic(topic, partitions);
        cli.Line(broker.BootstrapServers);
        await cli.Out.FlushAsync(CancellationToken.None);
        await ObeyAsync(broker, Console.In, until.Token);
        return ExitCode.Fine;
    }

    static (string, int) Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var partitions) && partitions is >= 1 and <= 10_000)
            return (text[..colon], partitions);
        throw new UsageException($"--topic {text}: TOPIC:PARTITIONS with 1 to 10000 partitions is wanted");
    }

    /// <summary>Lines on stdin break the broker on purpose: <c>down N</c>, <c>up N</c>, <c>quit</c>. Without a reader it just runs.</summary>
    static async Task ObeyAsync(EmbeddedBroker broker, TextReader input, CancellationToken until)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = until.Register(() => stopped.TrySetResult());
        var lines = Task.Run(async () =>
        {
            while (await input.ReadLineAsync(until) is { } line)
            {
                if (line == "quit") return true;
                if (line.Split(' ') is not [var verb, var number] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at)) continue;
                if (verb == "down") broker.Down(at);
                if (verb == "up") broker.Up(at);
            }
            return false;
        }, CancellationToken.None);
        await Task.WhenAny(stopped.Task, QuitAsync(lines));
    }

    /// <summary>Ends only when someone said quit; the end of input (a closed or absent stdin) means nothing.</summary>
    static async Task QuitAsync(Task<bool> lines)
    {
        try
        {
            if (await lines) return;
        }
        catch (OperationCanceledException) { }
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
}
