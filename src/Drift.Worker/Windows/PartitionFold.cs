using Drift.Worker.References;
using Drift.Worker.Sources.Formats;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>
/// Folds one partition's log into panes. Everything it decides (row, late, invalid, which pane) is a pure function of the log's prefix: no clock, no
/// other partition, and no trace of where commits, crashes or owners cut the log. For one thread.
/// </summary>
public sealed partial class PartitionFold
{
    /// <summary>Why a second record of one id in one window is no row, where a model wants that.</summary>
    public const string Duplicate = "duplicate";

    readonly WatchedModels models;
    readonly RecordLimits limits;
    readonly bool truths;
    readonly LogOptions options;
    readonly MessageReader messages;
    RecordReader reader;
    readonly Dictionary<PaneKey, Pane> panes = [];
    readonly Dictionary<(Pane All, int Column, string Value), Pane> segments = [];
    readonly Dictionary<string, long> invalid, skipped;
    readonly Dictionary<(string, string, long), long> lateByWindow = [];
    PartitionState unsaved;
    long? position, watermark, watermarkSetAt;
    long records, rows, late, gaps, invalidRun, invalidSince, invalidLast;
    DateTimeOffset? quietSince, quietCheckedAt;
    bool ended;
    Pane? lastPane;

    public PartitionFold(WatchedModels models, RecordLimits limits, Claim claim, bool truths = false, LogOptions? options = null)
    {
        (this.models, this.limits, this.truths, this.options) = (models, limits, truths, options ?? LogOptions.Default);
        Answers = new AnswerLog(claim.State.Source, models.TruthSample);
        messages = NewReader(claim.State.Source.Topic);
        reader = messages.Record;
        var state = Stored = unsaved = claim.State;
        invalid = new(state.Invalid, StringComparer.Ordinal);
        skipped = new(state.Skipped, StringComparer.Ordinal);
        (position, watermark, watermarkSetAt, ended) = (state.Position, state.Watermark, state.WatermarkSetAt, state.Ended);
        (records, rows, late, gaps) = (state.Records, state.Rows, state.Late, state.Gaps);
        (quietSince, quietCheckedAt) = (state.QuietSince, state.QuietCheckedAt);
        (waiting, unanswered, crowded) = (new WaitingHalves(state.Waiting), state.Unanswered, state.Crowded);
        (invalidRun, invalidSince, invalidLast) = (state.InvalidRun, state.InvalidSince, state.InvalidLast);
        quietWait = models.All.Select(m => m.Config.IdleAfter).Append(this.options.PairWait).Min();
        foreach (var open in claim.Open) Resume(open);
        foreach (var ids in claim.Ids)
            if (panes.TryGetValue(ids.Pane, out var pane)) pane.Ids?.Load(ids.Hashes);
            else forgotten.Add(ids.Pane);
    }

    public SourcePartition Source => Stored.Source;

    /// <summary>Called for each message that cannot be read.</summary>
    public InvalidMessage? OnInvalid { get; init; }

    /// <summary>The partition as it was last claimed or committed.</summary>
    public PartitionState Stored { get; private set; }

    /// <summary>The offset of the next record to read; null: the beginning.</summary>
    public long? Position => position;

    public long? Watermark => watermark;

    /// <summary>Answers and truths that are not stored yet.</summary>
    internal AnswerLog Answers { get; }

    /// <summary>Whether there is anything that is not stored yet.</summary>
    public bool Dirty { get; private set; }

    /// <summary>Panes left over from a reference or a window length that is no longer configured take no rows any more: they are stored as closed.</summary>
    readonly List<PaneState> abandoned = [];

    /// <summary>Panes that are gone and left ids behind.</summary>
    readonly HashSet<PaneKey> forgotten = [];

    void Resume(PaneState open)
    {
        if (models.Find(open.Key.Model) is { } model && model.ReferenceId == open.Key.Reference && model.Clock.Pane == open.Key.Length)
        {
            var pane = new Pane(model, open.Key);
            pane.Load(open);
            panes.Add(open.Key, pane);
            return;
        }
        abandoned.Add(open with { Open = false });
        Dirty = true;
    }

    /// <summary>Takes the next message. Its offset must not be before <see cref="Position"/>; a gap is counted.</summary>
    /// <param name="message">The message.</param>
    /// <param name="tombstone">Whether it has no value.</param>
    /// <param name="offset">Its place in the log.</param>
    public void Take(in LogMessage message, bool tombstone, long offset)
    {
        if (offset < position) throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{Source} was read up to {position}");
        gaps += offset - (position ?? offset);
        position = offset + 1;
        records++;
        (quietSince, quietCheckedAt) = (null, null);
        Dirty = true;
        if (truths && !tombstone)
        {
            TakeTruth(message, offset);
            return;
        }
        var outcome = tombstone ? RecordOutcome.Skipped(RecordReason.Tombstone) : TakeMessage(message);
        Run(outcome.Status, message.Time);
        if (outcome.Status == RecordStatus.Invalid)
        {
            TakeInvalid(outcome.Reason, messages.Layout);
            OnInvalid?.Invoke(Source, offset, outcome.Reason, invalid[outcome.Reason], message);
        }
        else if (outcome.Status == RecordStatus.Skipped) Skip(outcome.Reason);
    }

    /// <summary>How many in a row could not be read; what is skipped says nothing.</summary>
    void Run(RecordStatus status, long messageTime)
    {
        if (status == RecordStatus.Ok) invalidRun = 0;
        else if (status == RecordStatus.Invalid) (invalidSince, invalidLast, invalidRun) = (invalidRun == 0 ? messageTime : invalidSince, messageTime, invalidRun + 1);
    }

    void Skip(string reason) => skipped[reason] = skipped.GetValueOrDefault(reason) + 1;

    void TakeTruth(in LogMessage message, long offset)
    {
        var (truth, reason) = TruthReader.Read(message.Value, message.Time, limits, models.Rankings);
        if (truth is null)
        {
            invalid[reason!] = invalid.GetValueOrDefault(reason!) + 1;
            OnInvalid?.Invoke(Source, offset, reason!, invalid[reason!], message);
        }
        else
        {
            Answers.Add(truth);
            // No window waits for it: only how far truths have come is read off it.
            if (!(truth.Time <= watermark)) (watermark, watermarkSetAt) = (truth.Time, message.Time);
        }
    }

    void TakeRow(WatchedModel model, long offset, int row)
    {
        var time = reader.Time;
        var clock = model.Clock;
        var (start, missed) = PlaceOf(model, time);
        for (var i = 0; i < missed; i++) CountLate(model, reader.Version, clock.FirstWindow(start) + i * clock.Slide, 1);
        if (missed > 0 && missed == clock.Windows(start))
        {
            late++;
            foreach (var pane in AtWatermark(model)) pane.CountLate();
            return;
        }
        var counted = PaneOf(model, reader.Version, start, missed);
        if (!reader.Id.IsEmpty && counted.Ids is { } ids && !ids.TryAdd(reader.Id))
        {
            Skip(Duplicate);
            return;
        }
        rows++;
        counted.Add(reader.Row);
        Answers.Add(model, reader, counted.Key, offset, row);
        for (var i = 0; i < model.Segments.Count; i++) SegmentOf(counted, model.Segments[i].Name, model.Segments[i].Column).Add(reader.Row);
    }

    /// <summary>The start of a row's pane, and how many of the pane's windows it has missed.</summary>
    (long Start, int Missed) PlaceOf(WatchedModel model, long time)
    {
        // Records come in runs of one pane: then nothing needs to be divided.
        if (lastPane is { } last && last.Model == model && last.Covers(time) && last.MissesNone(watermark!.Value)) return (last.Key.Start, 0);
        var start = model.Clock.PaneOf(time);
        return (start, model.Clock.Missed(start, watermark!.Value));
    }

    /// <summary>
    /// The pane of the row's segment. Values that the reference lists among its most frequent have one of their own; all others share one, so that a
    /// column with ever new values costs no more. Which is which depends on the reference alone, never on what came first.
    /// </summary>
    Pane SegmentOf(Pane all, string name, int column)
    {
        var value = all.Model.SegmentValues(column, reader.Row);
        if (segments.TryGetValue((all, column, value), out var pane)) return pane;
        var key = all.Key with { Segment = $"{name}={value}" };
        if (!panes.TryGetValue(key, out pane)) panes.Add(key, pane = new Pane(all.Model, key));
        segments.Add((all, column, value), pane);
        return pane;
    }

    void CountLate(WatchedModel model, string version, long window, long count)
    {
        var key = (model.Name, version, window);
        lateByWindow[key] = lateByWindow.GetValueOrDefault(key) + count;
    }

    Pane PaneOf(WatchedModel model, string version, long start, int missed)
    {
        // Records come in runs of one pane; versions are interned by the reader.
        if (lastPane is { } last && last.Key.Start == start && last.Key.Missed == missed && last.Model == model && last.Key.Version == version) return last;
        var key = new PaneKey(model.Name, version, model.ReferenceId, start, model.Clock.Pane, missed);
        if (!panes.TryGetValue(key, out var pane)) panes.Add(key, pane = new Pane(model, key));
        return lastPane = pane;
    }

    /// <summary>
    /// A record that is no row has no event time to go by; it is counted where the watermark stands, so that each window knows the share of what was
    /// unreadable or late while it was the current one. A record of no readable model counts for every model.
    /// </summary>
    void TakeInvalid(string reason, RecordLayout? layout)
    {
        invalid[reason] = invalid.GetValueOrDefault(reason) + 1;
        foreach (var pane in AtWatermark(layout is null ? null : models.Of(layout))) pane.CountInvalid();
    }

    IEnumerable<Pane> AtWatermark(WatchedModel? model)
    {
        if (watermark is not { } at) yield break;
        foreach (var (key, pane) in panes)
            if (key is { Missed: 0, Segment: "" } && key.Start <= at && at < key.Start + key.Length && (model is null || pane.Model == model)) yield return pane;
    }

    /// <summary>Notes that everything has been read and nothing new is there, or (null) that this is not so.</summary>
    public void Quiet(DateTimeOffset? checkedAt)
    {
        if (checkedAt is null && quietSince is null) return;
        (quietSince, quietCheckedAt) = (checkedAt is null ? null : quietSince ?? checkedAt, checkedAt);
        Dirty = true;
        // Where nothing comes any more, event time cannot end the waiting.
        if (checkedAt - quietSince >= quietWait) StopWaiting();
    }

    /// <summary>Counts offsets that the log no longer has, up to where it begins now.</summary>
    public void Skip(long beginning)
    {
        var lost = beginning - (position ?? 0);
        if (lost <= 0) return;
        position = beginning;
        gaps += lost;
        Dirty = true;
    }

    /// <summary>Why a partition goes on before where it had been: its topic was made anew.</summary>
    public const string Recreated = "log_recreated";

    /// <summary>Goes on at the beginning of a new log of the same name; what was counted of the old one stays.</summary>
    public void Restart(long beginning)
    {
        position = beginning;
        Skip(Recreated);
        Dirty = true;
    }

    /// <summary>Notes that the input has ended for good.</summary>
    public void End()
    {
        ended = true;
        Dirty = true;
        StopWaiting();
    }

    /// <summary>How the partition stands now, to be stored.</summary>
    internal PartitionState ToState() => unsaved = Stored with
    {
        Position = position, Watermark = watermark, WatermarkSetAt = watermarkSetAt, Records = records, Rows = rows, Late = late, Gaps = gaps, Ended = ended,
        Invalid = new Dictionary<string, long>(invalid), Skipped = new Dictionary<string, long>(skipped), QuietSince = quietSince, QuietCheckedAt = quietCheckedAt,
        Waiting = waiting.Save(), Unanswered = unanswered, Crowded = crowded, InvalidRun = invalidRun, InvalidSince = invalidSince, InvalidLast = invalidLast,
    };

    /// <summary>The panes to store with it: those that changed or closed.</summary>
    internal IEnumerable<PaneState> ChangedPanes() =>
        abandoned.Concat(panes.Values.Where(p => p.Dirty || p.ClosesAt <= watermark).Select(p => p.ToState(open: !(p.ClosesAt <= watermark)))).Select(p => p with { Source = Source });

    /// <summary>The late records since the last time.</summary>
    internal List<LateCount> LateCounts() => [.. lateByWindow.Select(l => new LateCount(l.Key.Item1, l.Key.Item2, l.Key.Item3, l.Value))];

    /// <summary>Which ids to store now and whose to forget.</summary>
    internal (List<PaneIds> Ids, List<PaneKey> Closed) IdChanges() => (
        [.. panes.Values.Where(p => !(p.ClosesAt <= watermark)).Select(p => p.Ids?.Changes(p.Key, position ?? 0)).OfType<PaneIds>()],
        [.. forgotten, .. panes.Values.Where(p => p.Ids is not null && p.ClosesAt <= watermark).Select(p => p.Key)]);

    /// <summary>All of this has been committed; returns how the partition stands now.</summary>
    internal PartitionState Committed()
    {
        abandoned.Clear();
        forgotten.Clear();
        lateByWindow.Clear();
        Answers.Clear();
        foreach (var pane in panes.Values.ToList())
        {
            pane.Saved();
            if (!(pane.ClosesAt <= watermark)) continue;
            panes.Remove(pane.Key);
            segments.Clear();
        }
        if (lastPane is not null && !panes.ContainsKey(lastPane.Key)) lastPane = null;
        Dirty = false;
        return Stored = unsaved;
    }
}
