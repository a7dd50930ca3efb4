using System.Text;

namespace Drift;

static partial class HtmlReport
{
    /// <summary>So many readings that are about no compared column are listed per section.</summary>
    const int MostOthers = 200;

    const string Contrast = "contrast_";

    /// <summary>What is not about a compared column: how well the model answers, the gaps between groups, the difference to the champion, and the rest.</summary>
    static void AppendAnswers(StringBuilder html, DriftReport report)
    {
        var others = report.WorstFirst().Where(reading => !ColumnSummary.Covers(report, reading)).ToLookup(SectionOf);
        var answers = others["Performance"].GroupBy(r => (Measure: Base(r.Measure), r.Detail?.Class, r.Column, r.Segment)).Select(g => (g.Key, Realised: g.FirstOrDefault(r => !IsEstimate(r)), Estimated: g.FirstOrDefault(IsEstimate)));
        AppendTable(html, "Performance", ["Measure", "Class", "Column", "Segment", "#Realised", "#Estimated", "#Reference", "#Ordinary", "Verdict", "Note"], answers.Select(a =>
        {
            var reading = a.Realised ?? a.Estimated!;
            return (Worse(a.Realised, a.Estimated), (string[])[a.Key.Measure, a.Key.Class ?? "", a.Key.Column, a.Key.Segment, Value(a.Realised), Value(a.Estimated), Before(reading), Ordinary(reading), "", DriftReport.Note(reading)]);
        }));
        AppendTable(html, "Groups", ["Measure", "Column", "Segment", "#Gap", "Interval", "#p adjusted", "#Rows", "Verdict", "Note"], others["Groups"].Select(r =>
            (r, (string[])[r.Measure, r.Column, r.Segment, Value(r), Interval(r), P(r), DriftReport.Count(r.Rows), "", DriftReport.Note(r)])));
        AppendTable(html, "Against the champion", ["Measure", "Segment", "#Champion", "#This version", "#Difference", "Interval", "#p adjusted", "#Rows", "Verdict", "Note"], others["Against the champion"].Select(r =>
            (r, (string[])[r.Measure[(r.Measure.StartsWith(Contrast, StringComparison.Ordinal) ? Contrast.Length : 0)..], r.Segment, Before(r), Value(r), Number(r, "difference") is { } d ? DriftReport.Number(d) : "", Interval(r), P(r), DriftReport.Count(r.Rows), "", DriftReport.Note(r)])));
        AppendTable(html, "Other readings", ["Measure", "Column", "Segment", "#Value", "#Reference", "#p adjusted", "Verdict", "Note"], others["Other readings"].Select(r =>
            (r, (string[])[r.Measure, r.Column, r.Segment, Value(r), Before(r), P(r), "", DriftReport.Note(r)])));
    }

    static string SectionOf(Reading reading) =>
        reading.Measure.StartsWith(Contrast, StringComparison.Ordinal) || Number(reading, "difference") is not null ? "Against the champion"
        : reading.Measure is "demographic_parity_difference" or "equal_opportunity_difference" or "equalized_odds_difference" or "disparate_impact_ratio" ? "Groups"
        : reading.Kind == ReadingKind.Performance ? "Performance" : "Other readings";

    /// <summary>A section with one table; a heading that begins with # stands over numbers, columns without any text are left out, and the verdict is the reading's.</summary>
    static void AppendTable(StringBuilder html, string title, string[] heads, IEnumerable<(Reading Reading, string[] Cells)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0) return;
        var shown = all.Take(MostOthers).ToList();
        var used = Enumerable.Range(0, heads.Length).Where(i => i == 0 || heads[i] == "Verdict" || shown.Any(row => row.Cells[i].Length > 0)).ToList();
        html.Append("<section aria-label=\"").Append(title).Append("\"><h2>").Append(title).Append("</h2><div class=\"d-scroll\"><table><thead><tr>");
        foreach (var i in used) html.Append("<th scope=\"col\"").Append(heads[i][0] == '#' ? " class=\"d-n\">" : ">").Append(heads[i].TrimStart('#'));
        html.Append("</tr></thead><tbody>\n");
        foreach (var (reading, cells) in shown)
        {
            html.Append("<tr><th scope=\"row\">").Append(HtmlText.Encode(cells[0], 60));
            foreach (var i in used.Skip(1))
                if (heads[i] == "Verdict") html.Append("<td class=\"d-").Append(Word(reading.Verdict)).Append("\">").Append(ColumnSummary.OutcomeOf(reading));
                else html.Append(heads[i][0] == '#' ? "<td class=\"d-n\">" : i == heads.Length - 1 ? "<td class=\"d-s\">" : "<td>").Append(HtmlText.Encode(cells[i], 120));
            html.Append("</tr>\n");
        }
        html.Append("</tbody></table></div>");
        if (all.Count > MostOthers) html.Append("<p>and ").Append(all.Count - MostOthers).Append(" more</p>");
        html.Append("</section>\n");
    }

    static bool IsEstimate(Reading reading) => reading.Measure.StartsWith(PerformanceReadings.Estimated, StringComparison.Ordinal);

    static string Base(string measure) => measure.StartsWith(PerformanceReadings.Estimated, StringComparison.Ordinal) ? measure[PerformanceReadings.Estimated.Length..] : measure;

    static Reading Worse(Reading? a, Reading? b) => a is null || b is not null && b.Verdict > a.Verdict ? b! : a;

    static double? Number(Reading reading, string name)
    {
        foreach (var number in reading.Detail?.Numbers ?? [])
            if (number.Key == name) return number.Value;
        return null;
    }

    static string Value(Reading? reading) => reading is null ? "" : DriftReport.Number(reading.Value);

    static string Before(Reading reading) => reading.ReferenceValue is { } before ? DriftReport.Number(before) : "";

    static string P(Reading reading) => (reading.PAdjusted ?? reading.PValue) is { } p ? DriftReport.PText(p) : "";

    static string Interval(Reading reading) => reading.Detail is { Lower: { } lower, Upper: { } upper } ? $"{DriftReport.Number(lower)} to {DriftReport.Number(upper)}" : "";

    static string Ordinary(Reading reading) => (Number(reading, "threshold_lower"), Number(reading, "threshold_upper")) switch
    {
        (null, null) => "",
        (var lower, null) => $"from {DriftReport.Number(lower.Value)}",
        (null, var upper) => $"up to {DriftReport.Number(upper.Value)}",
        var (lower, upper) => $"{DriftReport.Number(lower.Value)} to {DriftReport.Number(upper.Value)}",
    };
}
