using Drift.Alerts;

namespace Drift.Worker.Stores;

/// <summary>What there is to read: for the HTTP interface, the dashboard and reports. Safe from any thread; throws <see cref="StoreException"/>.</summary>
public interface IResultStore
{
    /// <summary>Whether the database answers.</summary>
    Task PingAsync(CancellationToken cancel);

    /// <summary>Every model version that has a judged window.</summary>
    Task<IReadOnlyList<ModelVersionSummary>> VersionsAsync(CancellationToken cancel);

    /// <summary>Judged windows with their readings, latest revisions only.</summary>
    Task<IReadOnlyList<JudgedWindow>> WindowsAsync(WindowQuery query, CancellationToken cancel);

    /// <summary>One window, with a revision or the latest; null: there is none.</summary>
    Task<JudgedWindow?> WindowAsync(string model, string version, DateTimeOffset start, string segment, int? revision, CancellationToken cancel);

    /// <summary>The versions of a model that have a judged window with this start.</summary>
    Task<IReadOnlyList<string>> VersionsOfAsync(string model, DateTimeOffset start, CancellationToken cancel);

    /// <summary>The reference of that id, or null.</summary>
    Task<Profile?> ReferenceAsync(string id, CancellationToken cancel);

    /// <summary>Every partition ever claimed.</summary>
    Task<IReadOnlyList<PartitionState>> SourcesAsync(CancellationToken cancel);

    /// <summary>How truths have fared.</summary>
    Task<TruthTotals> TruthTotalsAsync(CancellationToken cancel);

    /// <summary>What the alert machine remembers of every model: the alerts that are pending, firing or resolved and not yet told so.</summary>
    Task<IReadOnlyList<KeyValuePair<string, AlertStates>>> AlertStatesAsync(CancellationToken cancel);

    /// <summary>Every silence that is kept, ended ones included, in the order of their ends.</summary>
    Task<IReadOnlyList<Silence>> SilencesAsync(CancellationToken cancel);

    /// <summary>Entries of the audit in their order.</summary>
    Task<IReadOnlyList<AuditEntry>> AuditAsync(AuditQuery query, CancellationToken cancel);

    /// <summary>Steps in alerts' histories, newest first; of one alert, or of all.</summary>
    Task<IReadOnlyList<Transition>> TransitionsAsync(string? key, int limit, CancellationToken cancel);
}

public static class ResultStoreExtensions
{
    /// <summary>A window's merged profile: its reference's cells, bit by bit, with the window's counts.</summary>
    public static async Task<Profile?> ProfileAsync(this IResultStore store, JudgedWindow window, CancellationToken cancel)
    {
        if (await store.ReferenceAsync(window.Window.Reference, cancel) is not { } reference) return null;
        var counts = window.Counts.Length == 0 ? reference.Empty() : ProfileFormat.ReadCounts(window.Counts, reference);
        return counts.With(model: window.Window.Model, modelVersion: window.Window.Version, start: window.Window.Start, end: window.Window.End);
    }
}
