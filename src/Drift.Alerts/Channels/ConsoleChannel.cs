namespace Drift.Alerts;

/// <summary>Writes one line for each alert: its severity, or that it is over, and its sentence: <c>critical: fraud v3: amount drifted, ..</c>.</summary>
public sealed class ConsoleChannel : IAlertChannel
{
    readonly TextWriter output;
    readonly Lock gate = new();

    /// <summary>Writes to the given output, by default standard output.</summary>
    public ConsoleChannel(string name, TextWriter? output = null)
    {
        Name = name;
        this.output = output ?? Console.Out;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Task SendAsync(Notice notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        lock (gate)
        {
            if (notice.Reason == NoticeReason.Report)
                foreach (var line in notice.Text.Split('\n')) output.WriteLine(OneLine(line));
            else
                foreach (var alert in notice.Alerts) output.WriteLine(OneLine($"{(alert.Status == AlertStatus.Resolved ? "resolved" : alert.Label("severity"))}: {alert.Text}"));
            output.Flush();
        }
        return Task.CompletedTask;
    }

    // Names come from data: they must neither break the line nor steer the terminal.
    static string OneLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
