namespace Drift.Worker.Web.Pages;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Css">How it is drawn; the style tells lines apart by dashes and marks as well as by colour.</param>
/// <param name="Values">One per window, in time; NaN: none.</param>
sealed record ChartLine(string Name, string Css, IReadOnlyList<double> Values);

/// <summary>A level across a chart.</summary>
sealed record ChartLimit(string Name, string Css, double At);

/// <summary>Values over windows as inline SVG. Every value is a tooltip and, beside the picture, a row of a table: nothing needs eyes for curves or a script.</summary>
static class Chart
{
    const double Width = 1000, Height = 100;

    /// <param name="name">What is shown; unique on the page.</param>
    /// <param name="windows">The windows in time.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="limits">The levels.</param>
    /// <param name="shown">The window that is marked.</param>
    public static Html Draw(string name, IReadOnlyList<Window> windows, IReadOnlyList<ChartLine> lines, IReadOnlyList<ChartLimit> limits, DateTimeOffset? shown = null)
    {
        var all = lines.SelectMany(l => l.Values).Concat(limits.Select(l => l.At)).Where(double.IsFinite).ToList();
        if (all.Count == 0) return Parts.Empty("No value in these windows.");
        var (low, high) = (all.Min(), all.Max());
        var (bottom, top) = low >= 0 && low < .5 * high ? (0, high * 1.05) : (low - .08 * (high - low) - 1e-9, high + .08 * (high - low) + 1e-9);
        double X(int i) => windows.Count == 1 ? Width / 2 : 10 + i * (Width - 20) / (windows.Count - 1);
        double Y(double v) => Math.Round(Height - 3 - (v - bottom) / Math.Max(1e-12, top - bottom) * (Height - 6), 2);
        var levels = limits.Where(l => double.IsFinite(l.At)).Select(l => Html.Of($"<path class=\"limit {l.Css}\" d=\"M0 {Parts.At(Y(l.At))}H{Width}\"/>"));
        var curves = lines.Select(l => Html.Of($"<path class=\"line {l.Css}\" d=\"{Path(l.Values, X, Y)}\"/>{l.Values.Select((v, i) => double.IsFinite(v) ? Html.Of($"<path class=\"dot {l.Css}{(windows[i].Start == shown ? " shown" : "")}\" d=\"M{Parts.At(X(i))} {Parts.At(Y(v))}h0\"><title>{Parts.Text(windows[i].Start)}, {l.Name}: {Parts.Number(v)}</title></path>") : Html.Empty)}"));
        var last = string.Join(", ", lines.Select(l => $"{l.Name} {Parts.Number(l.Values.LastOrDefault(double.IsFinite, double.NaN))}"));
        var label = $"{name} over {windows.Count} windows from {Parts.Text(windows[0].Start)} to {Parts.Text(windows[^1].Start)}; last: {last}";
        return Html.Of($"""
            <figure><div class="chart"><div class="y" aria-hidden="true"><span>{Parts.Number(top)}</span><span>{Parts.Number(bottom)}</span></div><svg viewBox="0 0 {Width} {Height}" preserveAspectRatio="none" role="img" aria-label="{label}">{levels}{curves}</svg><div class="x" aria-hidden="true"><span>{Parts.Short(windows[0])}</span><span>{Parts.Short(windows[^1])}</span></div></div>
            <ul class="legend">{lines.Select(l => Legend("line " + l.Css, l.Name))}{limits.Where(l => double.IsFinite(l.At)).Select(l => Legend("limit " + l.Css, $"{l.Name} {Parts.Number(l.At)}"))}</ul>
            <details id="values-{name.Replace(' ', '-')}"><summary>{name}: values as a table</summary>{Table(name, windows, lines)}</details></figure>
            """);
    }

    /// <summary>A line without axes, for a card; what it says stands beside it in words.</summary>
    public static Html Spark(string label, IReadOnlyList<double> values, double limit)
    {
        if (!values.Any(double.IsFinite)) return Html.Empty;
        var top = Math.Max(limit * 1.2, values.Where(double.IsFinite).Max() * 1.05);
        double X(int i) => values.Count == 1 ? 50 : 1 + i * 98.0 / (values.Count - 1);
        double Y(double v) => 29 - Math.Clamp(v, 0, top) / top * 28;
        return Html.Of($"<svg class=\"spark\" viewBox=\"0 0 100 30\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{label}\"><path class=\"limit critical\" d=\"M0 {Parts.At(Y(limit))}H100\"/><path d=\"{Path(values, X, Y)}\"/></svg>");
    }

    static string Path(IReadOnlyList<double> values, Func<int, double> x, Func<double, double> y)
    {
        var path = new System.Text.StringBuilder();
        for (int i = 0, before = -2; i < values.Count; i++)
        {
            if (!double.IsFinite(values[i])) continue;
            path.Append(before == i - 1 ? 'L' : 'M').Append(Parts.At(x(i))).Append(' ').Append(Parts.At(y(values[i])));
            before = i;
        }
        return path.ToString();
    }

    static Html Legend(string css, string text) => Html.Of($"<li><svg viewBox=\"0 0 30 8\" aria-hidden=\"true\"><path class=\"{css}\" d=\"M0 4H30\"/></svg> {text}</li>");

    static Html Table(string name, IReadOnlyList<Window> windows, IReadOnlyList<ChartLine> lines) => Parts.Table(
        $"{name} by window (UTC)", Parts.Heads(["window", .. lines.Select(l => "#" + l.Name)]),
        windows.Select((w, i) => Html.Of($"<tr><th scope=\"row\">{Parts.Text(w.Start)}</th>{lines.Select(l => Parts.Num(Parts.Number(l.Values[i])))}</tr>")));
}
