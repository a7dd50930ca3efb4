using Drift.Alerts;

namespace Drift.Worker.Stores.Memory;

public sealed partial class MemoryStore
{
    public Task PingAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task<IReadOnlyList<ModelVersionSummary>> VersionsAsync(CancellationToken cancel) => Read(now => now.Latest()
        .Where(w => w.Segment == "").GroupBy(w => (w.Window.Model, w.Window.Version)).OrderBy(g => g.Key)
        .Select(g => (g, last: g.MaxBy(w => w.Window.Start)!.Window)).Select(x => new ModelVersionSummary(x.last.Model, x.last.Version, x.last.Reference, x.g.Count(), x.last)));

    public Task<IReadOnlyList<JudgedWindow>> WindowsAsync(WindowQuery query, CancellationToken cancel) => Read(now =>
    {
        var found = now.Latest().Where(w => w.Window.Model == query.Model && w.Segment == query.Segment && (query.Version is null || w.Window.Version == query.Version)
            && !(w.Window.Start < query.From) && !(w.Window.Start >= query.To));
        return (query.NewestFirst ? found.OrderByDescending(w => w.Window.Start) : found.OrderBy(w => w.Window.Start)).ThenBy(w => w.Window.Version, StringComparer.Ordinal).Take(query.Limit);
    });

    public async Task<JudgedWindow?> WindowAsync(string model, string version, DateTimeOffset start, string segment, int? revision, CancellationToken cancel)
    {
        var now = contents;
        await Task.CompletedTask;
        return now.Windows.Where(w => w.Window.Model == model && w.Window.Version == version && w.Window.Start == start && w.Segment == segment && (revision is null || w.Window.Revision == revision))
            .OrderBy(w => w.JudgedAt).ThenBy(w => w.Window.Revision).LastOrDefault() is { } found ? now.WithLate(found) : null;
    }

    public Task<IReadOnlyList<string>> VersionsOfAsync(string model, DateTimeOffset start, CancellationToken cancel) =>
        Read(now => now.Windows.Where(w => w.Window.Model == model && w.Window.Start == start).Select(w => w.Window.Version).Distinct().Order(StringComparer.Ordinal));

    public Task<Profile?> ReferenceAsync(string id, CancellationToken cancel) =>
        Task.FromResult(contents.References.TryGetValue(id, out var document) ? ProfileFormat.Read(document) : null);

    public Task<IReadOnlyList<PartitionState>> SourcesAsync(CancellationToken cancel) =>
        Read(now => now.Partitions.Values.OrderBy(p => p.Source.Topic, StringComparer.Ordinal).ThenBy(p => p.Source.Partition));

    public Task<TruthTotals> TruthTotalsAsync(CancellationToken cancel) => Task.FromResult(contents.Truth.Totals());

    public Task<IReadOnlyList<KeyValuePair<string, AlertStates>>> AlertStatesAsync(CancellationToken cancel) => Read(now => now.Alerts.OrderBy(a => a.Key, StringComparer.Ordinal));

    public Task<IReadOnlyList<Transition>> TransitionsAsync(string? key, int limit, CancellationToken cancel) =>
        Read(now => now.Transitions.Reverse().Where(t => key is null || t.Alert.Key == key).Take(limit));

    public Task<IReadOnlyList<Silence>> SilencesAsync(CancellationToken cancel) => Read(now => now.Silences.Values.OrderBy(s => s.Ends).ThenBy(s => s.Id, StringComparer.Ordinal));

    public Task<IReadOnlyList<AuditEntry>> AuditAsync(AuditQuery query, CancellationToken cancel) => Read(now =>
    {
        var found = now.Audit.Where(e => e.Sequence > query.After && !(e.At < query.From) && !(e.At >= query.To));
        return query.Newest ? found.TakeLast(query.Limit) : found.Take(query.Limit);
    });

    /// <summary>Every notice, in order: what an outbox would hold.</summary>
    public IReadOnlyList<Notice> Notices => contents.Notices;

    Task<IReadOnlyList<T>> Read<T>(Func<Contents, IEnumerable<T>> query) => Task.FromResult<IReadOnlyList<T>>([.. query(contents)]);
}
