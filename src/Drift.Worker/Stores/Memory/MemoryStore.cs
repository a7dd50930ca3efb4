using System.Collections.Immutable;
using Drift.Alerts;

namespace Drift.Worker.Stores.Memory;

/// <summary>
/// The protocol without a database: for replays and tests. A transaction works on its own immutable version of everything and puts it in place when it
/// commits; one runs at a time.
/// </summary>
public sealed partial class MemoryStore : IDriftStore
{
    readonly SemaphoreSlim writer = new(1, 1);
    volatile Contents contents = Contents.Empty;

    public void Open() { }

    public Claim Claim(SourcePartition source, string owner)
    {
        using var transaction = new Transaction(this);
        var state = transaction.Now.Partitions.GetValueOrDefault(source) ?? new PartitionState { Source = source };
        state = state with { Epoch = state.Epoch + 1, Owner = owner, QuietSince = null, QuietCheckedAt = null };
        transaction.Now = transaction.Now with { Partitions = transaction.Now.Partitions.SetItem(source, state) };
        transaction.Commit();
        return new Claim(state, [.. transaction.Now.Panes.Where(p => p.Value.State.Open && p.Key.Source == source).Select(p => p.Value.State)])
        {
            Ids = [.. transaction.Now.Ids.Where(i => i.Source == source).Select(i => i.Ids)],
        };
    }

    public IStoreTransaction Begin() => new Transaction(this);

    public void SaveReference(string id, string model, byte[] document)
    {
        using var transaction = new Transaction(this);
        transaction.SaveReference(id, model, document);
        transaction.Commit();
    }

    public void Dispose() => writer.Dispose();

    /// <summary>One partition's part of a pane, and how many of its rows a judgement has seen.</summary>
    sealed record StoredPane(PaneState State, long Settled);

    sealed record Contents(
        ImmutableDictionary<SourcePartition, PartitionState> Partitions,
        ImmutableDictionary<(PaneKey Key, SourcePartition Source), StoredPane> Panes,
        ImmutableList<(SourcePartition Source, PaneIds Ids)> Ids,
        ImmutableDictionary<(string Model, string Version, long Start), long> Late,
        ImmutableList<JudgedWindow> Windows,
        ImmutableDictionary<string, AlertStates> Alerts,
        ImmutableList<Transition> Transitions,
        ImmutableList<Notice> Notices,
        ImmutableDictionary<string, byte[]> References,
        ImmutableDictionary<string, Silence> Silences,
        ImmutableList<AuditEntry> Audit,
        TruthContents Truth)
    {
        public static readonly Contents Empty = new(
            ImmutableDictionary<SourcePartition, PartitionState>.Empty, ImmutableDictionary<(PaneKey, SourcePartition), StoredPane>.Empty,
            [], ImmutableDictionary<(string, string, long), long>.Empty, [], ImmutableDictionary<string, AlertStates>.Empty, [], [], ImmutableDictionary<string, byte[]>.Empty,
            ImmutableDictionary<string, Silence>.Empty, [], TruthContents.Empty);

        public IEnumerable<JudgedWindow> Latest() => Windows
            .GroupBy(w => (w.Window.Model, w.Window.Version, w.Window.Reference, w.Window.Start, w.Segment))
            .Select(g => g.MaxBy(w => w.Window.Revision)!).Select(WithLate);

        public JudgedWindow WithLate(JudgedWindow judged)
        {
            var late = Late.GetValueOrDefault((judged.Window.Model, judged.Window.Version, judged.Window.Start.UtcTicks));
            return judged with { Window = judged.Window with { Late = late } };
        }
    }

    sealed class Transaction : IStoreTransaction
    {
        readonly MemoryStore store;
        bool done;

        public Transaction(MemoryStore store)
        {
            this.store = store;
            store.writer.Wait();
            Now = store.contents;
        }

        public Contents Now { get; set; }

        public ITruthTable Truths => new MemoryTruths(this);

        public IReadOnlySet<SourcePartition> SavePartitions(IReadOnlyList<PartitionState> states)
        {
            var current = states.Where(s => Now.Partitions.GetValueOrDefault(s.Source)?.Epoch == s.Epoch).ToList();
            Now = Now with { Partitions = Now.Partitions.SetItems(current.Select(s => KeyValuePair.Create(s.Source, s))) };
            return current.Select(s => s.Source).ToHashSet();
        }

        public void SavePanes(IReadOnlyList<PaneState> panes)
        {
            var all = Now.Panes.ToBuilder();
            foreach (var pane in panes)
            {
                var key = (pane.Key, pane.Source);
                all[key] = new StoredPane(pane, all.TryGetValue(key, out var old) ? old.Settled : -1);
            }
            Now = Now with { Panes = all.ToImmutable() };
        }

        public void SaveIds(SourcePartition source, IReadOnlyList<PaneIds> ids) => Now = Now with { Ids = Now.Ids.AddRange(ids.Select(i => (source, i))) };

        public void ForgetIds(SourcePartition source, IReadOnlyList<PaneKey> panes) => Now = Now with { Ids = Now.Ids.RemoveAll(i => i.Source == source && panes.Contains(i.Ids.Pane)) };

        public void AddLate(SourcePartition source, IReadOnlyList<LateCount> counts)
        {
            foreach (var late in counts)
            {
                var key = (late.Model, late.Version, late.WindowStart);
                Now = Now with { Late = Now.Late.SetItem(key, Now.Late.GetValueOrDefault(key) + late.Count) };
            }
        }

        public bool TryLockJudging() => true;

        public IReadOnlyList<PartitionState> Partitions() => [.. Now.Partitions.Values];

        public IReadOnlyList<PaneKey> Unsettled() =>
            [.. Now.Panes.Where(p => p.Value.Settled != p.Value.State.Rows).Select(p => p.Key.Key with { Segment = "" }).Distinct()];

        public IReadOnlyList<PaneState> Panes(PaneKey like, long from, long to) =>
            [.. Now.Panes.Where(p => p.Key.Key with { Start = like.Start, Missed = like.Missed, Segment = like.Segment } == like && p.Key.Key.Start >= from && p.Key.Key.Start < to)
                .Select(p => p.Value.State).OrderBy(p => p.Key.Segment, StringComparer.Ordinal).ThenBy(p => p.Source.Topic, StringComparer.Ordinal).ThenBy(p => p.Source.Partition)];

        public void Settle(IReadOnlyList<PaneState> panes)
        {
            var all = Now.Panes.ToBuilder();
            foreach (var pane in panes)
                if (all.TryGetValue((pane.Key, pane.Source), out var stored)) all[(pane.Key, pane.Source)] = stored with { Settled = pane.Rows };
            Now = Now with { Panes = all.ToImmutable() };
        }

        public (int Revision, long Rows)? LatestRevision(string model, string version, string reference, long start) =>
            Now.Windows.Where(w => w.Segment == "" && w.Window.Model == model && w.Window.Version == version && w.Window.Reference == reference && w.Window.Start.UtcTicks == start)
                .MaxBy(w => w.Window.Revision) is { } latest ? (latest.Window.Revision, latest.Window.Rows) : null;

        public (Window? Any, Window? WithRows) LastWindows(string model)
        {
            var windows = Now.Windows.Where(w => w.Segment == "" && w.Window.Model == model).Select(w => w.Window)
                .OrderByDescending(w => w.Start).ThenByDescending(w => w.Version, StringComparer.Ordinal).ToList();
            return (windows.FirstOrDefault(), windows.Find(w => w.Rows > 0));
        }

        public IReadOnlyList<JudgedWindow> History(HistoryQuery q) => [.. Now.Latest()
            .Where(w => w.Window.Model == q.Like.Model && w.Window.Version == q.Like.Version && w.Window.Reference == q.Like.Reference && w.Segment == q.Like.Segment && w.Window.Rows > 0
                && w.Window.Start.UtcTicks >= q.From && w.Window.Start.UtcTicks < q.To && w.Window.End.UtcTicks <= q.To && (q.Anchor - w.Window.Start.UtcTicks) % q.Every == 0)
            .OrderByDescending(w => w.Window.Start).Take(q.Limit)];

        public void SaveReference(string id, string model, byte[] document) =>
            Now = Now.References.ContainsKey(id) ? Now : Now with { References = Now.References.SetItem(id, document) };

        public AlertStates AlertStates(string model) => Now.Alerts.GetValueOrDefault(model) ?? Drift.Alerts.AlertStates.Empty;

        public void SaveJudgement(Judged judged)
        {
            Now = Now with { Windows = Now.Windows.Add(judged.All).AddRange(judged.Segments) };
            SaveAlerts(judged.All.Window.Model, judged.Judgement);
        }

        public void SaveAlerts(string model, Judgement judgement) => Now = Now with
        {
            Alerts = Now.Alerts.SetItem(model, judgement.States),
            Transitions = Now.Transitions.AddRange(judgement.Transitions),
            Notices = Now.Notices.AddRange(judgement.Notices),
        };

        public void Enqueue(IReadOnlyList<Notice> notices) => Now = Now with { Notices = Now.Notices.AddRange(notices) };

        public bool IsOnRecord(string action, string subject) => Now.Audit.Any(e => e.Action == action && e.Subject == subject);

        public IReadOnlyList<Silence> Silences(DateTimeOffset now) => [.. Now.Silences.Values.Where(s => s.Ends > now).OrderBy(s => s.Ends).ThenBy(s => s.Id, StringComparer.Ordinal)];

        public void SaveSilence(Silence silence) => Now = Now with { Silences = Now.Silences.SetItem(silence.Id, silence) };

        public bool RemoveSilence(string id)
        {
            var known = Now.Silences.ContainsKey(id);
            Now = Now with { Silences = Now.Silences.Remove(id) };
            return known;
        }

        public void Audit(AuditEvent happened) => Now = Now with { Audit = Now.Audit.Add(happened.After(Now.Audit.LastOrDefault())) };

        public int Retire(DateTimeOffset before, IReadOnlyCollection<string> references, int limit)
        {
            var old = Now.Windows.GroupBy(w => (w.Window.Model, w.Window.Start, w.Window.Version, w.Window.Reference))
                .Where(g => g.All(w => w.JudgedAt < before) && g.Key.Start < Now.Windows.Where(w => w.Window.Model == g.Key.Model).Max(w => w.Window.Start))
                .OrderBy(g => g.Min(w => w.JudgedAt)).Take(limit).Select(g => g.Key).ToHashSet();
            var windows = Now.Windows.RemoveAll(w => old.Contains((w.Window.Model, w.Window.Start, w.Window.Version, w.Window.Reference)));
            bool Kept(PaneKey p) => windows.Exists(w => w.Window.Model == p.Model && w.Window.Reference == p.Reference && w.Window.Start.UtcTicks <= p.Start && w.Window.End.UtcTicks > p.Start);
            Now = Now with
            {
                Windows = windows,
                Late = Now.Late.RemoveRange(old.Select(w => (w.Model, w.Version, w.Start.UtcTicks))),
                Panes = Now.Panes.RemoveRange(Now.Panes.Where(p => old.Any(w => w.Model == p.Key.Key.Model && p.Key.Key.Start <= w.Start.UtcTicks)
                    && !p.Value.State.Open && p.Value.Settled == p.Value.State.Rows && !Kept(p.Key.Key)).Select(p => p.Key)),
            };
            var used = Now.Windows.Select(w => w.Window.Reference).Concat(Now.Panes.Keys.Select(p => p.Key.Reference)).Concat(references).ToHashSet(StringComparer.Ordinal);
            if (old.Count > 0) Now = Now with { References = Now.References.RemoveRange(Now.References.Keys.Where(id => !used.Contains(id) && !id.StartsWith("captured/", StringComparison.Ordinal))) };
            return old.Count;
        }

        public byte[]? Reference(string id) => Now.References.GetValueOrDefault(id);

        public void Commit()
        {
            var sent = store.contents.Notices.Count;
            store.contents = Now;
            store.outbox.Add(Now.Notices.Skip(sent));
            Dispose();
        }

        public void Dispose()
        {
            if (done) return;
            done = true;
            store.writer.Release();
        }
    }
}
