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

    /// <summary>The number under which the system knows it; the end of its name among the owners of partitions.</summary>
    public int Id => process.Id;

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

    /// <summary>Waits until it has ended, whoever ended it.</summary>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(within ?? Eventually.Patience, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>Tells processes to stop, all at once, and waits until they have, with 0.</summary>
    public static async Task StopAsync(params IEnumerable<DriftProcess> processes)
    {
        foreach (var process in processes) process.Terminate();
        foreach (var process in processes) Assert.Equal(0, await process.ExitAsync());
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
