namespace Drift.Alerts;

/// <summary>When a notice that was not taken is sent again: soon at first, ever more seldom, for about three days.</summary>
public sealed record RetrySchedule
{
    /// <summary>The pauses after the first, second, .. failure. After the last the notice is dead.</summary>
    public IReadOnlyList<TimeSpan> Pauses { get; init; } =
    [
        TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(16), TimeSpan.FromHours(24),
    ];

    /// <summary>By how much of itself a pause may be shorter or longer, so that many senders do not come back together. With the default the first retry stays within 5 seconds, the outbox's polling included.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>The pause after a number of failures, or null when it was the last. Never shorter than the destination asked for.</summary>
    /// <param name="failures">How often it failed, at least 1.</param>
    /// <param name="retryAfter">What the destination asked for.</param>
    /// <param name="random">A number from 0 to 1, 1 excluded.</param>
    public TimeSpan? After(int failures, TimeSpan? retryAfter, double random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        if (failures > Pauses.Count) return null;
        var pause = Pauses[failures - 1] * (1 + Jitter * (2 * random - 1));
        return retryAfter is { } asked && asked > pause ? asked * (1 + Jitter * random / 2) : pause;
    }
}
