namespace Drift.Alerts;

/// <summary>One rule family that a window violates, or that could not be judged.</summary>
/// <param name="Breach">What was breached; of an unjudged one: the rule and the measure that lacks data.</param>
/// <param name="Text">The line that says it.</param>
public sealed record GateFinding(Breach Breach, string Text);

/// <summary>What a gate decides about one window.</summary>
/// <param name="Violations">Breached, worst first, at or above the severity asked for.</param>
/// <param name="Unjudged">Could not be judged for want of data.</param>
/// <param name="Passed">Whether the gate lets the window through.</param>
public sealed record GateResult(IReadOnlyList<GateFinding> Violations, IReadOnlyList<GateFinding> Unjudged, bool Passed)
{
    /// <summary>Performance beyond the reference's limits on the better side: worth a look, but nothing that a gate stops.</summary>
    public IReadOnlyList<GateFinding> Changes { get; init; } = [];
}

/// <summary>A policy as a gate for a build or a promotion: one window, so every rule counts as 1 of 1.</summary>
public static class PolicyGate
{
    /// <summary>Judges the readings of one window.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="window">The window, for matchers and for the lines.</param>
    /// <param name="readings">Its readings.</param>
    /// <param name="failOn">The least severity that fails.</param>
    /// <param name="allowInsufficient">Whether a rule that could not be judged for want of data passes.</param>
    public static GateResult Check(Policy policy, Window window, IReadOnlyList<Reading> readings, Severity failOn = Severity.Warning, bool allowInsufficient = false)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(readings);
        var sentences = new SentenceWriter(window, readings, null);
        var violations = new List<GateFinding>();
        var unjudged = new List<GateFinding>();
        var changes = new List<GateFinding>();
        // What a file does not hold is not missing: rules about absent windows are for a running worker.
        foreach (var (key, results) in SeriesTable.Of(policy.Rules, window, readings, absence: false).All)
        {
            var asked = results.Where(r => r.Rule.Severity >= failOn).ToList();
            var breached = asked.Where(r => r.Outcome == Outcome.Breached).ToList();
            if (breached.Count > 0 && breached.TrueForAll(r => r.Improved)) changes.Add(Violation(sentences, window, key, breached));
            else if (breached.Count > 0) violations.Add(Violation(sentences, window, key, breached));
            else if (asked.Find(r => r.Outcome == Outcome.Unjudged && r.Insufficient is not null) is { Insufficient: { } lacking } open) unjudged.Add(Unjudged(window, key, open.Rule, lacking));
        }
        unjudged.AddRange(policy.Rules.Where(rule => rule.Severity >= failOn && rule.AppliesTo(window) && Demands(rule) && !readings.Any(rule.LooksAt)).Select(rule => Missing(window, rule)));
        var sorted = violations.OrderByDescending(v => v.Breach.Severity).ThenByDescending(v => v.Breach.Value).ThenBy(v => v.Breach.Column, StringComparer.Ordinal).ToList();
        return new GateResult(sorted, unjudged, sorted.Count == 0 && (allowInsufficient || unjudged.Count == 0)) { Changes = changes };
    }

    /// <summary>
    /// Whether a rule that finds nothing to look at stops a gate: one that holds named measures of the answers against a number ("auc below 0.85"), which a file without truth, or a check that was not asked
    /// for them, has none of. Limits of the reference, groups and globs take what there is.
    /// </summary>
    static bool Demands(Rule rule) => rule.Outside == Outside.None && rule.Measures.Patterns.Count > 0 && rule.Measures.Patterns.All(MeasureNames.IsAnswers);

    static GateFinding Missing(Window window, Rule rule)
    {
        var measures = string.Join(" or ", rule.Measures.Patterns);
        var of = rule.Segment.Matches("") ? "" : $" in segment {string.Join(" or ", rule.Segment.Patterns)}";
        return new GateFinding(Finding(window, new SeriesKey(rule.Family, "", ""), rule, null), $"the window: {rule.Family} could not be judged: there is no {measures}{of}; the task, its columns or the truth are missing");
    }

    static GateFinding Violation(SentenceWriter sentences, Window window, SeriesKey key, List<RuleResult> breached)
    {
        var worst = breached.Where(r => !r.Improved).DefaultIfEmpty(breached[0]).MaxBy(r => r.Evaluation.Excess);
        var breach = Finding(window, key, worst.Rule, worst.Worst) with { Threshold = worst.Evaluation.Threshold, Severity = breached.Max(r => r.Severity) };
        var alert = new Alert { Key = breach.Key, Name = key.Family, Model = window.Model, Version = window.Version, Column = key.Column, Segment = key.Segment };
        return new GateFinding(breach, sentences.Judged(alert, worst));
    }

    static GateFinding Unjudged(Window window, SeriesKey key, Rule rule, Reading reading)
    {
        var where = (key.Column.Length > 0 ? key.Column : "the window") + (key.Segment.Length > 0 ? $" [{key.Segment}]" : "");
        var why = reading.Detail?.Reason ?? (reading.Rows < rule.MinRows ? $"{Say.Count(reading.Rows)} rows of {Say.Count(rule.MinRows)} needed" : "not enough data");
        return new GateFinding(Finding(window, key, rule, reading), $"{where}: {rule.Family} could not be judged: {why}");
    }

    static Breach Finding(Window window, SeriesKey key, Rule rule, Reading? reading) => new()
    {
        Rule = rule.Name, Key = AlertIdentity.Key(key.Family, window.Model, window.Version, key.Column, key.Segment), Measure = reading?.Measure ?? rule.Measures.Patterns[0],
        Column = key.Column, Segment = key.Segment, Value = reading?.Value ?? double.NaN, Rows = reading?.Rows ?? 0, Severity = rule.Severity,
    };
}
