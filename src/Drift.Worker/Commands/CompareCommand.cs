using System.CommandLine;

namespace Drift.Worker.Commands;

/// <summary><c>drift compare</c>: a report of two sides; exit code 0 whenever it could be computed.</summary>
static class CompareCommand
{
    public static Command Create(Cli cli)
    {
        var paired = new Option<bool>("--paired") { Description = "The same rows from two pipelines, joined by --id: the share of rows per column whose value differs." };
        var tolerance = new Option<double?>("--tolerance") { Description = "The relative difference up to which paired numbers are equal; 0 by default.", HelpName = "R" };
        var command = new Command("compare", "Compares data with a reference, column by column.") { paired, tolerance };
        var flags = new CompareFlags(command);
        command.SetAction(given =>
        {
            if (given.GetValue(tolerance) is not null && !given.GetValue(paired)) throw new UsageException("--tolerance needs --paired");
            var report = given.GetValue(paired) ? flags.ComparePaired(given, cli, given.GetValue(tolerance) ?? 0) : flags.Compare(given, cli);
            switch (flags.Format(given))
            {
                case "json": flags.Write(given, cli, report.ToJson() + "\n"); break;
                case "markdown": flags.Write(given, cli, report.ToMarkdown()); break;
                case "html": flags.Write(given, cli, report.ToHtml()); break;
                default: flags.WriteTable(given, cli, report); break;
            }
            return ExitCode.Fine;
        });
        return command;
    }
}
