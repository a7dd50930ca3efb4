using Drift.Alerts;
using Drift.Worker.Stores;

namespace Drift.Worker.Telemetry;

/// <summary>
/// What gauges show, read from the store: the last window of every model version and the alerts. Bounded: of every version only the worst columns stand by name.
/// </summary>
sealed record StoreSnapshot
{
    public const int WorstColumns = 10;
    const int MostVersions = 100;
    static readonly string[] shown = ["psi_corrected", "ks"];

    public bool Reachable { get; init; }

    public IReadOnlyList<JudgedWindow> Last { get; init; } = [];

    public IReadOnlyList<Alert> Alerts { get; init; } = [];

    public TruthTotals Truths { get; init; }

    public static async Task<StoreSnapshot> ReadAsync(IResultStore store, CancellationToken cancel)
    {
        var versions = await store.VersionsAsync(cancel);
        var last = new List<JudgedWindow>();
        foreach (var version in versions.Where(v => v.Last is not null).OrderByDescending(v => v.Last!.Start).Take(MostVersions))
            if (await store.WindowAsync(version.Model, version.Version, version.Last!.Start, "", null, cancel) is { } window) last.Add(window);
        return new StoreSnapshot
        {
            Reachable = true,
            Last = last,
            Truths = await store.TruthTotalsAsync(cancel),
            Alerts = [.. (await store.AlertStatesAsync(cancel)).SelectMany(s => s.Value.Current)],
        };
    }

    /// <summary>Of each last window the drift readings of the columns that drifted most.</summary>
    public IEnumerable<(Window Window, Reading Reading)> Worst() => Last.SelectMany(w => w.Readings
        .Where(r => r.Segment.Length == 0 && r.Column.Length > 0 && shown.Contains(r.Measure) && double.IsFinite(r.Value))
        .GroupBy(r => r.Column, StringComparer.Ordinal).OrderByDescending(c => c.Max(r => r.Value)).Take(WorstColumns)
        .SelectMany(c => c).Select(r => (w.Window, r)));

    /// <summary>How many columns of each last window stand at each verdict.</summary>
    public IEnumerable<(Window Window, Verdict Verdict, int Columns)> Verdicts() => Last.SelectMany(w => w.Readings
        .Where(r => r.Segment.Length == 0 && r.Column.Length > 0).GroupBy(r => r.Column, StringComparer.Ordinal).Select(c => c.Max(r => r.Verdict))
        .GroupBy(v => v).Select(v => (w.Window, v.Key, v.Count())));
}
