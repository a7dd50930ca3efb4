using System.CommandLine;
using System.Text;
using Drift.Alerts;
using Drift.Worker.Commands.Review;

namespace Drift.Worker.Commands;

/// <summary><c>drift report</c>: the weekly review of what a worker has stored.</summary>
static class ReportCommand
{
    public static Command Create(Cli cli)
    {
        var since = StoreFlags.Since("7d");
        var format = new Option<string>("--format") { Description = "How the review is written.", DefaultValueFactory = _ => "markdown", HelpName = "markdown|html" };
        var output = new Option<string?>("--out") { Description = "A file for the review instead of stdout.", HelpName = "F" };
        var command = new Command("report", "Reviews the last days: alerts, columns, performance, pages.") { since, format, output };
        var flags = new StoreFlags(command);
        command.SetAction(async (given, cancel) =>
        {
            if (given.GetValue(format) is not ("markdown" or "html")) throw new UsageException($"--format {given.GetValue(format)}: one of markdown, html");
            var config = flags.Config(given);
            var to = cli.Time.GetUtcNow();
            var from = to - StoreFlags.Span(given.GetValue(since)!);
            using var store = StoreFlags.Open(config);
            var review = await StoreReview.WriteAsync(store, config.Policy is { } path ? PolicyCommand.Read(path) : Policy.Default, flags.Model(given), from, to, cancel);
            var text = given.GetValue(format) == "html" ? review.ToHtml() : review.ToMarkdown();
            if (given.GetValue(output) is { } file) OutputFile.Write(file, Encoding.UTF8.GetBytes(text));
            else cli.Out.Write(text);
            return ExitCode.Fine;
        });
        return command;
    }
}
