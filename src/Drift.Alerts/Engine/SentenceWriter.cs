namespace Drift.Alerts;

/// <summary>The one sentence of an alert: which column, how much against which threshold, since when, which cells, and whether the model's performance moved too.</summary>
sealed class SentenceWriter(Window window, IReadOnlyList<Reading> readings, string? link)
{
    // What tells best how a model does, best first; estimates stand in where there are no labels yet.
    static readonly string[] telling = ["auc", "f1", "accuracy", "rmse", "mae", "r2", "ndcg"];

    // Made when a sentence needs it: most windows need none, and some have tens of thousands of readings.
    readonly Lazy<Dictionary<(string Measure, string Column, string Segment), Reading>> index = new(() =>
    {
        var found = new Dictionary<(string, string, string), Reading>();
        foreach (var reading in readings) found.TryAdd((reading.Measure, reading.Column, reading.Segment), reading);
        return found;
    });

    public string Link(Alert alert) => link is null
        ? ""
        : link.Replace("{model}", Uri.EscapeDataString(alert.Model), StringComparison.Ordinal)
            .Replace("{version}", Uri.EscapeDataString(alert.Version), StringComparison.Ordinal)
            .Replace("{column}", Uri.EscapeDataString(alert.Column), StringComparison.Ordinal)
            .Replace("{window}", Uri.EscapeDataString(window.Start.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ")), StringComparison.Ordinal);

    public string Breached(Alert alert, RuleResult shown, TimeSpan length) =>
        Sentence(alert, shown, $", since {Say.Time(alert.Since, length)} ({alert.Breached} of {alert.Of} {Say.Windows(length)})");

    /// <summary>The sentence of a single window, which has no past.</summary>
    public string Judged(Alert alert, RuleResult shown) => Sentence(alert, shown, "");

    string Sentence(Alert alert, RuleResult shown, string since)
    {
        var rows = shown.Worst is { } reading && reading.Measure != "rows" ? $", {Say.Count(reading.Rows)} rows" : "";
        return Head(alert) + What(shown) + rows + since + "." + Cells(shown.Worst) + Performance(alert, shown.Worst) + Tail(alert);
    }

    public string Resolved(Alert alert, Span span, RuleResult[] results)
    {
        var now = Find(alert.Measure, alert.Column, alert.Segment);
        var value = now is null || results.Length == 0 ? "" : $", {alert.Measure} {Say.Value(alert.Measure, now.Value)}";
        var subject = alert.Column.Length > 0 ? alert.Column : alert.Name;
        var how = results.Length == 0 ? "is no longer judged" : "is back";
        return $"{Head(alert)}{subject} {how}{value}; it fired since {Say.Time(alert.Since, span.Length)}.{Tail(alert)}";
    }

    static string Head(Alert alert)
    {
        var version = alert.Version.Length == 0 ? "" : char.IsAsciiDigit(alert.Version[0]) ? " v" + alert.Version : " " + alert.Version;
        var segment = alert.Segment.Length == 0 ? "" : $" [{alert.Segment}]";
        var head = alert.Model + version + segment;
        return head.Length == 0 ? "" : head.TrimStart() + ": ";
    }

    static string Tail(Alert alert) => alert.Link.Length == 0 ? "" : " " + alert.Link;

    string What(RuleResult shown)
    {
        if (shown.Worst is not { } reading) return $"no data for {shown.Rule.Measures}";
        if (reading.Measure == OwnReadings.SchemaBreak) return "schema break: most records cannot be read";
        if (reading.Measure == OwnReadings.SunsetDays) return $"traffic past its sunset, {Say.Count((long)reading.Value)} {((long)reading.Value == 1 ? "day" : "days")} ago";
        if (reading.Status == ReadingStatus.Failed)
            return $"{reading.Measure} of {(reading.Column.Length == 0 ? "the window" : reading.Column)} could not be computed ({reading.Detail?.Reason ?? "no reason given"})";
        var subject = reading.Kind == ReadingKind.Drift ? (reading.Column.Length == 0 ? "the data" : reading.Column) + " drifted, " : reading.Column.Length == 0 ? "" : reading.Column + " ";
        var of = reading.Detail?.Class is { Length: > 0 } name ? $" of {name}" : "";
        if (reading.Measure == "psi_corrected" && Find("psi", reading) is { } psi)
            return $"{subject}psi {Say.Number(psi.Value)} ({Say.Number(reading.Value)} above sampling noise; {Alert(shown, reading)})";
        if (reading is { Measure: "rows", Value: 0 }) return $"no rows ({Alert(shown, reading)})";
        var reference = reading.ReferenceValue is { } was && double.IsFinite(was) ? $"{Say.Value(reading.Measure, was)} in the reference; " : "";
        var improved = shown.Improved ? " improved to" : "";
        return $"{subject}{reading.Measure}{of}{improved} {Say.Value(reading.Measure, reading.Value)} ({reference}{Alert(shown, reading)})";
    }

    static string Alert(RuleResult shown, Reading reading)
    {
        var rule = shown.Rule;
        string Of(double value) => Say.Value(reading.Measure, value);
        if (rule.Outside != Outside.None)
        {
            var (lower, upper) = Evaluation.Limits(rule.Outside, reading);
            if (rule.Outside == Outside.Sla) return double.IsNaN(upper) ? $"service level at least {Of(lower)}" : $"service level at most {Of(upper)}";
            return double.IsNaN(lower) ? $"alert over {Of(upper)}" : double.IsNaN(upper) ? $"alert under {Of(lower)}" : $"alert outside {Of(lower)}..{Of(upper)}";
        }
        if (rule.ChangeAbove is { } change) return "alert over a change of " + (Say.IsShare(reading.Measure) ? Say.Points(change) : Of(change));
        return reading.Value > rule.Above ? $"alert over {Of(rule.Above.Value)}" : $"alert under {Of(rule.Below ?? double.NaN)}";
    }

    // The cell that contributes most; a measure without cells borrows them from psi, which looked at the same column.
    string Cells(Reading? reading)
    {
        if (reading is null || reading.Column.Length == 0) return "";
        var cells = reading.Detail?.Cells is { Count: > 0 } own ? own : reading.Kind == ReadingKind.Drift ? Find("psi", reading)?.Detail?.Cells : null;
        return cells is { Count: > 0 } ? $" Most of it: {cells[0].Cell} went from {Say.Share(cells[0].Reference)} to {Say.Share(cells[0].Current)}." : "";
    }

    string Performance(Alert alert, Reading? reading)
    {
        if (reading?.Kind == ReadingKind.Performance) return "";
        foreach (var prefix in (string[])["", MeasureNames.EstimatedPrefix])
        {
            foreach (var name in telling)
            {
                var found = Find(prefix + name, "", alert.Segment);
                if (found is { Status: ReadingStatus.Ok, ReferenceValue: not null }) return $" {Say.Name(found.Measure)} {Say.Number(found.ReferenceValue.Value)} -> {Say.Number(found.Value)}.";
            }
        }
        return "";
    }

    Reading? Find(string measure, Reading beside) => Find(measure, beside.Column, beside.Segment);

    Reading? Find(string measure, string column, string segment) =>
        index.Value.TryGetValue((measure, column, segment), out var found) && !double.IsNaN(found.Value) ? found : null;
}
