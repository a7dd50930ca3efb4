using Drift.Worker.References;
using Drift.Worker.Sources.Formats;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>A message that could not be read.</summary>
/// <param name="source">Its partition.</param>
/// <param name="offset">Its place there.</param>
/// <param name="reason">Why.</param>
/// <param name="count">How many of the partition could not be read for this reason, this one included: the same whenever the log is read.</param>
/// <param name="message">The message.</param>
public delegate void InvalidMessage(SourcePartition source, long offset, string reason, long count, in LogMessage message);

/// <summary>
/// The exactly-once protocol over a store, whatever the messages come from: claims partitions, folds their messages, and commits positions, panes and
/// judgements together. It trusts its memory only until something fails: then <see cref="Forget"/>, claim again and go back to the stored position.
/// For one thread at a time.
/// </summary>
public sealed class WindowEngine(IDriftStore store, WatchedModels models, Judge judge, RecordLimits limits, string owner)
{
    WatchedModels models = models;
    readonly Dictionary<SourcePartition, PartitionFold> folds = [];
    volatile int uncommitted;

    /// <summary>Topics whose messages are truths.</summary>
    public IReadOnlySet<string> TruthTopics { get; init; } = new HashSet<string>();

    /// <summary>How messages are to be read.</summary>
    public LogOptions Options { get; init; } = LogOptions.Default;

    /// <summary>The partitions that are owned, as far as this process knows.</summary>
    public IReadOnlyCollection<PartitionFold> Owned => folds.Values;

    /// <summary>Messages taken since the last commit.</summary>
    public int Uncommitted => uncommitted;

    /// <summary>The models to watch, asked after each commit; null: always the same.</summary>
    public Func<WatchedModels>? Current { get; init; }

    /// <summary>Called for each message that cannot be read, before its commit.</summary>
    public InvalidMessage? OnInvalid { get; init; }

    /// <summary>Called before each commit.</summary>
    public Action? BeforeCommit { get; init; }

    /// <summary>Called after a commit, with what it judged.</summary>
    public Action<IReadOnlyList<Judged>>? OnJudged { get; init; }

    /// <summary>Called after a commit for each partition: how it stood before and how it stands now.</summary>
    public Action<PartitionState, PartitionState>? OnSaved { get; init; }

    /// <summary>Called when another owner has taken a partition over.</summary>
    public Action<SourcePartition>? OnFenced { get; init; }

    public PartitionFold? Find(SourcePartition source) => folds.GetValueOrDefault(source);

    /// <summary>Takes a partition over and returns it as stored.</summary>
    public PartitionFold Claim(SourcePartition source) => folds[source] = new PartitionFold(models, limits, store.Claim(source, owner), TruthTopics.Contains(source.Topic), Options) { OnInvalid = OnInvalid };

    /// <summary>Takes a partition's next message. It may be another thread than the others' as long as that waits for this one.</summary>
    public void Take(PartitionFold fold, in LogMessage message, bool tombstone, long offset)
    {
        fold.Take(message, tombstone, offset);
        uncommitted++;
    }

    public void Take(PartitionFold fold, ReadOnlySpan<byte> message, bool tombstone, long offset, long messageTime) => Take(fold, new LogMessage(message, messageTime), tombstone, offset);

    /// <summary>Gives partitions up without saving anything.</summary>
    public void Drop(IEnumerable<SourcePartition> sources)
    {
        foreach (var source in sources) folds.Remove(source);
    }

    /// <summary>Gives everything up: the database alone knows what is true.</summary>
    public IReadOnlyList<SourcePartition> Forget()
    {
        var lost = folds.Keys.ToList();
        folds.Clear();
        uncommitted = 0;
        return lost;
    }

    /// <summary>One transaction: everything that changed, and the windows that it closes. Throws when its outcome is not known.</summary>
    /// <param name="expected">Every partition of the watched topics; null: not known yet, so nothing can be judged.</param>
    public void Commit(IReadOnlyCollection<SourcePartition>? expected)
    {
        // In one order, so that two workers never wait for each other in a circle.
        var dirty = folds.Values.Where(f => f.Dirty).OrderBy(f => f.Source.Topic, StringComparer.Ordinal).ThenBy(f => f.Source.Partition).ToList();
        BeforeCommit?.Invoke();
        var atStake = Uncommitted > 0;
        List<SourcePartition> fenced;
        IReadOnlyList<Judged> judged = [];
        using var span = Tracing.Commit(dirty.Count, Uncommitted);
        Failpoint.Hit("before_begin", atStake);
        using (var transaction = store.Begin())
        {
            fenced = Save(transaction, dirty);
            Failpoint.Hit("after_offsets", atStake);
            if (expected is not null && transaction.TryLockJudging()) judged = judge.Run(transaction, expected);
            Failpoint.Hit("before_commit", atStake, judged.Count);
            transaction.Commit();
        }
        Failpoint.Hit("after_commit", atStake);
        foreach (var fold in dirty.Where(f => !fenced.Contains(f.Source)))
        {
            var before = fold.Stored;
            var after = fold.Committed();
            OnSaved?.Invoke(before, after);
        }
        uncommitted = 0;
        Drop(fenced);
        foreach (var source in fenced) OnFenced?.Invoke(source);
        if (judged.Count > 0) OnJudged?.Invoke(judged);
        if (Current?.Invoke() is { } now && now != models) Use(now);
    }

    /// <summary>
    /// Watches other models from the next record on: every partition is claimed again, so that what is open under a former reference or window length is
    /// closed with what it has, and nothing of both is ever added up. Everything must be committed.
    /// </summary>
    void Use(WatchedModels next)
    {
        models = next;
        judge.Use(next);
        foreach (var model in next.All) store.SaveReference(model.ReferenceId, model.Name, model.Document);
        foreach (var source in folds.Keys.ToList()) Claim(source);
    }

    /// <summary>What one statement may hold, about.</summary>
    const int MostBytes = 4 << 20;

    /// <summary>Saves what changed, in few statements; returns what another owner has taken over.</summary>
    static List<SourcePartition> Save(IStoreTransaction transaction, List<PartitionFold> dirty)
    {
        var own = new HashSet<SourcePartition>();
        InParts(dirty.Select(f => f.ToState()), state => state.Waiting.Length, states => own.UnionWith(transaction.SavePartitions(states)));
        InParts(dirty.Where(f => own.Contains(f.Source)).SelectMany(f => f.ChangedPanes()), pane => pane.Counts.Length, transaction.SavePanes);
        foreach (var fold in dirty.Where(f => own.Contains(f.Source)))
        {
            var (ids, closed) = fold.IdChanges();
            transaction.SaveIds(fold.Source, ids);
            transaction.ForgetIds(fold.Source, closed);
            transaction.AddLate(fold.Source, fold.LateCounts());
            fold.Answers.Save(transaction.Truths);
        }
        return [.. dirty.Select(f => f.Source).Where(s => !own.Contains(s))];
    }

    /// <summary>All of it, so much at a time; nothing of it is made before its turn.</summary>
    static void InParts<T>(IEnumerable<T> all, Func<T, int> bytes, Action<List<T>> save)
    {
        var (part, size) = (new List<T>(), 0);
        foreach (var one in all)
        {
            part.Add(one);
            if ((size += bytes(one)) < MostBytes) continue;
            save(part);
            (part, size) = ([], 0);
        }
        if (part.Count > 0) save(part);
    }
}
