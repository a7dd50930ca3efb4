using System.Globalization;

namespace Drift.Alerts;

/// <summary>Gathers alerts into groups by their routes and decides what each channel is to be told now: what is new, what became worse, what still fires, what is over.</summary>
sealed class Notifier
{
    readonly Policy policy;
    readonly DateTimeOffset now;
    readonly Muting muting;
    readonly Dictionary<string, AlertState> alerts;
    readonly Dictionary<string, DateTimeOffset> groups = [];
    readonly HashSet<string> waiting = [];
    readonly List<Notice> notices = [];
    DateTimeOffset? due;

    // By which share of itself a repeat may come early.
    readonly double early;

    Notifier(Policy policy, AlertStates states, AlertContext context, DateTimeOffset now, double early)
    {
        this.policy = policy;
        this.early = early;
        this.now = now.ToUniversalTime();
        muting = new Muting(policy, states, context, this.now);
        alerts = new Dictionary<string, AlertState>(states.Alerts);
    }

    public static Judgement Run(Policy policy, AlertStates states, AlertContext context, DateTimeOffset now, double early = 0)
    {
        var notifier = new Notifier(policy, states, context, now, early);
        foreach (var group in Grouping.Of(policy, states)) notifier.Visit(group, states.Groups);
        notifier.Forget();
        if (notifier.alerts.Count > 0) notifier.Expect(notifier.muting.Ends);
        return new Judgement
        {
            States = states with { Alerts = notifier.alerts, Groups = notifier.groups }, Notices = notifier.notices, Due = notifier.due,
        };
    }

    void Visit(Grouping group, IReadOnlyDictionary<string, DateTimeOffset> before)
    {
        var route = group.Route;
        var waits = route.Wait > TimeSpan.Zero || route.Interval > TimeSpan.Zero;
        var next = before.TryGetValue(group.Key, out var planned) ? planned : now + route.Wait;
        if (next > now)
        {
            groups[group.Key] = next;
            waiting.UnionWith(group.Keys);
            Expect(next);
            return;
        }
        foreach (var channel in route.Channels) Tell(group, channel);
        if (!waits || group.Keys.All(k => alerts[k].Alert.Status != AlertStatus.Firing)) return;
        // Flushes keep their beat, also when one comes late.
        var beats = route.Interval > TimeSpan.Zero ? (now - next).Ticks / route.Interval.Ticks + 1 : 0;
        groups[group.Key] = next + beats * route.Interval;
    }

    void Expect(DateTimeOffset? time)
    {
        if (time is { } t && (due is null || t < due)) due = t;
    }

    void Tell(Grouping group, string channel)
    {
        var members = group.Keys.Select(k => alerts[k]).Where(s => !muting.IsMuted(s.Alert)).ToList();
        var firing = members.Where(s => s.Alert.Status == AlertStatus.Firing).ToList();
        var over = members.Where(s => s.Alert.Status == AlertStatus.Resolved && ToldOf(s, channel) is not null).ToList();
        var fresh = firing.Where(s => ToldOf(s, channel) is null).ToList();
        // What must be kept alive is told again whoever has taken it on.
        var alive = KeptAlive(channel);
        var repeat = alive ?? group.Route.Repeat;
        bool Heard(AlertState s) => alive is null && Taken(s);
        var worse = firing.Where(s => ToldOf(s, channel) is { } told && told.Severity < s.Alert.Severity && !Heard(s)).ToList();
        var again = firing.Where(s => ToldOf(s, channel) is { } told && !worse.Contains(s) && repeat > TimeSpan.Zero && told.At + repeat * (1 - early) <= now && !Heard(s)).ToList();
        if (group.Route.ListAll)
        {
            if (fresh.Count + worse.Count + again.Count + over.Count > 0) Send(group, channel, NoticeReason.Group, [.. firing, .. over]);
        }
        else
        {
            Send(group, channel, NoticeReason.Firing, fresh);
            Send(group, channel, NoticeReason.Escalation, worse);
            Send(group, channel, NoticeReason.Repeat, again);
            Send(group, channel, NoticeReason.Resolved, over);
        }
        if (repeat > TimeSpan.Zero)
            foreach (var state in firing.Where(s => !Heard(s)))
                Expect(ToldOf(alerts[state.Alert.Key], channel)?.At + repeat);
    }

    // An Alertmanager forgets what is not sent again.
    TimeSpan? KeptAlive(string channel)
    {
        var spec = policy.Channels.FirstOrDefault(c => c.Name == channel && c.Kind == "alertmanager");
        return spec is null ? null : spec["resend"] is { } resend ? TimeSpan.ParseExact(resend.ToString(), "c", CultureInfo.InvariantCulture) : AlertmanagerChannel.DefaultResend;
    }

    bool Taken(AlertState state) => state.Acknowledged?.IsActive(now) == true;

    static Told? ToldOf(AlertState state, string channel)
    {
        foreach (var told in state.Told)
            if (told.Channel == channel) return told;
        return null;
    }

    void Send(Grouping group, string channel, NoticeReason reason, List<AlertState> members)
    {
        if (members.Count == 0) return;
        var parts = new List<string> { channel, group.Key, reason.ToString() };
        foreach (var state in members)
        {
            var told = ToldOf(state, channel);
            var times = (told?.Times ?? 0) + 1;
            parts.Add($"{state.Alert.Episode} {state.Alert.Status} {state.Alert.Severity} {times}");
            List<Told> others = [.. state.Told.Where(t => t.Channel != channel)];
            if (state.Alert.Status == AlertStatus.Firing)
            {
                var severity = told is { } before && before.Severity > state.Alert.Severity ? before.Severity : state.Alert.Severity;
                others.Add(new Told(channel, severity, now, times));
            }
            alerts[state.Alert.Key] = state with { Told = others };
        }
        notices.Add(new Notice
        {
            Id = "drift_" + AlertIdentity.Digest([.. parts]), Channel = channel, GroupKey = group.Key, GroupLabels = group.Labels, Reason = reason, At = now,
            Alerts = [.. members.Select(m => m.Alert).OrderBy(a => a.Status).ThenByDescending(a => a.Severity).ThenByDescending(a => a.Beyond).ThenBy(a => a.Key, StringComparer.Ordinal)],
        });
    }

    /// <summary>What is over and told (or never was to be told) leaves, except for marks that a next episode may still count.</summary>
    void Forget()
    {
        foreach (var (key, state) in alerts.ToList())
        {
            if (state.Alert.Status != AlertStatus.Resolved || waiting.Contains(key)) continue;
            if (state.Remaining is { } rest) alerts[key] = new AlertState { Alert = rest, Rules = state.Rules, Seen = state.Seen };
            else alerts.Remove(key);
        }
    }
}
