using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text;
using Drift.Worker.Stores;

namespace Drift.Worker.Commands;

/// <summary>The <c>drift</c> command: its verbs, and the one place where exceptions become exit codes and one line on stderr.</summary>
public static class DriftCommand
{
    const int LongestLine = 2000;

    /// <summary>Parses and runs; never throws.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Cli cli)
    {
        try
        {
            var code = await InvokeAsync(args, cli);
            await cli.Out.FlushAsync(CancellationToken.None);
            return code;
        }
        catch (Exception e) when (e is UsageException or InputException or IOException or UnauthorizedAccessException or StoreException)
        {
            return Fail(cli, ExitCode.BadInput, e.Message);
        }
        catch (Exception e)
        {
            return Fail(cli, ExitCode.Failure, $"failure in drift itself: {e.GetType().Name}: {e.Message}{Where(e)}");
        }
    }

    static async Task<int> InvokeAsync(IReadOnlyList<string> args, Cli cli)
    {
        if (args.Count == 0) throw new UsageException("name a command: drift --help lists them");
        // No response files: a column may be called @x.
        var parsed = Root(cli).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction || (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true }))
            throw new UsageException(string.Join("; ", Explain(parsed)));
        return await parsed.InvokeAsync(
            new InvocationConfiguration { Output = cli.Out, Error = cli.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
            cli.Cancel);
    }

    /// <summary>What is wrong with the arguments. A word that is no command is the reason why none was given, so that is not said beside it.</summary>
    static List<string> Explain(ParseResult parsed)
    {
        var said = parsed.Errors.Select(Explain).Distinct().ToList();
        if (parsed.UnmatchedTokens.Count > 0 && parsed.CommandResult.Command.Subcommands.Count > 0) said.Remove("Required command was not provided");
        return said;
    }

    /// <summary>The parser's words without the names of .NET types.</summary>
    static string Explain(ParseError error) => error.Message.TrimEnd('.')
        .Replace(" as expected type 'System.Int32'", ", a whole number is expected", StringComparison.Ordinal)
        .Replace(" as expected type 'System.Double'", ", a number is expected", StringComparison.Ordinal);

    static RootCommand Root(Cli cli)
    {
        var root = new RootCommand("Watches machine-learning models in production for drift and falling performance.");
        foreach (var verb in Verbs(cli).OrderBy(v => v.Name, StringComparer.Ordinal)) root.Add(verb);
        return root;
    }

    /// <summary>Every verb; a new one is one line here and one file beside.</summary>
    static IEnumerable<Command> Verbs(Cli cli)
    {
        yield return ProfileCommand.Create(cli);
        yield return AuditCommand.Create(cli);
        yield return BrokerCommand.Create(cli);
        yield return CaptureCommand.Create(cli);
        yield return CheckCommand.Create(cli);
        yield return CompareCommand.Create(cli);
        yield return ContrastCommand.Create(cli);
        yield return DemoCommand.Create(cli);
        yield return DetectCommand.Create(cli);
        yield return EstimateCommand.Create(cli);
        yield return EvaluateCommand.Create(cli);
        yield return PolicyCommand.Create(cli);
        yield return ReplayCommand.Create(cli);
        yield return ReportCommand.Create(cli);
        yield return RunCommand.Create(cli);
        yield return SendCommand.Create(cli);
    }

    static string Where(Exception e)
    {
        var line = e.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("Drift.", StringComparison.Ordinal));
        return line is null ? "" : $" ({line.Split(" in ")[0].Trim()})";
    }

    static int Fail(Cli cli, int code, string message)
    {
        // What was printed before the failure stays printed, unless stdout itself is what failed.
        try { cli.Out.Flush(); }
        catch (IOException) { }
        try { cli.Error.WriteLine(OneLine("drift: " + message)); }
        catch (IOException) { }
        return code;
    }

    /// <summary>One line of at most 2,000 characters: file content that found its way into a message cannot break it, nor steer the terminal.</summary>
    internal static string OneLine(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, LongestLine));
        foreach (var c in text)
        {
            var blank = char.IsControl(c) || char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format;
            if (blank && (line.Length == 0 || line[^1] == ' ')) continue;
            line.Append(blank ? ' ' : c);
            if (line.Length >= LongestLine - 4) { line.Append(" ..."); break; }
        }
        return line.ToString().TrimEnd();
    }
}
