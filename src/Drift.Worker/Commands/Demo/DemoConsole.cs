using System.Globalization;
using Drift.Worker.Stores;

namespace Drift.Worker.Commands.Demo;

/// <summary>What the demo says while it runs: one line per judged day, one per alert. Lines come from several threads and leave whole.</summary>
sealed class DemoConsole(Cli cli) : TextWriter(CultureInfo.InvariantCulture)
{
    readonly Lock gate = new();
    DateTimeOffset said = DateTimeOffset.MinValue;

    public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

    /// <summary>A line of the demo's own.</summary>
    public void Say(string text = "")
    {
        lock (gate)
        {
            cli.Out.WriteLine(text);
            cli.Out.Flush();
        }
    }

    /// <summary>A line of the alerts' console channel.</summary>
    public override void WriteLine(string? value) => Say(cli.OutIsTerminal ? $"\u001b[1;31mALERT\u001b[0m {value}" : $"ALERT {value}");

    public override void Write(char value)
    {
        lock (gate) cli.Out.Write(value);
    }

    public override void Flush()
    {
        lock (gate) cli.Out.Flush();
    }

    /// <summary>A day, when it is judged for the first time; truths that come later revise it.</summary>
    public void Day(JudgedWindow judged)
    {
        if (judged.Window.Start <= said) return;
        said = judged.Window.Start;
        var moved = judged.Readings.Where(r => r.Verdict is Verdict.Warning or Verdict.Critical && r.Column.Length > 0).Select(r => r.Column).Distinct(StringComparer.Ordinal).ToList();
        var what = moved.Count == 0 ? "nothing moved" : $"moved: {string.Join(", ", moved)}";
        Say($"{judged.Window.Start:yyyy-MM-dd}  {judged.Window.Rows,7:N0} rows  {what}");
    }
}
