using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>How well one model answers: realised where the truth has come, estimated at once, against the reference's own range; and how much truth there is.</summary>
static class PerformancePage
{
    const string Estimated = "estimated_", Coverage = "label_coverage";
    const int ShownMeasures = 24;

    public static void Map(IEndpointRouteBuilder app, WebContext context, WindowSheets sheets) => app.MapGet("/models/{model}/performance", async (HttpContext http, string model) =>
    {
        var frame = await ModelFrame.OfAsync(context, http, model);
        var windows = await sheets.ReadAsync(frame.Query, frame.Segment, http.RequestAborted);
        await Layout.WriteAsync(http, $"Performance, {model}", Html.Of($"{frame.Head(context.Time.GetUtcNow(), "/performance")}{Content(frame, [.. windows.Reverse()])}"));
    });

    static Html Content(ModelFrame frame, List<WindowSheet> windows)
    {
        if (windows.Count == 0) return Parts.Empty("Waiting for the first window to close.");
        var choose = frame.Choose("/performance", windows.SelectMany(w => w.Segments).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), Html.Empty);
        var names = windows.SelectMany(w => w.Overall).Where(IsPlain).Select(r => r.Kind == ReadingKind.Performance ? Base(r.Measure) : r.Measure).Where(n => n != Coverage).Distinct(StringComparer.Ordinal).ToList();
        var service = windows.SelectMany(w => w.Overall).Where(r => r.Kind == ReadingKind.Service).Select(r => r.Measure).ToHashSet(StringComparer.Ordinal);
        var performance = names.Where(n => !service.Contains(n)).ToList();
        if (names.Count == 0 && Labels(windows).Markup?.Length is null or 0)
            return Html.Of($"<section class=\"card\">{choose}{Parts.Empty("No performance was measured in these windows. It takes the model's task and a reference with performance (drift profile with --prediction, --score and --truth); realised values also take truth, in the records or on Drift.Source.TruthTopics.")}</section>");
        var realised = performance.Count == 0 ? Html.Empty : Html.Of($"{Labels(windows)}<div class=\"cards\">{performance.Take(ShownMeasures).Select(n => Measure(windows, n))}</div>");
        var levels = service.Count == 0 ? Html.Empty : Html.Of($"<section aria-labelledby=\"service\"><h2 id=\"service\">Service</h2><div class=\"cards\">{names.Where(service.Contains).Take(ShownMeasures).Select(n => Measure(windows, n))}</div></section>");
        return Html.Of($"<section class=\"card\" aria-labelledby=\"perf\"><h2 id=\"perf\">Realised and estimated</h2>{choose}<p>Realised: from the answers whose truth has come. Estimated: from the scores alone, at once; it cannot see that the truth itself has changed its meaning.</p>{Table(windows)}</section>{realised}{levels}");
    }

    /// <summary>Of all classes together, the values per class are in the table; contrasts with another version have their own page.</summary>
    static bool IsPlain(Reading reading) => reading.Kind is ReadingKind.Performance or ReadingKind.Service && reading.Detail?.Class is null && !reading.Measure.StartsWith("contrast_", StringComparison.Ordinal);

    static string Base(string measure) => measure.StartsWith(Estimated, StringComparison.Ordinal) ? measure[Estimated.Length..] : measure;

    static Reading? Find(WindowSheet window, string measure) => window.Overall.FirstOrDefault(r => r.Measure == measure && IsPlain(r));

    static Html Labels(List<WindowSheet> windows)
    {
        double[] values = [.. windows.Select(w => Find(w, Coverage)?.Value ?? double.NaN)];
        return values.Any(double.IsFinite)
            ? Html.Of($"<section class=\"card\" aria-labelledby=\"labels\"><h2 id=\"labels\">Label coverage</h2><p>The share of each window's answers whose truth has come.</p>{Chart.Draw("label coverage", [.. windows.Select(w => w.Window)], [new ChartLine("label coverage", "", values)], [new ChartLimit("all", "", 1)])}</section>")
            : Html.Empty;
    }

    static Html Measure(List<WindowSheet> windows, string name)
    {
        double[] realised = [.. windows.Select(w => Find(w, name)?.Value ?? double.NaN)], estimated = [.. windows.Select(w => Find(w, Estimated + name)?.Value ?? double.NaN)];
        List<ChartLine> lines = [];
        if (realised.Any(double.IsFinite)) lines.Add(new ChartLine("realised", "", realised));
        if (estimated.Any(double.IsFinite)) lines.Add(new ChartLine("estimated", "estimated", estimated));
        var last = windows.Select(w => Find(w, name) ?? Find(w, Estimated + name)).LastOrDefault(r => r is not null);
        double Limit(string limit) => last?.Detail?.Numbers.Where(n => n.Key == limit).Select(n => n.Value).DefaultIfEmpty(double.NaN).First() ?? double.NaN;
        ChartLimit[] limits = [new("reference", "", last?.ReferenceValue ?? double.NaN), new("lower limit", "critical", Limit("threshold_lower")), new("upper limit", "critical", Limit("threshold_upper")), new("service level", "critical", Limit("sla"))];
        return Html.Of($"<section class=\"card\" aria-labelledby=\"m-{name}\"><h3 id=\"m-{name}\">{name.Replace('_', ' ')} {(last is null ? Html.Empty : Parts.Badge(Parts.Word(last)))}</h3>{(lines.Count == 0 ? Parts.Empty(last?.Detail?.Reason ?? "No value in these windows.") : Chart.Draw(name, [.. windows.Select(w => w.Window)], lines, limits))}</section>");
    }

    static Html Table(List<WindowSheet> windows)
    {
        var last = windows.FindLast(w => w.Overall.Any(r => r.Kind is ReadingKind.Performance or ReadingKind.Service));
        return last is null ? Html.Empty : Html.Of($"<details id=\"all\"><summary>Every value of the window of {Parts.Text(last.Window.Start)}</summary>{ReadingTable.Draw("Performance and service of the window", last.Overall.Where(r => r.Kind is ReadingKind.Performance or ReadingKind.Service))}</details>");
    }
}
