using Drift.Alerts;
using Drift.Worker.Stores;
using Drift.Worker.Web.Api;

namespace Drift.Worker.Commands;

/// <summary>What a replay left in its store.</summary>
sealed record ReplayResult(
    IReadOnlyList<PartitionState> Sources, IReadOnlyList<JudgedWindow> Windows, IReadOnlyList<(Alert Alert, Acknowledgement? Acknowledged)> Alerts, ILookup<string, Transition> History)
{
    const int Page = 1000;

    /// <summary>Invalid records by reason, most first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Invalid { get; } =
        [.. Sources.SelectMany(s => s.Invalid).GroupBy(i => i.Key, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, g.Sum(i => i.Value))).OrderByDescending(i => i.Value).ThenBy(i => i.Key, StringComparer.Ordinal)];

    public static async Task<ReplayResult> ReadAsync(IResultStore store, IEnumerable<string> models, CancellationToken cancel)
    {
        var windows = new List<JudgedWindow>();
        foreach (var model in models)
        {
            // Pages by start: a start is never divided, because the next page begins after it.
            for (DateTimeOffset? from = null; ;)
            {
                var page = await store.WindowsAsync(new WindowQuery(model) { From = from, Limit = Page }, cancel);
                if (page.Count < Page)
                {
                    windows.AddRange(page);
                    break;
                }
                var last = page[^1].Window.Start;
                windows.AddRange(page.Where(w => w.Window.Start < last));
                from = last;
                if (page[0].Window.Start == last) throw new InvalidOperationException($"more than {Page} versions have a window at one start");
            }
        }
        var (alerts, history) = await AlertsApi.ReadAsync(store, cancel);
        return new ReplayResult(await store.SourcesAsync(cancel), [.. windows.OrderBy(w => w.Window.Start)], alerts, history);
    }
}
