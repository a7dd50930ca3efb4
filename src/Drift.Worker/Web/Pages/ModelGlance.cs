using Drift.Worker.Web.Api;

namespace Drift.Worker.Web.Pages;

/// <summary>One model as a card: its state, how fresh it is, how far its worst column is from the reference, and where to go on.</summary>
static class ModelGlance
{
    const int ShownColumns = 4;

    public static Html Card(ModelView model, IReadOnlyList<WindowSheet> sheets, DateTimeOffset now)
    {
        var head = Html.Of($"<h2><a href=\"{Parts.ModelLink(model.Name)}\"><bdi>{model.Name}</bdi></a> {Parts.Badge(model.State)}</h2>");
        if (sheets.Count == 0) return Html.Of($"<li class=\"card\">{head}{Parts.Empty($"Waiting for the first window to close{(model.Configured is { } c ? $": one is {Parts.Span(c.Window)} long" : "")}.")}</li>");
        var last = sheets[0];
        var values = sheets.Reverse().Select(Worst).ToList();
        var moved = last.Columns.Values.Count(c => c.Verdict >= Verdict.Warning);
        return Html.Of($"""
            <li class="card">{head}
            <p>Version {Parts.Version(last.Window.Version)}, window {Parts.Time(last.Window.Start)} UTC, {last.Window.Rows:N0} rows {Fresh(model.Configured, last.Window, now)}</p>
            {Chart.Spark($"psi above noise of the worst column in the last {sheets.Count} windows: {string.Join(", ", values.Select(v => Parts.Number(v)))}; the line is at {CompareOptions.Default.CriticalFloor}", values, CompareOptions.Default.CriticalFloor)}
            <p class="soft">Worst column, last {sheets.Count} windows; dotted: critical from {Parts.Number(CompareOptions.Default.CriticalFloor)}</p>
            <p>{(moved == 0 ? Html.Of($"No column moved.") : Html.Of($"{moved} of {last.Columns.Count} columns moved:"))}</p>
            {Columns(last)}
            <p><a href="{Parts.ReportLink(last.Window)}">Report of this window</a></p></li>
            """);
    }

    /// <summary>Whether the next window is overdue.</summary>
    public static Html Fresh(ModelInfo? configured, Window last, DateTimeOffset now)
    {
        var length = configured?.Window ?? last.End - last.Start;
        // The next window ends one length later and closes a little after that; twice the length has no harmless reason.
        return now > last.End + 2.1 * length ? Html.Of($"{Parts.Badge("stale")} <span>no window closed for {Parts.Span(now - last.End)}</span>") : Parts.Badge("fresh");
    }

    static double Worst(WindowSheet sheet) => sheet.Columns.Values.Select(c => (double)c.Of("psi_corrected").Value).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();

    static Html Columns(WindowSheet last)
    {
        var worst = last.Worst.Where(c => c.Verdict >= Verdict.Warning).Take(ShownColumns).ToList();
        return worst.Count == 0 ? Html.Empty : Html.Of($"<ul>{worst.Select(c => Html.Of($"<li><a href=\"{Parts.ModelLink(last.Window.Model, last.Window.Version, c.Name, last.Window.Start)}\"><bdi>{c.Name}</bdi></a> {Parts.Badge(Parts.Word(c.Verdict))} <bdi class=\"soft\">{c.Moved}</bdi></li>"))}</ul>");
    }
}
