using Drift.Alerts;

namespace Drift.Worker.Stores;

/// <summary>
/// The one truth of the worker: positions, partial windows, results and what is to be sent change together in one transaction or not at all.
/// The protocol, whatever the database: a claim raises the partition's epoch and returns its state; a commit saves absolute state and succeeds only
/// for partitions whose epoch is still the claimed one; whoever does not know how a commit ended forgets its memory and claims again. Calls block
/// and throw <see cref="StoreException"/> when the database cannot be reached.
/// </summary>
public interface IDriftStore : IResultStore, IOutbox, IDisposable
{
    /// <summary>Creates the tables or brings them to this version.</summary>
    void Open();

    /// <summary>Takes a partition over: from here on every older owner's commit leaves it out.</summary>
    Claim Claim(SourcePartition source, string owner);

    IStoreTransaction Begin();

    /// <summary>Keeps a reference under its id, so that panes counted against it can be judged whatever the configuration says later.</summary>
    void SaveReference(string id, string model, byte[] document);
}

/// <summary>One transaction. Disposed without <see cref="Commit"/> it leaves no trace.</summary>
public interface IStoreTransaction : IDisposable
{
    /// <summary>Saves how partitions stand and returns them, less those that a newer claim has fenced: nothing of these may be saved.</summary>
    IReadOnlySet<SourcePartition> SavePartitions(IReadOnlyList<PartitionState> states);

    /// <summary>Saves panes of partitions that <see cref="SavePartitions"/> has just let through.</summary>
    void SavePanes(IReadOnlyList<PaneState> panes);

    /// <summary>Keeps ids that panes have counted.</summary>
    void SaveIds(SourcePartition source, IReadOnlyList<PaneIds> ids);

    /// <summary>Forgets the ids of panes that take no rows any more.</summary>
    void ForgetIds(SourcePartition source, IReadOnlyList<PaneKey> panes);

    void AddLate(SourcePartition source, IReadOnlyList<LateCount> counts);

    /// <summary>Whether this transaction alone may judge until it ends. Two workers never judge at the same time.</summary>
    bool TryLockJudging();

    /// <summary>Every partition ever claimed.</summary>
    IReadOnlyList<PartitionState> Partitions();

    /// <summary>Panes that have rows which no judgement has seen: their keys without segment, each once.</summary>
    IReadOnlyList<PaneKey> Unsettled();

    /// <summary>All parts of a reference's panes that start in a range, of every segment, with their sources.</summary>
    IReadOnlyList<PaneState> Panes(PaneKey like, long from, long to);

    /// <summary>Marks panes as seen, as far as they still have the rows that were read.</summary>
    void Settle(IReadOnlyList<PaneState> panes);

    /// <summary>The latest revision of a window and its rows, or null.</summary>
    (int Revision, long Rows)? LatestRevision(string model, string version, string reference, long start);

    /// <summary>The model's judged window with the greatest start, and the one with rows; of several versions the last by name. Null: there is none.</summary>
    (Window? Any, Window? WithRows) LastWindows(string model);

    /// <summary>Judged windows with rows of one model version and reference, latest revisions, without readings, the newest first.</summary>
    IReadOnlyList<JudgedWindow> History(HistoryQuery query);

    /// <summary>Keeps a reference that was made from the stream; an older one of the same id stays.</summary>
    void SaveReference(string id, string model, byte[] document);

    /// <summary>What the alert machine remembers of a model.</summary>
    AlertStates AlertStates(string model);

    /// <summary>Saves one judgement: the window with its segments, the alerts' new states and history, and what is to be sent.</summary>
    void SaveJudgement(Judged judged);

    /// <summary>Saves what the passing of time did to a model's alerts: new states and what is to be sent.</summary>
    void SaveAlerts(string model, Judgement judgement);

    /// <summary>Puts notices into the outbox that no judgement caused.</summary>
    void Enqueue(IReadOnlyList<Notice> notices);

    /// <summary>Whether the audit holds such an entry.</summary>
    bool IsOnRecord(string action, string subject);

    /// <summary>The silences that have not ended.</summary>
    IReadOnlyList<Silence> Silences(DateTimeOffset now);

    /// <summary>Keeps a silence under its id.</summary>
    void SaveSilence(Silence silence);

    /// <summary>Takes a silence back; false: there is none of that id.</summary>
    bool RemoveSilence(string id);

    /// <summary>Appends to the audit; from here to the end of the transaction nobody else does.</summary>
    void Audit(AuditEvent happened);

    /// <summary>
    /// Gives up windows that were judged before an instant, every revision and segment, with all that was kept for them; the latest window of a model stays.
    /// Only under the lock of judging.
    /// </summary>
    /// <param name="before">The instant.</param>
    /// <param name="references">References in use: kept also without a window.</param>
    /// <param name="limit">At most so many windows at a time.</param>
    /// <returns>How many windows went.</returns>
    int Retire(DateTimeOffset before, IReadOnlyCollection<string> references, int limit);

    /// <summary>A stored reference document, or null.</summary>
    byte[]? Reference(string id);

    /// <summary>Answers that wait for their truth, and truths.</summary>
    ITruthTable Truths { get; }

    void Commit();
}

/// <summary>A judged window: its profile and readings for all rows and for each segment, and what it came to.</summary>
/// <param name="All">All rows; its readings are those of every segment.</param>
/// <param name="Segments">Each segment's own.</param>
/// <param name="Judgement">The alerts' new states, history and notices.</param>
public sealed record Judged(JudgedWindow All, IReadOnlyList<JudgedWindow> Segments, Judgement Judgement);

/// <summary>The database could not be reached or did not do what it was asked; whether a commit took place is not known.</summary>
public sealed class StoreException(string message, Exception inner) : Exception(message, inner);
