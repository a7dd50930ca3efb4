namespace Drift.Alerts;

/// <summary>Why a notice is sent.</summary>
public enum NoticeReason
{
    /// <summary>Its alerts began to fire.</summary>
    Firing,

    /// <summary>Its alerts became more severe.</summary>
    Escalation,

    /// <summary>Its alerts still fire.</summary>
    Repeat,

    /// <summary>Its alerts are clear again.</summary>
    Resolved,

    /// <summary>A group told as a whole, as Alertmanager does (<see cref="Route.ListAll"/>).</summary>
    Group,
}

/// <summary>One message to one channel about alerts of one group.</summary>
public sealed record Notice
{
    /// <summary>The same however often it is sent, different for every other notice: the receiver's key against doubles.</summary>
    public required string Id { get; init; }

    /// <summary>The channel's name.</summary>
    public required string Channel { get; init; }

    /// <summary>The group; notices of one channel and group leave in order.</summary>
    public required string GroupKey { get; init; }

    /// <summary>The labels that the group has in common by its route.</summary>
    public IReadOnlyDictionary<string, string> GroupLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Why it is sent.</summary>
    public NoticeReason Reason { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The alerts, worst first.</summary>
    public required IReadOnlyList<Alert> Alerts { get; init; }

    /// <summary>Firing when any of its alerts fires, else resolved.</summary>
    public AlertStatus Status => Alerts.Any(a => a.Status == AlertStatus.Firing) ? AlertStatus.Firing : AlertStatus.Resolved;

    /// <summary>One line for each alert.</summary>
    public string Text => string.Join('\n', Alerts.Select(a => a.Text));
}
