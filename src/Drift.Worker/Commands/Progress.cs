using System.Globalization;

namespace Drift.Worker.Commands;

/// <summary>How far long work has come: one line on stderr, rewritten at most ten times a second, only where a person can see it.</summary>
sealed class Progress(Cli cli, string unit) : IDisposable
{
    readonly long started = cli.Time.GetTimestamp();
    readonly Lock gate = new();
    TimeSpan shown = TimeSpan.FromMilliseconds(400);
    int width;

    public void Report(long done) => Report(done, null);

    public void Report(long done, long? of)
    {
        if (!cli.ErrorIsTerminal) return;
        lock (gate)
        {
            var elapsed = cli.Time.GetElapsedTime(started);
            if (elapsed < shown) return;
            shown = elapsed + TimeSpan.FromMilliseconds(100);
            var share = of is > 0 ? $" of {of.Value.ToString("N0", CultureInfo.InvariantCulture)} ({100.0 * done / of.Value:F0} %)" : "";
            Show($"{done.ToString("N0", CultureInfo.InvariantCulture)}{share} {unit}, {done / elapsed.TotalSeconds:N0} a second");
        }
    }

    void Show(string text)
    {
        cli.Error.Write("\r" + text.PadRight(width));
        width = text.Length;
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (width == 0) return;
            Show("");
            cli.Error.Write("\r");
            width = 0;
        }
    }
}
