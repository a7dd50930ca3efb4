using Drift.Worker.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>The versions of one model beside each other: how much traffic each has, how far each is from its reference, and where they differ.</summary>
static class VersionsPage
{
    const int ShownVersions = 6, ShownColumns = 50;

    public static void Map(IEndpointRouteBuilder app, WebContext context, WindowSheets sheets) => app.MapGet("/models/{model}/versions", async (HttpContext http, string model) =>
    {
        var frame = await ModelFrame.OfAsync(context, http, model);
        var content = await ContentAsync(sheets, http, frame);
        await Layout.WriteAsync(http, $"Versions, {model}", Html.Of($"{frame.Head(context.Time.GetUtcNow(), "/versions")}{content}"));
    });

    static async Task<Html> ContentAsync(WindowSheets sheets, HttpContext http, ModelFrame frame)
    {
        var versions = frame.Model.Versions.Where(v => v.Last is not null).OrderByDescending(v => v.Last!.Start).ThenByDescending(v => v.Version, StringComparer.Ordinal).ToList();
        if (versions.Count == 0) return Parts.Empty("Waiting for the first window to close.");
        var rows = versions.Select(v => Html.Of($"<tr><th scope=\"row\"><a href=\"{Parts.ModelLink(frame.Name, v.Version)}\">{Parts.Version(v.Version)}</a></th>{Parts.Num($"{v.Windows}")}<td>{Parts.Time(v.Last!.Start)}</td>{Parts.Num(v.Last.Rows.ToString("N0", System.Globalization.CultureInfo.InvariantCulture))}<td><bdi>{v.Reference}</bdi></td></tr>"));
        var list = Html.Of($"<section class=\"card\" aria-labelledby=\"list\"><h2 id=\"list\">Versions seen</h2>{Parts.Table("Versions, the newest first", Parts.Heads("version", "#windows", "last window (UTC)", "#rows", "reference"), rows)}</section>");
        if (versions.Count == 1) return Html.Of($"{list}{Parts.Empty("There is one version: nothing to compare it with yet.")}");
        var last = new List<WindowSheet>();
        foreach (var version in versions.Take(ShownVersions))
            last.AddRange(await sheets.ReadAsync(new WindowQuery(frame.Name) { Version = version.Version, Limit = 1, NewestFirst = true }, frame.Segment, http.RequestAborted));
        return Html.Of($"{list}{Contrasts(last)}{SideBySide(frame, last)}");
    }

    /// <summary>What the worker itself says of one version against the champion, with intervals.</summary>
    static Html Contrasts(List<WindowSheet> last)
    {
        var readings = last.SelectMany(w => w.Overall.Where(r => r.Measure.StartsWith("contrast_", StringComparison.Ordinal)).Select(r => r with { Column = $"version {w.Window.Version}" })).ToList();
        return readings.Count == 0 ? Html.Empty : Html.Of($"<section class=\"card\" aria-labelledby=\"contrast\"><h2 id=\"contrast\">Against the champion</h2>{ReadingTable.Draw("Differences to the champion, with their intervals", readings, columns: true)}</section>");
    }

    static Html SideBySide(ModelFrame frame, List<WindowSheet> last)
    {
        var heads = Html.Of($"<th scope=\"col\">what</th>{last.Select(w => Html.Of($"<th scope=\"col\" class=\"num\">version {Parts.Version(w.Window.Version)}<br>{Parts.Time(w.Window.Start)}</th>"))}");
        var overall = last.SelectMany(w => w.Overall).Where(r => r.Kind is ReadingKind.Performance or ReadingKind.Service && r.Detail?.Class is null && !r.Measure.StartsWith("contrast_", StringComparison.Ordinal)).Select(r => r.Measure).Distinct(StringComparer.Ordinal)
            .Select(m => Html.Of($"<tr><th scope=\"row\">{m.Replace('_', ' ')}</th>{last.Select(w => Parts.Num(Parts.Number(w.Overall.FirstOrDefault(r => r.Measure == m && r.Detail?.Class is null)?.Value)))}</tr>"));
        var columns = last.SelectMany(w => w.Columns.Keys).Distinct(StringComparer.Ordinal)
            .OrderByDescending(c => Spread(last, c)).ThenBy(c => c, StringComparer.Ordinal).Take(ShownColumns)
            .Select(c => Html.Of($"<tr><th scope=\"row\"><bdi>{c}</bdi></th>{last.Select(w => Cell(frame, w, c))}</tr>"));
        return Html.Of($"""
            <section class="card" aria-labelledby="side"><h2 id="side">Side by side</h2><p>The last window of each version; versions may have different references, so a distance speaks of a version against its own.</p>
            {Parts.Table("Performance and service", heads, overall.DefaultIfEmpty(Html.Of($"<tr><th scope=\"row\">none measured</th>{last.Select(_ => Parts.Num("-"))}</tr>")))}
            {Parts.Table("psi above noise by column, where versions differ most first", heads, columns)}</section>
            """);
    }

    static double Spread(List<WindowSheet> last, string column)
    {
        var values = last.Select(w => w.Columns.TryGetValue(column, out var c) ? (double)c.Of("psi_corrected").Value : double.NaN).Where(double.IsFinite).ToList();
        return values.Count < 2 ? 0 : values.Max() - values.Min();
    }

    static Html Cell(ModelFrame frame, WindowSheet window, string column) => window.Columns.TryGetValue(column, out var found)
        ? Html.Of($"<td class=\"num\"><a href=\"{Parts.ModelLink(frame.Name, window.Window.Version, column, window.Window.Start)}\">{Parts.Number(found.Of("psi_corrected").Value)}</a>{(found.Verdict >= Verdict.Warning ? Html.Of($" {Parts.Badge(Parts.Word(found.Verdict))}") : Html.Empty)}</td>")
        : Parts.Num("-");
}
