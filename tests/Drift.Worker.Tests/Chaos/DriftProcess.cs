using System.Diagnostics;
using System.Text;

namespace Drift.Worker.Tests.Chaos;

/// <summary>A real <c>drift</c> process, to be killed.</summary>
sealed class DriftProcess : IDisposable
{
    readonly Process process;
    readonly StringBuilder output = new(), error = new();

    DriftProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    static void Append(StringBuilder text, string? line)
    {
        lock (text) text.AppendLine(line);
    }

    public static DriftProcess Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "drift.exe" : "drift")) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new DriftProcess(Process.Start(start)!);
    }

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>Bytes of memory that it holds.</summary>
    public long Resident
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    public string Error
    {
        get
        {
            lock (error) return error.ToString();
        }
    }

    /// <summary>As hard as it goes: no handler runs.</summary>
    public void Kill() => process.Kill();

    /// <summary>What an orchestrator sends first.</summary>
    public void Terminate() => Signal("-TERM");

    /// <summary>Takes its processor away: everything it believes grows old.</summary>
    public void Stop() => Signal("-STOP");

    /// <summary>Gives it back.</summary>
    public void Continue() => Signal("-CONT");

    void Signal(string name)
    {
        using var kill = Process.Start("kill", [name, $"{process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync(TimeSpan within)
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(within, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}

static class Eventually
{
    /// <summary>Waits until something is so; the message says what was hoped for.</summary>
    public static async Task BeAsync(string hope, Func<Task<bool>> isSo, TimeSpan within, Func<string>? why = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (watch.Elapsed > within) Assert.Fail($"not within {within}: {hope}\n{why?.Invoke()}");
            await Task.Delay(40, TestContext.Current.CancellationToken);
        }
    }
}
