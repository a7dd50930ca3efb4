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
