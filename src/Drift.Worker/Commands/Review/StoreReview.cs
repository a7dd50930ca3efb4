using System.Globalization;
using Drift.Alerts;
using Drift.Worker.Stores;
using Drift.Worker.Windows;

namespace Drift.Worker.Commands.Review;

/// <summary>The review of a stretch of time from what the store holds: what alerted, which columns moved most, how the models answered, how often somebody was called.</summary>
static class StoreReview
{
    const int MostColumns = 10;
    const int MostTransitions = 10_000;

    public static async Task<ReviewDocument> WriteAsync(IResultStore store, Policy policy, string? model, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var windows = await StoredHistory.ReadAsync(store, model, null, from, to, cancel);
        var fired = (await store.TransitionsAsync(null, MostTransitions, cancel))
            .Where(t => t.To == AlertStatus.Firing && t.From != AlertStatus.Firing && t.WindowStart >= from && t.WindowStart < to && (model is null || t.Alert.Model == model)).Reverse().ToList();
        var firing = (await store.AlertStatesAsync(cancel)).SelectMany(s => s.Value.Current).Where(a => a.Status == AlertStatus.Firing).Select(a => a.Key).ToHashSet(StringComparer.Ordinal);
        var models = windows.Select(w => w.Window.Model).Distinct(StringComparer.Ordinal).Count();
        return new ReviewDocument(
            $"Drift review, {from:yyyy-MM-dd} to {to:yyyy-MM-dd}",
            $"{Count(models, "model")}, {Count(windows.Count, "window")}, {windows.Sum(w => w.Window.Rows):N0} rows; {Count(fired.Count, "alert")} began to fire, {fired.Select(t => t.Alert.Key).Distinct().Count(firing.Contains)} of them still do.",
            [Alerts(fired, firing), Columns(windows), Performance(windows), await PagesAsync(store, policy, windows, cancel), Traffic(windows)]);
    }

    static ReviewSection Alerts(List<Transition> fired, HashSet<string> firing) => fired.Count == 0
        ? new("Alerts") { Text = "None." }
        : new("Alerts") { Items = [.. fired.Select(t => $"{t.Alert.Label("severity")}{(firing.Contains(t.Alert.Key) ? "" : ", over")}: {t.Alert.Text}")] };

    static ReviewSection Columns(IReadOnlyList<JudgedWindow> windows)
    {
        var columns = windows.SelectMany(w => w.Readings.Where(r => r is { Measure: "psi_corrected", Segment: "", Status: ReadingStatus.Ok } && double.IsFinite(r.Value)).Select(r => (w.Window, Reading: r)))
            .GroupBy(x => (x.Window.Model, x.Window.Version, x.Reading.Column)).OrderByDescending(g => g.Max(x => x.Reading.Value)).Take(MostColumns).ToList();
        return columns.Count == 0 ? new("Columns that moved most") { Text = "No window could be judged." } : new("Columns that moved most")
        {
            Columns = ["model", "version", "column", "highest psi above noise", "in the window of", "windows over the default floor"],
            Rows = [.. columns.Select(g => g.MaxBy(x => x.Reading.Value) is var worst ? (IReadOnlyList<string>)
                [g.Key.Model, g.Key.Version, g.Key.Column, worst.Reading.Value.ToString("0.000", CultureInfo.InvariantCulture), worst.Window.Start.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), $"{g.Count(x => x.Reading.Verdict >= Verdict.Warning)} of {g.Count()}"] : [])],
        };
    }

    static ReviewSection Performance(IReadOnlyList<JudgedWindow> windows)
    {
        var measures = windows.SelectMany(w => w.Readings.Where(r => r is { Kind: ReadingKind.Performance, Segment: "" } && r.Detail?.Class is null && double.IsFinite(r.Value)).Select(r => (w.Window, Reading: r)))
            .GroupBy(x => (x.Window.Model, x.Window.Version, x.Reading.Measure)).ToList();
        return measures.Count == 0 ? new("Performance") { Text = "Nothing was measured: no truth came, and no reference that can estimate." } : new("Performance")
        {
            Columns = ["model", "version", "measure", "last", "reference", "windows outside the reference's range"],
            Rows = [.. measures.Select(g => g.MaxBy(x => x.Window.Start) is var last ? (IReadOnlyList<string>)
                [g.Key.Model, g.Key.Version, g.Key.Measure, Number(last.Reading.Value), last.Reading.ReferenceValue is { } before ? Number(before) : "", $"{g.Count(x => x.Reading.Verdict >= Verdict.Warning)} of {g.Count()}"] : [])],
        };
    }

    /// <summary>How often the policy called somebody, and how often it would for nothing.</summary>
    static async Task<ReviewSection> PagesAsync(IResultStore store, Policy policy, IReadOnlyList<JudgedWindow> windows, CancellationToken cancel)
    {
        var rates = await new PageRates(store).OfAsync(policy, windows, cancel);
        var rows = rates.Select(r => (IReadOnlyList<string>)[r.Model, r.Pages.ToString(CultureInfo.InvariantCulture), Number(r.PagesPerYear), Number(r.ExpectedFalsePerYear)]).ToList();
        return rows.Count == 0 ? new("Pages") { Text = "No window had rows." } : new("Pages")
        {
            Text = "What the present policy calls out over these windows, and what it would over windows drawn at random from the reference: those would be false.",
            Columns = ["model", "pages", "a year at this rate", "expected false ones a year"],
            Rows = rows,
        };
    }

    static ReviewSection Traffic(IReadOnlyList<JudgedWindow> windows) => new("Traffic")
    {
        Columns = ["model", "version", "windows", "rows", "late", "closed without every partition"],
        Rows = [.. windows.GroupBy(w => (w.Window.Model, w.Window.Version)).Select(g => (IReadOnlyList<string>)
            [g.Key.Model, g.Key.Version, $"{g.Count():N0}", $"{g.Sum(w => w.Window.Rows):N0}", $"{g.Sum(w => w.Window.Late):N0}", $"{g.Count(w => w.Window.ClosedBy == "idle"):N0}"])],
    };

    static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n:N0} {what}s";

    static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
