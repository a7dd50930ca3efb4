namespace Drift;

/// <summary>All readings of one column in one segment, as one row of a report.</summary>
sealed class ColumnSummary
{
    readonly List<Reading> readings = [];

    ColumnSummary(string name) => Name = name;

    public string Name { get; }

    public Verdict Verdict { get; private init; }

    /// <summary>The verdict in words, or why there is none.</summary>
    public string Outcome { get; private init; } = "";

    /// <summary>The adjusted p-value of the column's drift.</summary>
    public string P => readings.Find(reading => reading is { Kind: ReadingKind.Drift, PAdjusted: not null }) is { PAdjusted: { } p } ? DriftReport.PText(p) : "";

    /// <summary>psi's cells, the largest part first.</summary>
    public IReadOnlyList<CellShare> Cells => Find("psi")?.Detail?.Cells ?? readings.Find(reading => reading.Detail?.Cells.Count > 0)?.Detail?.Cells ?? [];

    /// <summary>What to know first: the rate that changed, the reason why nothing is judged, or the cell that moved most.</summary>
    public string Note
    {
        get
        {
            var worst = readings[0];
            if (worst.Detail?.Reason is { } reason) return reason;
            if (worst.Verdict < Verdict.Warning) return "";
            if (worst.Kind == ReadingKind.Quality)
                return $"{worst.Measure} {(worst.ReferenceValue is { } before ? DriftReport.Percent(before) : "")} → {DriftReport.Percent(worst.Value)}";
            return Cells is [var most, ..] ? $"{most.Cell}: {DriftReport.Percent(most.Reference)} → {DriftReport.Percent(most.Current)}" : "";
        }
    }

    /// <summary>Every judged reading over its threshold, in words.</summary>
    public string Sentence => string.Join(", ", readings.Where(reading => reading.Verdict >= Verdict.Warning).Select(reading =>
        $"{reading.Measure} {DriftReport.Number(reading.Value)}"
        + (reading.ReferenceValue is { } before ? $" (reference {DriftReport.Number(before)})" : "")
        + (reading.PAdjusted is { } p ? $", p {DriftReport.PText(p)}" : ""))) + $", {DriftReport.Count(readings[0].Rows)} rows";

    public string Text(string measure) => Find(measure) is { } reading ? DriftReport.Number(reading.Value) : "";

    Reading? Find(string measure) => readings.Find(reading => reading.Measure == measure);

    /// <summary>Whether a reading belongs to a column's row; the others are listed by themselves.</summary>
    public static bool Covers(DriftReport report, Reading reading) =>
        reading.Kind is ReadingKind.Drift or ReadingKind.Quality && reading.Column.Length > 0 && reading.Segment == report.Options.Segment;

    /// <summary>How far the column is from the reference, in the unit of its cells; where p-values are too small to tell columns apart this still does.</summary>
    double Effect => Find("psi_corrected") is { Value: var value } && !double.IsNaN(value) ? value : double.NegativeInfinity;

    /// <summary>The columns of a report, the worst first: by verdict, then by effect, then by p-value.</summary>
    public static List<ColumnSummary> Of(DriftReport report)
    {
        var byName = new Dictionary<string, ColumnSummary>(StringComparer.Ordinal);
        var columns = new List<ColumnSummary>();
        foreach (var reading in report.WorstFirst())
        {
            if (!Covers(report, reading)) continue;
            if (!byName.TryGetValue(reading.Column, out var column))
            {
                byName.Add(reading.Column, column = new(reading.Column) { Verdict = reading.Verdict, Outcome = OutcomeOf(reading) });
                columns.Add(column); // worst first, so the first reading of a column decides what is said of it
            }
            column.readings.Add(reading);
        }
        return [.. columns.OrderBy(column => DriftReport.Rank(column.readings[0])).ThenByDescending(column => column.Effect)];
    }

    public static string OutcomeOf(Reading reading) => reading.Status switch
    {
        ReadingStatus.InsufficientData => "too few rows",
        ReadingStatus.NotApplicable => "not applicable",
        ReadingStatus.Failed => "failed",
        _ => reading.Verdict == Verdict.None ? "" : ReadingFormat.Verdicts[(int)reading.Verdict],
    };
}
