using System.Globalization;
using System.Text;

namespace Drift;

static partial class HtmlReport
{
    /// <summary>A column's psi above noise over the windows up to this one, as a line beside the critical level.</summary>
    static void AppendHistory(StringBuilder html, DriftReport report, string column)
    {
        const int Width = 96, Height = 28;
        if (!report.History.TryGetValue(column, out var values) || !values.Any(double.IsFinite)) return;
        var limit = report.Options.CriticalFloor;
        // Far above the level only that it is so counts: the level must not sink to the bottom.
        var top = Math.Max(double.Epsilon, Math.Clamp(values.Where(double.IsFinite).Max(), 1.2 * limit, 5 * limit));
        int X(int i) => values.Count == 1 ? Width / 2 : 1 + i * (Width - 2) / (values.Count - 1);
        int Y(double value) => Height - 1 - (int)Math.Round(Math.Clamp(value, 0, top) / top * (Height - 2));
        html.Append(CultureInfo.InvariantCulture, $"<svg role=\"img\" aria-label=\"psi above noise over {values.Count} windows: highest {DriftReport.Number(Math.Round(values.Where(double.IsFinite).Max(), 2))}, last {DriftReport.Number(Math.Round(values[^1], 2))}; critical from {limit}\" ")
            .Append(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\"><path class=\"d-limit\" d=\"M0 {Y(limit)}h{Width}\"/><path class=\"d-line\" d=\"");
        for (var i = 0; i < values.Count; i++)
            if (double.IsFinite(values[i])) html.Append(CultureInfo.InvariantCulture, $"{(i > 0 && double.IsFinite(values[i - 1]) ? 'L' : 'M')}{X(i)} {Y(values[i])}{(values.Count == 1 ? "h1" : "")}");
        html.Append("\"/></svg>");
    }
}
