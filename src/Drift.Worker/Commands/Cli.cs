using System.Runtime.InteropServices;
using System.Text;

namespace Drift.Worker.Commands;

/// <summary>What a command may touch of the world around it. Tests give their own; the process gives its console and clock.</summary>
public sealed record Cli(TextWriter Out, TextWriter Error, TimeProvider Time)
{
    /// <summary>Whether a person reads stdout: tables get colour and frames.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether a person reads stderr: long work shows its progress there.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Cancelled from outside; commands that run until stopped also listen to <see cref="UntilSignal"/>.</summary>
    public CancellationToken Cancel { get; init; }

    public static Cli OfProcess()
    {
        // UTF-8 without a byte order mark on every platform: the output is read by programs.
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new Cli(
            new StreamWriter(Console.OpenStandardOutput(), utf8, 1 << 14),
            new StreamWriter(Console.OpenStandardError(), utf8, 1 << 10) { AutoFlush = true },
            TimeProvider.System)
        {
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
        };
    }

    /// <summary>A token that SIGINT and SIGTERM cancel, for commands that drain and end with 0. A second signal ends the process at once.</summary>
    public SignalScope UntilSignal() => new(Cancel);

    /// <summary>Writes a line of output.</summary>
    public void Line(string text = "") => Out.WriteLine(text);
}

/// <summary>Turns the first SIGINT or SIGTERM into a cancelled token for as long as it lives.</summary>
public sealed class SignalScope : IDisposable
{
    readonly CancellationTokenSource source;
    readonly PosixSignalRegistration[] registrations;

    public SignalScope(CancellationToken outer)
    {
        source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        registrations = [Register(PosixSignal.SIGINT), Register(PosixSignal.SIGTERM)];
    }

    public CancellationToken Token => source.Token;

    PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        if (source.IsCancellationRequested) return;
        context.Cancel = true;
        source.Cancel();
    });

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }
}
