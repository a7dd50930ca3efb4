namespace Drift;

[TypeFormatterSource(typeof(NotebookFormatterSource), PreferredMimeTypes = ["text/html"])]
public sealed partial class DriftReport
{
    /// <summary>
    /// The report as one self-contained HTML file: inline SVG, no script, no request to anywhere, light and dark, fit for print and screen readers, the same bytes for the
    /// same report. Under 120 KB for 100 columns. Names and categories are escaped: they stay text.
    /// </summary>
    public string ToHtml() => HtmlReport.Document(this);

    /// <summary>The same as an HTML fragment, for a notebook's output cell or another page.</summary>
    public string ToHtmlFragment() => HtmlReport.Fragment(this);

    /// <summary>
    /// One column's distribution as inline SVG for a page of one's own: the current side as bars (class <c>d-now</c>), the reference as an outline (<c>d-ref</c>), a tooltip
    /// per cell (<c>d-tip</c>). Labels are escaped. Empty when a side lacks the column or its cells differ.
    /// </summary>
    public string ToSvg(string column, int width = 720, int height = 160)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 2);
        if (DistributionPlot.Of(Reference.Find(column), Current.Find(column)) is not { Bars.Count: > 0 } plot) return "";
        var svg = new System.Text.StringBuilder();
        plot.Draw(svg, column, width, height, tooltips: true);
        return svg.ToString();
    }
}

/// <summary>Saves reports. The only thing in this assembly that touches a file.</summary>
public static class DriftReportFiles
{
    /// <summary>Writes <see cref="DriftReport.ToHtml"/> to a file, as UTF-8.</summary>
    public static void SaveHtml(this DriftReport report, string path)
    {
        ArgumentNullException.ThrowIfNull(report);
        File.WriteAllText(path, report.ToHtml());
    }
}
