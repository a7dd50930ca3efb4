using System.Globalization;
using Drift.Worker.Stores;

namespace Drift.Worker.Web.Pages;

/// <summary>One column: its history against the thresholds, its distribution then and now, and everything that was read off it.</summary>
static class ColumnDetail
{
    const int ShownCells = 30;
    const double Width = 640, Height = 120;

    public static Html Show(List<JudgedWindow> windows, JudgedWindow shown, string column)
    {
        var readings = shown.Readings.Where(r => r.Column == column && r.Segment.Length == 0).ToList();
        if (readings.Count == 0) return Html.Of($"<section><h2><bdi>{column}</bdi></h2><p class=\"empty\">This window has no readings of it.</p></section>");
        return Html.Of($"<section aria-labelledby=\"column\"><h2 id=\"column\"><bdi>{column}</bdi> on {Parts.Time(shown.Window.Start)} UTC</h2><p>{shown.Window.Rows:N0} rows; <a href=\"{Parts.ReportLink(shown.Window)}\">report of the whole window</a>.</p>{History(windows, shown, column)}{Distribution(readings)}{Readings(readings)}</section>");
    }

    /// <summary>psi above noise over the windows, with the default thresholds as lines and every value as text for who cannot see the curve.</summary>
    static Html History(List<JudgedWindow> windows, JudgedWindow shown, string column)
    {
        var values = windows.Select(w => Parts.Value(w.Readings.Where(r => r.Column == column && r.Segment.Length == 0), "psi_corrected")).ToList();
        var (warning, critical) = (CompareOptions.Default.WarningFloor, CompareOptions.Default.CriticalFloor);
        var top = Math.Max(1.25 * critical, values.Max(v => v ?? 0) * 1.05);
        double X(int i) => windows.Count == 1 ? Width / 2 : 8 + i * (Width - 16) / (windows.Count - 1);
        double Y(double v) => Height - 6 - Math.Clamp(v, 0, top) / top * (Height - 16);
        var points = string.Join(' ', values.Select((v, i) => v is { } y ? $"{Parts.At(X(i))},{Parts.At(Y(y))}" : null).Where(p => p is not null));
        var dots = values.Select((v, i) => v is { } y ? Html.Of($"<circle cx=\"{Parts.At(X(i))}\" cy=\"{Parts.At(Y(y))}\" r=\"{(windows[i] == shown ? "6" : "3")}\"><title>{windows[i].Window.Start:yyyy-MM-dd HH:mm}: {Parts.Number(y)}</title></circle>") : Html.Empty);
        Html Line(double at, string word) => Html.Of($"<line class=\"{word}\" x1=\"0\" x2=\"{Parts.At(Width)}\" y1=\"{Parts.At(Y(at))}\" y2=\"{Parts.At(Y(at))}\"/><text class=\"{word}\" x=\"4\" y=\"{Parts.At(Y(at) - 3)}\">{word} {at.ToString(CultureInfo.InvariantCulture)}</text>");
        var said = string.Join(", ", values.Select((v, i) => $"{windows[i].Window.Start:yyyy-MM-dd} {Parts.Number(v)}"));
        return Html.Of($"<figure><svg class=\"history\" viewBox=\"0 0 {Parts.At(Width)} {Parts.At(Height)}\" role=\"img\" aria-label=\"psi above noise by window: {said}\">{Line(warning, "warning")}{Line(critical, "critical")}<polyline points=\"{points}\"/>{dots}</svg><figcaption>psi above sampling noise, window by window; the highest is {Parts.Number(values.Max(v => v ?? 0))}</figcaption></figure>");
    }

    /// <summary>The cells' shares in the reference and in this window, as numbers and as bars.</summary>
    static Html Distribution(List<Reading> readings)
    {
        var cells = (readings.Find(r => r.Measure == "psi")?.Detail ?? readings.Select(r => r.Detail).FirstOrDefault(d => d is { Cells.Count: > 0 }))?.Cells ?? [];
        if (cells.Count == 0) return Html.Empty;
        var most = Math.Max(1e-9, cells.Max(c => Math.Max(c.Reference, c.Current)));
        var rows = cells.Take(ShownCells).Select(c => Html.Of($"<tr><th scope=\"row\"><bdi>{c.Cell}</bdi></th><td class=\"num\">{Parts.Percent(c.Reference)}</td><td class=\"num\">{Parts.Percent(c.Current)}</td><td><svg class=\"bars\" viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"then\" x=\"0\" y=\"0\" width=\"{Parts.At(100 * c.Reference / most)}\" height=\"5\"/><rect class=\"now\" x=\"0\" y=\"6\" width=\"{Parts.At(100 * c.Current / most)}\" height=\"5\"/></svg></td><td class=\"num\">{Parts.Number(c.Contribution)}</td></tr>"));
        return Html.Of($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Distribution then and now\"><table><caption>Distribution: the reference (upper bar) and this window (lower bar), the cells that moved most first</caption><thead><tr><th scope=\"col\">cell</th><th scope=\"col\" class=\"num\">then</th><th scope=\"col\" class=\"num\">now</th><th scope=\"col\">shares</th><th scope=\"col\" class=\"num\">part of psi</th></tr></thead><tbody>{rows}</tbody></table></div>");
    }

    static Html Readings(List<Reading> readings)
    {
        var rows = readings.Select(r => Html.Of($"<tr><th scope=\"row\">{r.Measure}</th><td class=\"num\">{(double.IsFinite(r.Value) ? Parts.Number(r.Value) : "-")}</td><td class=\"num\">{Parts.Number(r.ReferenceValue)}</td><td class=\"num\">{P(r.PAdjusted)}</td><td><b class=\"badge {Word(r)}\">{Word(r).Replace('_', ' ')}</b></td><td><bdi>{r.Detail?.Reason}</bdi></td></tr>"));
        return Html.Of($"<details><summary>All {readings.Count} readings</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"All readings\"><table><thead><tr><th scope=\"col\">measure</th><th scope=\"col\" class=\"num\">value</th><th scope=\"col\" class=\"num\">reference</th><th scope=\"col\" class=\"num\">p adjusted</th><th scope=\"col\">verdict</th><th scope=\"col\">why</th></tr></thead><tbody>{rows}</tbody></table></div></details>");
    }

    static string Word(Reading reading) => reading.Status switch
    {
        ReadingStatus.Ok => reading.Verdict.ToString().ToLowerInvariant(),
        ReadingStatus.InsufficientData => "insufficient_data",
        ReadingStatus.NotApplicable => "not_applicable",
        _ => "failed",
    };

    static string P(double? p) => p is { } value ? value < .0001 ? "< 0.0001" : value.ToString("0.####", CultureInfo.InvariantCulture) : "-";
}
