using Drift.Alerts;

namespace Drift.Worker.Stores;

/// <summary>The judged windows of a stretch of time: what dry runs, reviews and captured references are made from.</summary>
public static class StoredHistory
{
    const int Page = 1000;

    /// <summary>Every window that starts in the stretch, latest revisions, in the order of their starts.</summary>
    /// <param name="store">The store.</param>
    /// <param name="model">Only this model; null: all.</param>
    /// <param name="version">Only this version; null: all.</param>
    /// <param name="from">The first start.</param>
    /// <param name="to">The start from which on nothing is read.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<IReadOnlyList<JudgedWindow>> ReadAsync(IResultStore store, string? model, string? version, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancel)
    {
        var all = new List<JudgedWindow>();
        foreach (var seen in (await store.VersionsAsync(cancel)).Where(v => (model is null || v.Model == model) && (version is null || v.Version == version)))
        {
            var query = new WindowQuery(seen.Model) { Version = seen.Version, From = from, To = to, Limit = Page };
            while (true)
            {
                var page = await store.WindowsAsync(query, cancel);
                all.AddRange(page);
                if (page.Count < Page) break;
                query = query with { From = page[^1].Window.Start.AddTicks(1) };
            }
        }
        return [.. all.OrderBy(w => w.Window.Start)];
    }

    /// <summary>What a policy would have made of these windows.</summary>
    public static DryRunResult DryRun(Policy policy, IEnumerable<JudgedWindow> history) => PolicyDryRun.Run(policy, history.Select(w => new WindowReadings(w.Window, w.Readings)));
}
