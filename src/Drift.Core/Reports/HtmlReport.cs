using System.Globalization;
using System.Text;

namespace Drift;

/// <summary>
/// A report as HTML: one file, inline SVG, no script, no request to anywhere, the same bytes for the same report. The worst comes first; every verdict stands as a word beside
/// its colour; names and categories are untrusted and stay text.
/// </summary>
static partial class HtmlReport
{
    /// <summary>So many of the worst columns are shown at full size, with every cell.</summary>
    const int MostDetailed = 10;

    /// <summary>So many columns are listed at all: the rest is counted.</summary>
    const int MostColumns = 500;

    /// <summary>A whole document.</summary>
    public static string Document(DriftReport report)
    {
        var html = new StringBuilder(1 << 16);
        html.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
            .Append("<meta name=\"color-scheme\" content=\"light dark\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Append("<title>Drift report").Append(Name(report.Current) is { Length: > 0 } name ? $": {HtmlText.Encode(name, 80)}" : "").Append("</title></head>\n<body style=\"margin:0\">\n");
        Append(html, report, "main");
        return html.Append("</body></html>\n").ToString();
    }

    /// <summary>The same without html, head and body, for a notebook's cell or another page.</summary>
    public static string Fragment(DriftReport report)
    {
        var html = new StringBuilder(1 << 16);
        Append(html, report, "div");
        return html.ToString();
    }

    static void Append(StringBuilder html, DriftReport report, string element)
    {
        html.Append('<').Append(element).Append(" class=\"d-report\"><style>").Append(Css).Append("</style>\n");
        AppendHeader(html, report);
        var columns = ColumnSummary.Of(report);
        if (columns.Count > 0) AppendColumns(html, report, columns);
        AppendDetails(html, report, columns);
        AppendAnswers(html, report);
        AppendChunks(html, report);
        HtmlData.Append(html, report);
        html.Append("</").Append(element).Append(">\n");
    }

    static void AppendHeader(StringBuilder html, DriftReport report)
    {
        html.Append("<header><h1>Drift report</h1>\n<p><b class=\"d-").Append(Word(report.Verdict)).Append("\">").Append(HtmlText.Encode(report.Headline(), 300)).Append("</b></p>\n<div class=\"d-scroll\"><table><thead><tr>")
            .Append("<th scope=\"col\">Side<th scope=\"col\">Rows<th scope=\"col\">Model<th scope=\"col\">From<th scope=\"col\">To<th scope=\"col\">Cells</tr></thead><tbody>\n");
        foreach (var (side, profile) in new[] { ("reference", report.Reference), ("current", report.Current) })
            html.Append("<tr><th scope=\"row\">").Append(side).Append("<td>").Append(DriftReport.Count(profile.Rows)).Append("<td>").Append(HtmlText.Encode(Name(profile), 80))
                .Append("<td class=\"d-t\">").Append(Time(profile.Start)).Append("<td class=\"d-t\">").Append(Time(profile.End)).Append("<td>").Append(profile.Columns.Count > 0 ? profile.Id : "").Append("</tr>\n");
        var options = report.Options;
        html.Append("</tbody></table></div>\n");
        if (!report.Readings.Any(reading => ColumnSummary.Covers(report, reading)))
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"d-s\">Made by {ProfileFormat.Creator}.</p></header>\n");
            return;
        }
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"d-s\">Recipe {HtmlText.Encode(report.Recipe, 40)}. Drift is called when p, adjusted for the number of columns, is under {options.Alpha} and psi above noise or ks is at least {options.WarningFloor} ")
            .Append(CultureInfo.InvariantCulture, $"(critical: {options.CriticalFloor}). Bars: the current side; outline: the reference{(report.History.Count > 0 ? "; lines: psi above noise window by window, dashed: critical" : "")}. Made by {ProfileFormat.Creator}.</p></header>\n");
    }

    static void AppendColumns(StringBuilder html, DriftReport report, List<ColumnSummary> columns)
    {
        html.Append("<section aria-label=\"Columns, the worst first\"><h2>Columns</h2><div class=\"d-scroll\"><table><thead><tr><th scope=\"col\">Column<th scope=\"col\">Verdict<th scope=\"col\">Distribution").Append(report.History.Count > 0 ? "<th scope=\"col\">Windows" : "")
            .Append("<th scope=\"col\" class=\"d-n\">psi<th scope=\"col\" class=\"d-n\">above noise<th scope=\"col\" class=\"d-n\">ks<th scope=\"col\" class=\"d-n\">p adjusted<th scope=\"col\">Note</tr></thead><tbody>\n");
        foreach (var column in columns.Take(MostColumns))
        {
            html.Append("<tr><th scope=\"row\">").Append(HtmlText.Encode(column.Name, 60)).Append("<td class=\"d-").Append(Word(column.Verdict)).Append("\">").Append(column.Outcome).Append("<td>");
            Plot(report, column)?.Draw(html, column.Name, 120, 28, tooltips: false);
            if (report.History.Count > 0) AppendHistory(html.Append("<td>"), report, column.Name);
            foreach (var measure in (ReadOnlySpan<string>)["psi", "psi_corrected", "ks"]) html.Append("<td class=\"d-n\">").Append(column.Text(measure));
            html.Append("<td class=\"d-n\">").Append(column.P).Append("<td class=\"d-s\">").Append(HtmlText.Encode(column.Note, 90)).Append("</tr>\n");
        }
        html.Append("</tbody></table></div>");
        if (columns.Count > MostColumns) html.Append("<p>and ").Append(columns.Count - MostColumns).Append(" more columns</p>");
        html.Append("</section>\n");
    }

    static void AppendDetails(StringBuilder html, DriftReport report, List<ColumnSummary> columns)
    {
        var moved = columns.Where(column => column.Verdict >= Verdict.Warning).Take(MostDetailed).ToList();
        if (moved.Count == 0) return;
        html.Append("<section aria-label=\"Where the mass went\"><h2>Where the mass went</h2>\n");
        foreach (var column in moved)
        {
            html.Append("<article><h3>").Append(HtmlText.Encode(column.Name, 60)).Append(": <span class=\"d-").Append(Word(column.Verdict)).Append("\">").Append(column.Outcome).Append("</span></h3><p>")
                .Append(HtmlText.Encode(column.Sentence, 400)).Append("</p>\n");
            Plot(report, column)?.Draw(html, column.Name, 480, 90, tooltips: true);
            AppendCells(html, column);
            html.Append("</article>\n");
        }
        html.Append("</section>\n");
    }

    static void AppendCells(StringBuilder html, ColumnSummary column)
    {
        if (column.Cells.Count == 0) return;
        html.Append("<div class=\"d-scroll\"><table><thead><tr><th scope=\"col\">Cell<th scope=\"col\" class=\"d-n\">Reference<th scope=\"col\" class=\"d-n\">Current<th scope=\"col\" class=\"d-n\">Part of psi</tr></thead><tbody>\n");
        foreach (var cell in column.Cells.Take(12))
            html.Append("<tr><th scope=\"row\">").Append(HtmlText.Encode(cell.Cell, 60)).Append("<td class=\"d-n\">").Append(DriftReport.Percent(cell.Reference)).Append("<td class=\"d-n\">")
                .Append(DriftReport.Percent(cell.Current)).Append("<td class=\"d-n\">").Append(DriftReport.Number(cell.Contribution)).Append("</tr>\n");
        html.Append("</tbody></table></div>");
    }

    static DistributionPlot? Plot(DriftReport report, ColumnSummary column) => DistributionPlot.Of(report.Reference.Find(column.Name), report.Current.Find(column.Name));

    static string Word(Verdict verdict) => ReadingFormat.Verdicts[(int)verdict];

    static string Name(Profile side) => $"{side.Model} {side.ModelVersion}".Trim();

    static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString(time.Value.Ticks % TimeSpan.TicksPerMinute == 0 ? "yyyy-MM-dd HH:mm 'UTC'" : "yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "";
}
