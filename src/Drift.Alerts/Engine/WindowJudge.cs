namespace Drift.Alerts;

/// <summary>The judging of one window: series by series, then what the window says about alerts it has no reading of.</summary>
sealed class WindowJudge(Policy policy, Window window, IReadOnlyList<Reading> readings, AlertStates states, AlertContext context)
{
    readonly Span span = Span.Of(window);
    readonly Dictionary<string, AlertState> alerts = new(states.Alerts);
    readonly IReadOnlyDictionary<string, Span> judged = states.Judged;
    readonly Dictionary<string, Span> advanced = new(states.Judged);
    readonly List<Breach> breaches = [];
    readonly List<Transition> transitions = [];
    readonly SentenceWriter sentences = new(window, readings, context.Link);

    public IReadOnlyDictionary<string, AlertState> Alerts => alerts;

    public IReadOnlyDictionary<string, Span> Judged => advanced;

    public IReadOnlyList<Breach> Breaches => breaches;

    public IReadOnlyList<Transition> Transitions => transitions;

    public void Run()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, results) in SeriesTable.Of(OwnReadings.Rules(policy, window, readings), window, OwnReadings.With(window, readings), absence: true).All)
        {
            var id = AlertIdentity.Key(key.Family, window.Model, window.Version, key.Column, key.Segment);
            seen.Add(id);
            Breaching(id, key, results);
            Series(id, key, results);
            Advance(key.Family, results);
        }
        // Ordered, so that transitions do not depend on how a dictionary was filled.
        foreach (var id in alerts.Keys.Where(id => !seen.Contains(id)).Order(StringComparer.Ordinal).ToList()) Unseen(id, alerts[id]);
    }

    void Breaching(string id, SeriesKey key, RuleResult[] results)
    {
        foreach (var result in results)
        {
            if (result.Outcome != Outcome.Breached) continue;
            breaches.Add(new Breach
            {
                Rule = result.Rule.Name, Key = id, Measure = result.Worst?.Measure ?? result.Rule.Measures.Patterns[0], Column = key.Column, Segment = key.Segment,
                Value = result.Worst?.Value ?? double.NaN, Threshold = result.Worst is null ? double.NaN : result.Evaluation.Threshold,
                Rows = result.Worst?.Rows ?? 0, Severity = result.Severity,
            });
        }
    }

    void Series(string id, SeriesKey key, RuleResult[] results)
    {
        var before = alerts.GetValueOrDefault(id);
        if (before is null && !results.Any(r => r.Outcome == Outcome.Breached)) return;
        before ??= Fresh(id, key);
        var rules = new List<RuleState>();
        foreach (var result in results)
        {
            var old = before.Rules.FirstOrDefault(r => r.Rule == result.Rule.Name) ?? new RuleState(result.Rule.Name, false, Known(result.Rule));
            var next = Marks.Next(result.Rule, old, result.Outcome == Outcome.Unjudged ? null : new Mark(span, result.Outcome, result.Beyond is { } beyond ? string.Join(' ', beyond) : ""));
            if (next.Firing || next.Marks.Count > 0) rules.Add(next);
        }
        var seen = span.End > before.Seen.End ? span : before.Seen;
        Settle(before with { Rules = rules, Seen = seen }, results);
    }

    AlertState Fresh(string id, SeriesKey key) => new()
    {
        Alert = new Alert { Key = id, Name = key.Family, Model = window.Model, Version = window.Version, Column = key.Column, Segment = key.Segment },
    };

    // A series without memory was clear in the last window that its family judged: an older window that arrives later must not pass for the present.
    Mark[] Known(Rule rule) =>
        judged.TryGetValue(Family(window.Version, rule.Family), out var last) && last.End > span.End ? [new Mark(last, Outcome.Clear)] : [];

    string Family(string version, string family) => $"{window.Model}\u001f{version}\u001f{family}";

    void Advance(string family, RuleResult[] results)
    {
        if (!results.Any(r => r.Outcome != Outcome.Unjudged)) return;
        var key = Family(window.Version, family);
        // Kept apart from what was judged before: every series of this window must see the same past.
        if (!advanced.TryGetValue(key, out var last) || span.End > last.End) advanced[key] = span;
    }

    /// <summary>From the rules' states to the alert's.</summary>
    void Settle(AlertState state, RuleResult[] results)
    {
        var old = state.Alert;
        var firing = state.Rules.Any(r => r.Firing);
        var status = (firing, old.Status) switch
        {
            (true, _) => AlertStatus.Firing,
            (false, AlertStatus.Firing or AlertStatus.Resolved) => AlertStatus.Resolved,
            _ => state.Rules.Count > 0 ? AlertStatus.Pending : AlertStatus.Inactive,
        };
        var alert = Shown(state, status, results);
        if (status == AlertStatus.Firing && alert.Episode.Length == 0)
            alert = alert with { Episode = AlertIdentity.Episode(alert.Key, window), FiredAt = span.End };
        if (status == AlertStatus.Firing) alert = alert with { ResolvedAt = null };
        if (status == AlertStatus.Resolved && old.Status == AlertStatus.Firing)
            alert = alert with { ResolvedAt = span.End, Text = sentences.Resolved(alert, span, results) };
        if (status == AlertStatus.Inactive) alerts.Remove(alert.Key);
        else alerts[alert.Key] = state with { Alert = alert, Remaining = status == AlertStatus.Resolved ? Remaining(state, results) : null };
        if (status != old.Status || (status == AlertStatus.Firing && alert.Severity > old.Severity))
            transitions.Add(new Transition(alert with { Status = status }, old.Status, status, span.Start, window.Revision));
    }

    Alert? Remaining(AlertState state, RuleResult[] results)
    {
        if (!state.Rules.Any(r => r.Marks.Any(m => m.Outcome == Outcome.Breached))) return null;
        var before = (state.Remaining ?? state.Alert) with { Episode = "", FiredAt = null, ResolvedAt = null };
        return Shown(state with { Alert = before, Rules = [.. state.Rules.Where(r => r.Marks.Any(m => m.Outcome == Outcome.Breached))] }, AlertStatus.Pending, results);
    }

    // What is shown follows the last breached window; a window that is merely not yet clear changes nothing.
    Alert Shown(AlertState state, AlertStatus status, RuleResult[] results)
    {
        var alert = state.Alert with { Status = status };
        if (status is AlertStatus.Inactive or AlertStatus.Resolved) return alert;
        var speaking = state.Rules.Where(r => status == AlertStatus.Pending || r.Firing).ToList();
        // A rule about the reference's limits has two sides, of which this window may show none: then what was said stands.
        var severities = results.Where(r => speaking.Any(s => s.Rule == r.Rule.Name))
            .Select(r => r.Outcome != Outcome.Breached && r.Rule.Outside == Outside.Reference && state.Alert.Rule.Length > 0 ? state.Alert.Severity : r.Severity).ToList();
        if (severities.Count > 0) alert = alert with { Severity = severities.Max() };
        if (alert.FiredAt is null || alert.Since == default)
            alert = alert with { Since = speaking.SelectMany(r => r.Marks).Where(m => m.Outcome == Outcome.Breached).Select(m => m.Window.Start).DefaultIfEmpty(alert.Since).Min() };
        var breached = results.Where(r => r.Outcome == Outcome.Breached).ToList();
        if (breached.Count == 0) return alert;
        // The rules that made it fire speak first; among them the lowest threshold is the furthest exceeded.
        if (breached.Exists(r => speaking.Any(s => s.Rule == r.Rule.Name))) breached.RemoveAll(r => speaking.All(s => s.Rule != r.Rule.Name));
        var shown = breached.MaxBy(r => r.Evaluation.Excess);
        var counted = speaking.FirstOrDefault(s => s.Rule == shown.Rule.Name) ?? speaking[0];
        var rule = results.First(r => r.Rule.Name == counted.Rule).Rule;
        alert = alert with
        {
            Tags = window.Tags, Reference = window.Reference, Rule = shown.Rule.Name, Measure = shown.Worst?.Measure ?? shown.Rule.Measures.Patterns[0], Value = shown.Worst?.Value ?? double.NaN,
            Threshold = shown.Worst is null ? double.NaN : shown.Evaluation.Threshold, Rows = shown.Worst?.Rows ?? window.Rows,
            Breached = Marks.Breached(counted.Marks, rule.For.Of), Of = rule.For.Of, Link = sentences.Link(alert),
        };
        return alert with { Text = sentences.Breached(alert, shown, span.Length) };
    }

    void Unseen(string id, AlertState state)
    {
        var alert = state.Alert;
        if (alert.Model != window.Model || alert.Status == AlertStatus.Resolved) return;
        var known = OwnReadings.Rules(policy, window, readings).Where(r => r.Family == alert.Name).Select(r => r.Name).ToList();
        var last = advanced.Where(j => IsOf(j.Key, alert.Name)).Select(j => j.Value.End).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        var stale = state.Seen.End != default && last - state.Seen.End >= state.Seen.Length * AlertMachine.StaleWindows;
        var rules = stale ? [] : state.Rules.Where(r => known.Contains(r.Rule)).ToList();
        if (rules.Count == state.Rules.Count) return;
        Settle(state with { Rules = rules }, []);
    }

    static bool IsOf(string key, string family) => key.EndsWith("\u001f" + family, StringComparison.Ordinal);
}
