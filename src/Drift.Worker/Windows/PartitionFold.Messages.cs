using Drift.Worker.References;
using Drift.Worker.Sources.Formats;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>From messages to rows: batches, pairs and profiles.</summary>
public sealed partial class PartitionFold
{
    /// <summary>What waiting halves may cost in memory and in the store.</summary>
    const long MostWaitingBytes = 16 << 20;

    /// <summary>More rows than any service counts in one window.</summary>
    const long MostProfileRows = 1L << 50;

    readonly WaitingHalves waiting;
    readonly TimeSpan quietWait;
    MessageReader? pairs;
    long unanswered, crowded;

    MessageReader NewReader(string topic) => new(models.Layouts, limits, options, topic);

    /// <summary>Rows of waiting halves are read while a message is being taken, so they need a reader of their own.</summary>
    MessageReader Pairs => pairs ??= NewReader(Source.Topic);

    RecordOutcome TakeMessage(in LogMessage message)
    {
        var outcome = messages.Read(message);
        if (outcome.Status != RecordStatus.Ok) return outcome;
        return messages.Kind switch
        {
            MessageKind.Rows => TakeRows(messages, message.Time, position!.Value - 1),
            MessageKind.Profile => TakeProfile(message.Time),
            _ => TakeHalf(message),
        };
    }

    /// <summary>All rows of a message are of one model, version and time. What one of them lacks does not spoil the others.</summary>
    RecordOutcome TakeRows(MessageReader from, long messageTime, long offset)
    {
        var model = models.Of(from.Record.Layout!);
        if (Refusal(model, from.Record.Time, from.Record.Version) is { } reason) return RecordOutcome.Invalid(reason);
        Advance(from.Record.Time, messageTime);
        reader = from.Record;
        TakeRow(model, offset, 0);
        var outcome = RecordOutcome.Ok;
        while (from.NextRow() is { } next)
            if (next.Status == RecordStatus.Ok) TakeRow(model, offset, from.Row);
            else outcome = next;
        return outcome;
    }

    /// <summary>Why a record cannot be taken although it can be read: its time, or a limit. A pure function of the log: closed panes do not count, whether they were committed or not.</summary>
    string? Refusal(WatchedModel model, long time, string version)
    {
        if (!model.Clock.Covers(time)) return RecordReason.BadTime;
        if (lastPane is { } last && last.Model == model && last.Covers(time) && last.Key.Version == version) return null;
        if (panes.ContainsKey(new PaneKey(model.Name, version, model.ReferenceId, model.Clock.PaneOf(time), model.Clock.Pane))) return null;
        var now = watermark is { } at && at > time ? at : time;
        bool Counts(Pane pane) => pane.Key.Segment == "" && pane.ClosesAt > now;
        if (panes.Count >= options.Windows && panes.Values.Count(Counts) >= options.Windows) return RecordReason.TooManyWindows;
        if (panes.Count < options.Versions) return null;
        var versions = panes.Values.Where(p => p.Model == model && Counts(p)).Select(p => p.Key.Version).ToHashSet(StringComparer.Ordinal);
        return versions.Count >= options.Versions && !versions.Contains(version) ? RecordReason.TooManyVersions : null;
    }

    /// <summary>Moves the watermark. Halves whose waiting this ends are placed before: waiting never makes a row late.</summary>
    void Advance(long time, long messageTime)
    {
        if (time <= watermark) return;
        while (waiting.TakeDue(time) is { } due) Place(due);
        (watermark, watermarkSetAt) = (time, messageTime);
    }

    /// <summary>A half whose other half has not come: a request is a row without an answer, a response is none.</summary>
    void Place(WaitingHalf half)
    {
        if (!half.IsRequest)
        {
            Skip(RecordReason.NoRequest);
            return;
        }
        var outcome = Pairs.ReadAlone(half.Message);
        if (outcome.Status == RecordStatus.Ok) outcome = TakeRows(Pairs, half.Time, half.Offset);
        if (outcome.Status == RecordStatus.Invalid) TakeInvalid(outcome.Reason, Pairs.Layout);
        else if (outcome.Status == RecordStatus.Skipped) Skip(outcome.Reason);
        else unanswered++;
    }

    void StopWaiting()
    {
        while (waiting.TakeDue(long.MaxValue) is { } half) Place(half);
    }

    RecordOutcome TakeHalf(in LogMessage message)
    {
        var model = models.Of(messages.Layout!);
        var (isRequest, id, time) = (messages.Kind == MessageKind.Request, messages.Id, messages.Time);
        if (Refusal(model, time, messages.Version) is { } reason) return RecordOutcome.Invalid(reason);
        if (waiting.Take(!isRequest, model.Name, id) is { } other)
        {
            // A request is placed when it comes, a pair that its response completes before time goes on.
            if (isRequest) Advance(time, message.Time);
            var outcome = isRequest ? Pairs.ReadPair(message, other.Message, out var differ) : Pairs.ReadPair(other.Message, message, out differ);
            if (outcome.Status == RecordStatus.Ok) outcome = TakeRows(Pairs, isRequest ? message.Time : other.Time, isRequest ? position!.Value - 1 : other.Offset);
            Advance(time, message.Time);
            return differ ? RecordOutcome.Invalid(RecordReason.RowsDiffer) : outcome;
        }
        Advance(time, message.Time);
        var half = new WaitingHalf(position!.Value - 1, Deadline(model, time, isRequest), isRequest, model.Name, id, message.Time, message.Received,
            [.. message.Headers.Where(h => LogMessage.IsEnvelope(h.Key))], message.Value.ToArray());
        if (waiting.Add(half) is { } former) Place(former);
        while (waiting.Count > options.Waiting || waiting.Bytes > MostWaitingBytes)
        {
            crowded++;
            Place(waiting.TakeDue(long.MaxValue)!);
        }
        return RecordOutcome.Ok;
    }

    /// <summary>A request stops waiting before the first window that it is in time for closes.</summary>
    long Deadline(WatchedModel model, long time, bool isRequest)
    {
        var deadline = watermark!.Value + options.PairWait.Ticks;
        var clock = model.Clock;
        var start = clock.PaneOf(time);
        var missed = clock.Missed(start, watermark.Value);
        if (!isRequest || missed == clock.Windows(start)) return deadline;
        var closes = clock.FirstWindow(start) + missed * clock.Slide + clock.Window + clock.Grace;
        return Math.Min(deadline, closes > watermark ? closes : closes + clock.Keep);
    }

    /// <summary>Rows that were counted elsewhere happened when their profile begins.</summary>
    RecordOutcome TakeProfile(long messageTime)
    {
        var (profile, time, version) = (messages.Profile!, messages.Time, messages.Version);
        var model = models.Of(messages.Layout!);
        if (profile.Rows > MostProfileRows || profile.Columns.Any(c => c.Rows != profile.Rows)) return RecordOutcome.Invalid(RecordReason.BadBody);
        if (profile.Id != model.Reference.Id) return RecordOutcome.Invalid(RecordReason.OtherCells);
        if (profile.End - profile.Start > TimeSpan.FromTicks(model.Clock.Pane)) return RecordOutcome.Invalid(RecordReason.TooWide);
        if (Refusal(model, time, version) is { } reason) return RecordOutcome.Invalid(reason);
        Advance(time, messageTime);
        var clock = model.Clock;
        var start = clock.PaneOf(time);
        var missed = clock.Missed(start, watermark!.Value);
        for (var i = 0; i < missed; i++) CountLate(model, version, clock.FirstWindow(start) + i * clock.Slide, profile.Rows);
        if (missed == clock.Windows(start))
        {
            late += profile.Rows;
            foreach (var pane in AtWatermark(model)) pane.CountLate(profile.Rows);
            return RecordOutcome.Ok;
        }
        rows += profile.Rows;
        PaneOf(model, version, start, missed).Add(profile);
        return RecordOutcome.Ok;
    }
}
