namespace Drift.Worker;

/// <summary>The command line was wrong: exit code 2 and the message as the one line on stderr.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>
/// Something a user gave cannot be read (a file, a configuration, a policy): exit code 2 and the message as the one line on stderr.
/// The message names what and where, the offending value, and what would be right.
/// </summary>
public sealed class InputException : Exception
{
    public InputException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>Several problems of one file, joined by "; ".</summary>
    public InputException(string file, IEnumerable<string> problems) : base($"{file}: {string.Join("; ", problems)}") { }

    /// <summary>One problem of a file at a line.</summary>
    public static InputException At(string file, long line, string problem) => new($"{file}: line {line}: {problem}");
}

/// <summary>The exit codes of every command.</summary>
public static class ExitCode
{
    public const int Fine = 0;
    public const int Violated = 1;
    public const int BadInput = 2;
    public const int Failure = 3;
}
