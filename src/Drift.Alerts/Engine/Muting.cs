namespace Drift.Alerts;

/// <summary>Which alerts are not to be told now, and why.</summary>
sealed class Muting
{
    readonly List<Selector> quiet = [];
    readonly Policy policy;
    readonly List<Alert> firing;

    public Muting(Policy policy, AlertStates states, AlertContext context, DateTimeOffset now)
    {
        this.policy = policy;
        firing = [.. states.Alerts.Values.Select(s => s.Alert).Where(a => a.Status == AlertStatus.Firing)];
        if (states.Alerts.Count == 0) return;
        foreach (var silence in policy.Silences.Concat(context.Silences))
        {
            if (!silence.IsActive(now)) continue;
            quiet.Add(silence.Match);
            Ends = Ends is null || silence.Ends < Ends ? silence.Ends : Ends;
        }
        foreach (var maintenance in policy.Maintenance)
        {
            if (!maintenance.Schedule.IsActive(now, maintenance.Duration)) continue;
            quiet.Add(maintenance.Match);
            var soon = now + TimeSpan.FromMinutes(1);
            Ends = Ends is null || soon < Ends ? soon : Ends;
        }
    }

    /// <summary>When the first of what mutes now has to be looked at again.</summary>
    public DateTimeOffset? Ends { get; }

    public bool IsMuted(Alert alert) => quiet.Any(q => q.Matches(alert)) || policy.Inhibit.Any(i => Inhibited(alert, i)) || Inhibited(alert, OwnReadings.BrokenSchema);

    bool Inhibited(Alert alert, Inhibition inhibition)
    {
        // What is on both sides never mutes itself or its like.
        if (!inhibition.Target.Matches(alert) || inhibition.Source.Matches(alert)) return false;
        return firing.Any(source => source.Key != alert.Key && inhibition.Source.Matches(source) && inhibition.Equal.All(label => source.Label(label) == alert.Label(label)));
    }
}
