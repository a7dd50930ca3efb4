using System.Text;

namespace Drift.Alerts;

/// <summary>A stored window with its readings.</summary>
/// <param name="Window">The window.</param>
/// <param name="Readings">Its readings.</param>
public sealed record WindowReadings(Window Window, IReadOnlyList<Reading> Readings);

/// <summary>What a policy would have raised over stored windows.</summary>
public sealed record DryRunResult
{
    /// <summary>The policy's hash.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>How many windows were judged, revisions included.</summary>
    public int Windows { get; init; }

    /// <summary>The start of the first window.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The end of the last window.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Every alert as it was when it fired, in order.</summary>
    public IReadOnlyList<Alert> Raised { get; init; } = [];

    /// <summary>The alerts that would still fire.</summary>
    public IReadOnlyList<Alert> Firing { get; init; } = [];

    /// <summary>How many notices would have left, repeats and ends included.</summary>
    public int Notices { get; init; }

    /// <summary>How many of them would have called somebody: new alerts and alerts that became more severe. A page may hold many alerts.</summary>
    public int Pages { get; init; }

    /// <summary>Pages in a year of such windows: over windows drawn from the reference itself, the expected rate of false pages. Zero where there are no windows.</summary>
    public double PagesPerYear => From is { } from && To is { } to && to > from ? Pages * (365.25 / (to - from).TotalDays) : 0;

    /// <summary>A line that sums up, and one for each alert raised.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("would have raised ").Append(Raised.Count == 1 ? "1 alert" : $"{Raised.Count} alerts");
        if (From is { } from && To is { } to) text.Append($" in {Windows} windows from {Say.Time(from, to - from)} to {Say.Time(to, to - from)}");
        text.Append(Raised.Count == 0 ? "." : ":");
        foreach (var alert in Raised) text.Append('\n').Append(alert.Label("severity")).Append(": ").Append(alert.Text);
        return text.ToString();
    }
}

/// <summary>Judges stored windows by a policy that is not in force, in event time: "this change would have raised 3 alerts in the last 30 days".</summary>
public static class PolicyDryRun
{
    /// <summary>Judges the windows of any models in the order of their ends.</summary>
    public static DryRunResult Run(Policy policy, IEnumerable<WindowReadings> history)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(history);
        var states = new Dictionary<string, AlertStates>(StringComparer.Ordinal);
        var raised = new List<Alert>();
        int windows = 0, notices = 0, pages = 0;
        DateTimeOffset? from = null, to = null;
        // Ordered by everything that tells two windows apart: the result does not depend on how a store returns them.
        foreach (var (window, readings) in history.OrderBy(w => w.Window.End).ThenBy(w => w.Window.Start).ThenBy(w => w.Window.Revision)
            .ThenBy(w => w.Window.Model, StringComparer.Ordinal).ThenBy(w => w.Window.Version, StringComparer.Ordinal))
        {
            var judgement = AlertMachine.Judge(policy, window, readings, states.GetValueOrDefault(window.Model, AlertStates.Empty));
            states[window.Model] = judgement.States;
            raised.AddRange(judgement.Transitions.Where(t => t.To == AlertStatus.Firing && t.From != AlertStatus.Firing).Select(t => t.Alert));
            notices += judgement.Notices.Count;
            pages += judgement.Notices.Count(n => n.Reason is NoticeReason.Firing or NoticeReason.Escalation or NoticeReason.Group);
            windows++;
            from = from < window.Start ? from : window.Start;
            to = window.End;
        }
        return new DryRunResult
        {
            PolicyHash = policy.Hash, Windows = windows, From = from, To = to, Raised = raised, Notices = notices, Pages = pages,
            Firing = [.. states.OrderBy(s => s.Key, StringComparer.Ordinal).SelectMany(s => s.Value.Current).Where(a => a.Status == AlertStatus.Firing)],
        };
    }
}
