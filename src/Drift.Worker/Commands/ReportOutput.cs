using System.CommandLine;
using System.Text;

namespace Drift.Worker.Commands;

/// <summary>The flags for how a report is written.</summary>
sealed class ReportOutput
{
    readonly Option<string> format = new("--format") { Description = "How the result is written.", DefaultValueFactory = _ => "table", HelpName = "table|json|html" };
    readonly Option<string?> output = new("--out") { Description = "A file for the result instead of stdout.", HelpName = "F" };

    public ReportOutput(Command command)
    {
        command.Add(format);
        command.Add(output);
    }

    public string Format(ParseResult given) => given.GetValue(format) is "table" or "json" or "html" ? given.GetValue(format)! : throw new UsageException($"--format {given.GetValue(format)}: one of table, json, html");

    public void Write(ParseResult given, Cli cli, PerformanceReport report)
    {
        using var text = new StringWriter();
        var target = given.GetValue(output) is null ? cli : cli with { Out = text, OutIsTerminal = false };
        if (Format(given) == "json") target.Out.Write(report.ToJson());
        else if (Format(given) == "html") target.Out.Write(report.ToHtml());
        else report.WriteTable(target);
        if (given.GetValue(output) is { } path) OutputFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
    }
}
