using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.References;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>
/// Judges the windows that are due, inside the transaction that moved the watermark: merges every partition's part exactly, compares with the
/// reference, runs the alert machine, and saves it all. A window whose rows are those of its latest revision is left alone; one that has grown since
/// (rows from a partition that had been idle, or late ones that are kept) becomes a new revision.
/// </summary>
public sealed partial class Judge
{
    readonly Func<Policy> policy;
    readonly TimeProvider time;
    readonly Dictionary<string, Profile> references = new(StringComparer.Ordinal);
    WatchedModels models;

    public Judge(WatchedModels models, Func<Policy> policy, TimeProvider time)
    {
        (this.policy, this.time) = (policy, time);
        Use(models);
    }

    /// <summary>Other workers' alerts fall due too: at least this often everything is looked at.</summary>
    static readonly TimeSpan tickAtLeast = TimeSpan.FromSeconds(10);

    /// <summary>How often windows that have become too old are looked for; sooner while there are more than go at a time.</summary>
    static readonly TimeSpan retireEvery = TimeSpan.FromMinutes(10);

    const int RetireAtOnce = 500;

    DateTimeOffset nextTick = DateTimeOffset.MinValue, nextRetirement = DateTimeOffset.MinValue;

    /// <summary>How long judged windows are kept; null: for ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Judges by other models from here on; windows that were counted against a former reference are still judged by it.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(models))]
    public void Use(WatchedModels models)
    {
        this.models = models;
        answerColumns.Clear();
        foreach (var model in models.All) (references[model.ReferenceId], answerColumns[model.ReferenceId]) = (model.Reference, model.Answers);
    }

    /// <summary>Sentences link to a model's page; null: no links.</summary>
    public string? Link { get; init; }

    /// <summary>Whether alerts see the wall clock; a replay is told the same in every year.</summary>
    public bool ByWallClock { get; init; } = true;

    /// <summary>Topics whose messages are truths: windows do not wait for them.</summary>
    public IReadOnlySet<string> TruthTopics { get; init; } = new HashSet<string>();

    /// <summary>Whether alerts are kept but nobody is told.</summary>
    public bool Silent { get; init; }

    /// <summary>Judges what is due. The caller holds the lock of judging and commits.</summary>
    /// <param name="transaction">Sees its own unsaved panes and positions.</param>
    /// <param name="expected">Every partition of the watched topics, from the topics' metadata.</param>
    public IReadOnlyList<Judged> Run(IStoreTransaction transaction, IReadOnlyCollection<SourcePartition> expected)
    {
        var judged = new List<Judged>();
        var now = time.GetUtcNow();
        // Watermarks first, panes after: a pane read later holds at least the rows that its watermark spoke of.
        var partitions = transaction.Partitions();
        var unsettled = transaction.Unsettled().ToLookup(p => p.Model, StringComparer.Ordinal);
        var labels = Labels(transaction, partitions, now);
        foreach (var model in models.All)
        {
            var broken = partitions.Any(p => expected.Contains(p.Source) && p.IsBroken(model.Config.IdleAfter));
            var horizon = Horizon.Of(expected, partitions, model.Config.IdleAfter, now, model.Clock.Window);
            var panes = unsettled[model.Name].ToList();
            var labelled = labels.Select(l => l.Pane).Where(p => p.Model == model.Name).ToList();
            var due = WindowPlan.Of(model, [.. panes, .. labelled], transaction.LastWindows(model.Name), horizon);
            var read = new Dictionary<(PaneKey, SourcePartition), PaneState>();
            foreach (var window in due)
                if (JudgeWindow(transaction, model, window, horizon, now, read, labelled, broken) is { } result) judged.Add(result);
            var done = panes.Where(p => IsDone(model, p, horizon)).ToHashSet();
            transaction.Settle([.. read.Values.Where(p => done.Contains(p.Key with { Segment = "" }))]);
        }
        Expire(transaction, partitions, expected, now);
        if (ByWallClock) Tick(transaction, now);
        Retire(transaction, now);
        return judged;
    }

    void Retire(IStoreTransaction transaction, DateTimeOffset now)
    {
        if (Retention is not { } kept || now < nextRetirement) return;
        if (transaction.Retire(now - kept, [.. models.All.Select(m => m.ReferenceId)], RetireAtOnce) < RetireAtOnce) nextRetirement = now + retireEvery;
    }

    /// <summary>Lets time pass for alerts: what a route's wait, interval or repeat held back is told when its time has come.</summary>
    void Tick(IStoreTransaction transaction, DateTimeOffset now)
    {
        if (now < nextTick) return;
        nextTick = now + tickAtLeast;
        var active = policy();
        foreach (var model in models.All)
        {
            var states = transaction.AlertStates(model.Name);
            if (states.Alerts.Count == 0) continue;
            var judgement = AlertMachine.Tick(active, states, now, new AlertContext { Now = now, Link = Link, Silences = Silences(transaction, now) });
            if (judgement.Due < nextTick) nextTick = judgement.Due.Value;
            if (judgement.Notices.Count == 0 && judgement.States == states) continue;
            transaction.SaveAlerts(model.Name, Silent ? judgement with { Notices = [] } : judgement);
        }
    }

    /// <summary>A replay is told the same whatever is silenced today.</summary>
    IReadOnlyList<Silence> Silences(IStoreTransaction transaction, DateTimeOffset now) => ByWallClock ? transaction.Silences(now) : [];

    static bool IsDone(WatchedModel model, PaneKey pane, Horizon horizon)
    {
        var clock = WindowPlan.ClockOf(model, pane);
        return horizon.HasPassed(clock.LastWindow(pane.Start) + clock.Window + clock.Grace);
    }

    Judged? JudgeWindow(
        IStoreTransaction transaction, WatchedModel model, DueWindow due, Horizon horizon, DateTimeOffset now, Dictionary<(PaneKey, SourcePartition), PaneState> read, List<PaneKey> labelled, bool broken)
    {
        var latest = transaction.LatestRevision(model.Name, due.Like.Version, due.Like.Reference, due.Start);
        if (latest is not null && !labelled.Exists(due.Holds) && IsTooSoon(due, horizon, now)) return null;
        var parts = due.Empty ? [] : Parts(transaction, due, read);
        var all = parts.Where(p => p.Key.Segment == "").ToList();
        var rows = all.Sum(p => p.Rows);
        if (latest?.Rows == rows && !labelled.Exists(due.Holds) || ReferenceOf(transaction, due.Like.Reference) is not { } reference) return null;
        var window = new Window
        {
            Model = model.Name, Version = due.Like.Version, Start = EventTime.ToInstant(due.Start), End = EventTime.ToInstant(due.End), Revision = latest?.Revision + 1 ?? 0,
            Rows = rows, ClosedBy = horizon.ClosedBy(due.ClosesAt), Partitions = all.Where(p => p.Rows > 0).Select(p => p.Source).Distinct().Count(),
            Reference = due.Like.Reference, Tags = TagsOf(model.Config),
        };
        using var span = Tracing.Judge(window.Model, window.Version, window.Start);
        var active = policy();
        var group = model.Config.LeastRows > 0 && due.Like.Reference == model.ReferenceId && rows > 0 ? Neighbours.Of(transaction, model, due, rows) : [due.Start];
        var segments = parts.GroupBy(p => p.Key.Segment, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => Compare(transaction, model, reference, window, due, group, [.. g]) with { Policy = active.Hash, JudgedAt = now }).ToList();
        if (segments.Count == 0) segments.Add(new JudgedWindow { Window = window, Policy = active.Hash, JudgedAt = now });
        segments[0] = segments[0] with { Readings = [.. segments[0].Readings, .. WholeWindow(window, all, group.Count, broken), .. Performance(transaction, model, reference, due)] };
        var context = new AlertContext { Now = ByWallClock ? now : null, Link = Link, Silences = Silences(transaction, now) };
        var judgement = AlertMachine.Judge(active, window, [.. segments.SelectMany(s => s.Readings)], transaction.AlertStates(model.Name), context);
        var judged = new Judged(segments[0], segments[1..], Silent ? judgement with { Notices = [] } : judgement);
        transaction.SaveJudgement(judged);
        foreach (var happened in JudgeAudit.Of(judged, now, ByWallClock ? "worker" : "replay")) transaction.Audit(happened);
        return judged;
    }

    /// <summary>Late rows trickle in: their window is judged again at most this often.</summary>
    static readonly TimeSpan rowsRevisionAtLeast = TimeSpan.FromSeconds(10);

    readonly Dictionary<DueWindow, DateTimeOffset> revisedAt = [];

    bool IsTooSoon(DueWindow due, Horizon horizon, DateTimeOffset now)
    {
        if (!ByWallClock || horizon.Ended) return false;
        if (revisedAt.TryGetValue(due, out var at) && now - at < rowsRevisionAtLeast) return true;
        if (revisedAt.Count > 10_000) revisedAt.Clear();
        revisedAt[due] = now;
        return false;
    }

    /// <summary>The model's tags and, for the alert about traffic past it, the date of its sunset; for who must roll back, the champion.</summary>
    static IReadOnlyDictionary<string, string> TagsOf(ModelConfig model)
    {
        if (model.SunsetOn is null && model.Champion is null) return model.Tags;
        var tags = new Dictionary<string, string>(model.Tags);
        if (model.SunsetOn is { } sunset) tags[OwnReadings.SunsetTag] = sunset.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ");
        if (model.Champion is { } champion) tags.TryAdd("champion", champion);
        return tags;
    }

    /// <summary>The window's panes, without the rows that came after this window had closed for them.</summary>
    static List<PaneState> Parts(IStoreTransaction transaction, DueWindow due, Dictionary<(PaneKey, SourcePartition), PaneState> read)
    {
        var parts = new List<PaneState>();
        foreach (var pane in transaction.Panes(due.Like, due.Start, due.End))
        {
            read[(pane.Key, pane.Source)] = pane;
            var place = (due.Start - due.Clock.FirstWindow(pane.Key.Start)) / due.Clock.Slide;
            if (pane.Key.Missed <= place) parts.Add(pane);
        }
        return parts;
    }

    Profile? ReferenceOf(IStoreTransaction transaction, string id)
    {
        if (references.TryGetValue(id, out var known)) return known;
        return transaction.Reference(id) is { } document ? references[id] = ProfileFormat.Read(document) : null;
    }

    /// <summary>Fewer unreadable records than this are no break of the schema, whatever their share.</summary>
    const int LeastUnread = 20;

    /// <summary>What is no column's: how many rows there were, and what share of what came while the window was current was unreadable or late.</summary>
    static IEnumerable<Reading> WholeWindow(Window window, IReadOnlyList<PaneState> parts, int group, bool broken)
    {
        yield return new Reading
        {
            Measure = "rows", Kind = ReadingKind.Service, Value = window.Rows, Rows = window.Rows, Detail = group > 1 ? new ReadingDetail { Numbers = [new("merged_windows", group)] } : null,
        };
        yield return Rate("invalid_rate", parts.Sum(p => p.Invalid), window.Rows);
        var unread = parts.Sum(p => p.Invalid);
        var share = unread >= LeastUnread ? (double)unread / (unread + window.Rows) : 0;
        yield return new Reading
        {
            Measure = OwnReadings.SchemaBreak, Kind = ReadingKind.Quality, Rows = unread + window.Rows, Value = share >= 0.5 || broken && window.Rows == 0 ? 1 : 0,
            Detail = unread > 0 ? new ReadingDetail { Numbers = [new("invalid", unread)] } : null,
        };
        yield return Rate("late_rate", parts.Sum(p => p.Late), window.Rows);
    }

    static Reading Rate(string measure, long count, long rows) => new()
    {
        Measure = measure, Kind = ReadingKind.Quality, Value = count + rows == 0 ? 0 : (double)count / (count + rows), Rows = count + rows,
    };
}
