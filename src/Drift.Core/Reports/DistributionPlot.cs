using System.Globalization;
using System.Text;

namespace Drift;

/// <summary>Both sides of one column as bars over the same cells: the current side filled, the reference as an outline.</summary>
sealed class DistributionPlot
{
    const int MostNumeric = 24, MostCategories = 12;

    readonly List<(string Label, double Reference, double Current)> bars = [];

    DistributionPlot(long reference, long current) => (referenceRows, currentRows) = (reference, current);

    readonly long referenceRows, currentRows;

    /// <summary>The bars: label and both shares of all rows.</summary>
    public IReadOnlyList<(string Label, double Reference, double Current)> Bars => bars;

    /// <summary>The plot of a column; null when a side lacks it or the cells differ.</summary>
    public static DistributionPlot? Of(ColumnProfile? reference, ColumnProfile? current)
    {
        if (reference is null || current is null || reference.Rows == 0 || current.Rows == 0) return null;
        var plot = new DistributionPlot(reference.Rows, current.Rows);
        if (reference.Histogram is { } before && current.Histogram is { } now && before.Binning.Equals(now.Binning)) plot.Numbers(before, now);
        else if (reference.Categories is { } first && current.Categories is { } second && first.Vocabulary.Equals(second.Vocabulary)) plot.Categories(first, second);
        else return null;
        plot.Outside("null", reference.Null, current.Null);
        return plot;
    }

    void Numbers(Histogram before, Histogram now)
    {
        Outside("-inf", before.NegativeInfinity, now.NegativeInfinity);
        Outside("below", before.Below, now.Below);
        var cells = before.Binning.Count;
        var together = (cells + MostNumeric - 1) / MostNumeric; // many cells are drawn in groups of neighbours
        for (var start = 0; start < cells; start += together)
        {
            var end = Math.Min(cells, start + together);
            long r = 0, c = 0;
            for (var i = start; i < end; i++) (r, c) = (r + before.Counts[i], c + now.Counts[i]);
            Add(Cells.LabelOf(before.Binning, start, end), r, c);
        }
        Outside("above", before.Above, now.Above);
        Outside("+inf", before.PositiveInfinity, now.PositiveInfinity);
        Outside("nan", before.NaN, now.NaN);
    }

    void Categories(CategoryCounts before, CategoryCounts now)
    {
        var order = Enumerable.Range(0, before.Counts.Length).OrderByDescending(i => before.Counts[i]).ThenBy(i => before.Categories[i], StringComparer.Ordinal).ToArray();
        long otherBefore = before.Other, otherNow = now.Other;
        for (var rank = 0; rank < order.Length; rank++)
        {
            var i = order[rank];
            if (rank < MostCategories) Add(before.Categories[i], before.Counts[i], now.Counts[i]);
            else (otherBefore, otherNow) = (otherBefore + before.Counts[i], otherNow + now.Counts[i]);
        }
        Outside("other", otherBefore, otherNow);
        Outside("unseen", before.Unseen, now.Unseen);
    }

    void Outside(string label, long r, long c)
    {
        if (r + c > 0) Add(label, r, c);
    }

    void Add(string label, long r, long c) => bars.Add((label, (double)r / referenceRows, (double)c / currentRows));

    /// <summary>The drawing: two paths on a grid of whole units, so it is small; every bar gets a tooltip when <paramref name="tooltips"/>.</summary>
    public void Draw(StringBuilder html, string name, int width, int height, bool tooltips)
    {
        var top = bars.Max(bar => Math.Max(bar.Reference, bar.Current));
        var step = Math.Max(2, width / bars.Count);
        html.Append(CultureInfo.InvariantCulture, $"<svg role=\"img\" aria-label=\"distribution of {HtmlText.Encode(name, 60)}\" viewBox=\"0 0 {step * bars.Count} {height}\" width=\"{step * bars.Count}\" height=\"{height}\">");
        int Height(double share) => top == 0 ? 0 : (int)Math.Round(share / top * (height - 1));
        html.Append("<path class=\"d-now\" d=\"");
        for (var i = 0; i < bars.Count; i++)
            if (Height(bars[i].Current) is > 0 and var h) html.Append(CultureInfo.InvariantCulture, $"M{i * step} {height}v-{h}h{step - 1}v{h}z");
        html.Append("\"/><path class=\"d-ref\" d=\"M0 ").Append(height - Height(bars[0].Reference));
        for (int i = 0, run = 0, at = Height(bars[0].Reference); i < bars.Count; i++)
        {
            run += step;
            var next = i + 1 < bars.Count ? Height(bars[i + 1].Reference) : at;
            if (next == at && i + 1 < bars.Count) continue; // bars of one height are one line
            html.Append(CultureInfo.InvariantCulture, $"h{run}");
            if (next != at) html.Append(CultureInfo.InvariantCulture, $"v{at - next}");
            (run, at) = (0, next);
        }
        html.Append("\"/>");
        for (var i = 0; tooltips && i < bars.Count; i++)
            html.Append(CultureInfo.InvariantCulture, $"<path class=\"d-tip\" d=\"M{i * step} 0h{step}v{height}h-{step}z\"><title>{Title(bars[i])}</title></path>");
        html.Append("</svg>");
    }

    static string Title((string Label, double Reference, double Current) bar) =>
        $"{HtmlText.Encode(bar.Label, 60)}: {DriftReport.Percent(bar.Reference)} → {DriftReport.Percent(bar.Current)}";
}
