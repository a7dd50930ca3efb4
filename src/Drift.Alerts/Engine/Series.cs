namespace Drift.Alerts;

/// <summary>What makes an alert within a window: family, column and segment.</summary>
readonly record struct SeriesKey(string Family, string Column, string Segment);

/// <summary>One rule on one series of a window.</summary>
struct RuleResult
{
    public Rule Rule;
    public Outcome Outcome;

    /// <summary>The reading furthest beyond the threshold; null when nothing is, or when the breach is the absence of data.</summary>
    public Reading? Worst;
    public Evaluation Evaluation;

    /// <summary>Whether every reading that is beyond the limits is so on the better side.</summary>
    public readonly bool Improved => Outcome == Outcome.Breached && Worst is not null && Evaluation.Better;

    /// <summary>How much it matters: an improvement is a change that somebody should see, and never critical.</summary>
    public readonly Severity Severity => Improved && Rule.Severity > Severity.Warning ? Severity.Warning : Rule.Severity;

    /// <summary>Why nothing could be judged, for a gate that must say so: the last reading without enough data.</summary>
    public Reading? Insufficient;

    /// <summary>Which measures were beyond the reference's limits, each with its class and its side; null for other rules.</summary>
    public SortedSet<string>? Beyond;

    public void Add(Reading reading, Evaluation evaluation)
    {
        if (evaluation.Outcome == Outcome.Breached && Rule.Outside == Outside.Reference && reading.Status == ReadingStatus.Ok)
            (Beyond ??= new(StringComparer.Ordinal)).Add($"{reading.Measure}{(reading.Value > evaluation.Threshold ? '>' : '<')}{Uri.EscapeDataString(reading.Detail?.Class ?? "")}");
        if (evaluation.Outcome > Outcome) Outcome = evaluation.Outcome;
        if (reading.Status == ReadingStatus.InsufficientData || (reading.Status == ReadingStatus.Ok && reading.Rows < Rule.MinRows)) Insufficient = reading;
        if (evaluation.Outcome != Outcome.Breached) return;
        // What became worse speaks before what became better, however far.
        if (Worst is not null && (evaluation.Better == Evaluation.Better ? !(evaluation.Excess > Evaluation.Excess) : evaluation.Better)) return;
        Worst = reading;
        Evaluation = evaluation;
    }
}

/// <summary>The readings of a window sorted into the series that the policy's rules make of them.</summary>
sealed class SeriesTable
{
    readonly Dictionary<SeriesKey, RuleResult[]> series = [];
    readonly Dictionary<string, Rule[]> families = new(StringComparer.Ordinal);

    SeriesTable(IEnumerable<Rule> rules)
    {
        foreach (var family in rules.GroupBy(r => r.Family)) families[family.Key] = [.. family.OrderBy(r => r.Name, StringComparer.Ordinal)];
    }

    /// <summary>All series, in an order that does not depend on the readings' order.</summary>
    public IEnumerable<(SeriesKey Key, RuleResult[] Results)> All =>
        series.OrderBy(s => s.Key.Family, StringComparer.Ordinal).ThenBy(s => s.Key.Segment, StringComparer.Ordinal).ThenBy(s => s.Key.Column, StringComparer.Ordinal)
            .Select(s => (s.Key, s.Value));

    /// <summary>Sorts a window's readings. With absence: rules that mind get a breached or clear series of their own where no reading is theirs.</summary>
    public static SeriesTable Of(IReadOnlyList<Rule> all, Window window, IReadOnlyList<Reading> readings, bool absence)
    {
        var rules = all.Where(r => r.AppliesTo(window)).ToArray();
        var table = new SeriesTable(rules);
        var seen = new HashSet<Rule>(ReferenceEqualityComparer.Instance);
        var byMeasure = new Dictionary<(string, ReadingKind), Rule[]>();
        foreach (var reading in readings)
        {
            // Which rules can want a measure is asked once, not once for each of its columns and segments.
            if (!byMeasure.TryGetValue((reading.Measure, reading.Kind), out var candidates))
                byMeasure[(reading.Measure, reading.Kind)] = candidates = [.. rules.Where(r => r.Measured(reading))];
            foreach (var rule in candidates)
            {
                if (!rule.Placed(reading)) continue;
                seen.Add(rule);
                table.Result(rule, reading.Column, reading.Segment).Add(reading, Evaluation.Of(rule, reading));
            }
        }
        // A revision may bring only what is new in it; what is absent from it is not missing.
        if (!absence || window.Revision > 0) return table;
        foreach (var rule in rules)
            if (rule.NoData != Absence.Keep && !seen.Contains(rule))
                table.Result(rule, "", "").Outcome = Evaluation.Absent(rule.NoData).Outcome;
        return table;
    }

    ref RuleResult Result(Rule rule, string column, string segment)
    {
        var rules = families[rule.Family];
        var key = new SeriesKey(rule.Family, column, segment);
        if (!series.TryGetValue(key, out var results))
        {
            series[key] = results = new RuleResult[rules.Length];
            for (var i = 0; i < rules.Length; i++) results[i].Rule = rules[i];
        }
        return ref results[Array.IndexOf(rules, rule)];
    }
}
