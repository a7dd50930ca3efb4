using System.Globalization;
using System.Text;

namespace Drift;

public sealed partial class DriftReport
{
    /// <summary>The readings with the worst first: critical, warning, failed, what could not be judged, fine, not judged by a verdict; then by adjusted p-value, then as they came.</summary>
    internal IEnumerable<Reading> WorstFirst() => Readings
        .Select((reading, at) => (reading, at))
        .OrderBy(x => Rank(x.reading))
        .ThenBy(x => x.reading.PAdjusted ?? 1)
        .ThenBy(x => x.at)
        .Select(x => x.reading);

    internal static int Rank(Reading reading) => (reading.Verdict, reading.Status) switch
    {
        (Verdict.Critical, _) => 0,
        (Verdict.Warning, _) => 1,
        (_, ReadingStatus.Failed) => 2,
        (_, ReadingStatus.InsufficientData) => 3,
        (_, ReadingStatus.NotApplicable) => 4,
        (Verdict.Ok, _) => 5,
        _ => 6,
    };

    /// <summary>The report as aligned text, the worst first.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Headline()).Append('\n');
        if (Readings.Count > 0) AppendTable(text);
        if (LeftOutLine() is { } leftOut) text.Append(leftOut).Append('\n');
        return text.ToString();
    }

    /// <summary>What was left out without anybody saying so, in one line; null where nothing was.</summary>
    public string? LeftOutLine() => LeftOut.Count == 0
        ? null
        : $"left out: {string.Join("; ", LeftOut.Take(MostLeftOut).Select(column => $"{Shown(column.Key, 40)} ({column.Value})"))}{(LeftOut.Count > MostLeftOut ? $"; and {LeftOut.Count - MostLeftOut} more" : "")}";

    const int MostLeftOut = 10;

    void AppendTable(StringBuilder text)
    {
        string[] head = ["column", "measure", "value", "reference", "p_adjusted", "verdict", ""];
        var rows = WorstFirst().Select(Cells).Prepend(head).ToList();
        var widths = new int[head.Length];
        foreach (var row in rows)
            for (var i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], row[i].Length);
        foreach (var row in rows) AppendRow(text, row, widths);
    }

    static void AppendRow(StringBuilder text, string[] row, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < row.Length; i++)
        {
            var right = i is >= 2 and <= 4; // numbers
            line.Append(i == 0 ? "" : "  ").Append(i == row.Length - 1 ? row[i] : right ? row[i].PadLeft(widths[i]) : row[i].PadRight(widths[i]));
        }
        text.Append(line.ToString().TrimEnd()).Append('\n');
    }

    static string[] Cells(Reading reading) =>
    [
        Shown(reading.Column.Length == 0 ? "(all rows)" : reading.Column, 40),
        reading.Measure,
        Number(reading.Value),
        reading.ReferenceValue is { } before ? Number(before) : "",
        reading.PAdjusted is { } p ? PText(p) : "",
        reading.Status == ReadingStatus.Ok ? ReadingFormat.Verdicts[(int)reading.Verdict] : ReadingFormat.Statuses[(int)reading.Status],
        Shown(Note(reading), 160),
    ];

    /// <summary>What there is to say beyond the numbers: the reason, or where the mass went.</summary>
    internal static string Note(Reading reading)
    {
        if (reading.Detail is not { } detail) return "";
        if (detail.Reason is { } reason) return reason;
        if (reading.Verdict < Verdict.Warning || detail.Cells.Count == 0) return "";
        return string.Join(", ", detail.Cells.Take(3).Select(cell => $"{cell.Cell}: {Percent(cell.Reference)} -> {Percent(cell.Current)}"));
    }

    /// <summary>What was found, in one line.</summary>
    internal string Headline()
    {
        int columns = 0, critical = 0, warning = 0;
        foreach (var column in Readings.Where(reading => ColumnSummary.Covers(this, reading)).GroupBy(reading => reading.Column, StringComparer.Ordinal))
        {
            columns++;
            var worst = column.Max(reading => reading.Verdict);
            if (worst == Verdict.Critical) critical++;
            else if (worst == Verdict.Warning) warning++;
        }
        var (moved, outside) = (critical + warning, Readings.Count(reading => reading.Verdict >= Verdict.Warning && !ColumnSummary.Covers(this, reading)));
        var measures = $"{outside} {(outside == 1 ? "measure" : "measures")} out of range";
        var found = columns == 0 && Readings.Count > 0 ? outside == 0 ? "nothing out of range" : measures
            : (moved == 0 ? "no drift" : $"{moved} {(moved == 1 ? "column" : "columns")} moved ({critical} critical, {warning} warning)") + (outside == 0 ? "" : $", {measures}");
        var against = columns == 0 && Readings.Count > 0 && Reference.Rows == 0 ? "" : $" against {Count(Reference.Rows)} of the reference";
        return $"{found}: {Count(Current.Rows)} rows{against}{(Recipe == OwnRecipe ? "" : $", recipe {Recipe}")}";
    }

    internal static string Count(long rows) => rows.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Number(double value) =>
        double.IsNaN(value) ? "-"
        : double.IsInfinity(value) ? value > 0 ? "inf" : "-inf"
        : value != 0 && (Math.Abs(value) < 0.0001 || Math.Abs(value) >= 1e7) ? value.ToString("0.###E+0", CultureInfo.InvariantCulture)
        : value.ToString(Math.Abs(value) >= 1000 ? "0.#" : "0.####", CultureInfo.InvariantCulture);

    internal static string PText(double p) => p < 1e-300 ? "under 1e-300" : p < 0.001 ? p.ToString("0.#E+0", CultureInfo.InvariantCulture) : p.ToString("0.###", CultureInfo.InvariantCulture);

    internal static string Percent(double share) => share.ToString(share is > 0 and < 0.001 ? "0.###%" : "0.#%", CultureInfo.InvariantCulture);

    /// <summary>Untrusted text on one line of a terminal: control and direction characters become visible, and long text is cut.</summary>
    internal static string Shown(string text, int most)
    {
        var shown = new StringBuilder(Math.Min(text.Length, most));
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= most) return shown.Append('…').ToString();
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else shown.Append(rune);
        }
        return shown.ToString();
    }
}
