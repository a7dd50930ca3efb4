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

    /// <summary>No alert, but the review of the last days that a route asks for; its text is that of its one entry.</summary>
    Report,
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

    /// <summary>A review for one channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="at">The occurrence of the schedule that asks for it; with the channel and the schedule it names the notice.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="title">What it reviews, in a few words.</param>
    /// <param name="text">The review.</param>
    public static Notice Review(string channel, DateTimeOffset at, string schedule, string title, string text) => new()
    {
        Id = "drift_" + AlertIdentity.Digest("report", channel, schedule, at.UtcTicks.ToString("x")), Channel = channel, GroupKey = "report", Reason = NoticeReason.Report, At = at.ToUniversalTime(),
        Alerts = [new Alert { Key = "report", Name = "report", Model = title, Status = AlertStatus.Inactive, Text = text, Since = at.ToUniversalTime() }],
    };

    /// <summary>One line for each alert.</summary>
    public string Text => string.Join('\n', Alerts.Select(a => a.Text));
}
