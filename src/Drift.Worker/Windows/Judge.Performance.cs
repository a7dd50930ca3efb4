using Drift.Worker.References;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

public sealed partial class Judge
{
    /// <summary>How long truths may wait for their window's next revision while they keep coming.</summary>
    public TimeSpan RevisionAtLeast { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A window is revised before that when its truths have grown by this factor.</summary>
    const double Growth = 1.25;

    readonly Dictionary<string, AnswerColumns?> answerColumns = new(StringComparer.Ordinal);
    DateTimeOffset nextRevision = DateTimeOffset.MinValue, nextExpiry = DateTimeOffset.MinValue;

    /// <summary>
    /// Joins answers and truths, and chooses the panes whose windows are worth a revision now: all of them once the truths have been read to their end, or
    /// when it has been long; else those whose truths have grown by a quarter, so that a stream of truths costs a window a few dozen revisions and no more.
    /// </summary>
    List<LabelCount> Labels(IStoreTransaction transaction, IReadOnlyList<PartitionState> partitions, DateTimeOffset now)
    {
        if (models.All.All(m => m.Answers is null)) return [];
        var grown = transaction.Truths.Join(now.UtcTicks);
        if (grown.Count == 0) return [];
        var idle = models.All.Min(m => m.Config.IdleAfter);
        var atEnd = partitions.Where(p => TruthTopics.Contains(p.Source.Topic)).All(p => p.Ended || p.QuietSince is { } since && now - since >= idle);
        var all = atEnd || ByWallClock && now >= nextRevision;
        if (all) nextRevision = now + RevisionAtLeast;
        List<LabelCount> chosen = [.. grown.Where(l => all || l.Labelled >= l.Settled * Growth + 1)];
        // A window that has not closed yet will be judged with all truths anyway.
        transaction.Truths.Settle(chosen);
        return chosen;
    }

    IReadOnlyList<Reading> Performance(IStoreTransaction transaction, WatchedModel model, Profile reference, DueWindow due)
    {
        if (due.Empty) return [];
        var champion = model.Config.Champion is { } version && version != due.Like.Version ? due with { Like = due.Like with { Version = version } } : (DueWindow?)null;
        IReadOnlyList<Reading> metrics = champion is { } other ? Metrics(transaction, reference, other, due) : [];
        if (ColumnsOf(model, reference, due.Like.Reference) is not { } columns) return metrics;
        var answers = Answers(transaction, due);
        return [.. PerformanceJudge.Readings(columns, answers), .. champion is { } against ? VersionContrast.Performance(columns, Answers(transaction, against), answers) : [], .. metrics];
    }

    static List<Answer> Answers(IStoreTransaction transaction, DueWindow due) => [.. transaction.Truths.Answers(due.Like, due.Start, due.End)
        .Where(a => a.Pane.Missed <= (due.Start - due.Clock.FirstWindow(a.Pane.Start)) / due.Clock.Slide)];

    static IReadOnlyList<Reading> Metrics(IStoreTransaction transaction, Profile reference, DueWindow champion, DueWindow challenger)
    {
        if (!reference.Columns.Any(c => c.Spec.Role == ColumnRole.Service)) return [];
        return Merged(champion) is { } first && Merged(challenger) is { } second ? [.. VersionContrast.Metrics(first, second)] : [];

        Profile? Merged(DueWindow due) => Parts(transaction, due, []).Where(p => p.Key.Segment == "" && p.Rows > 0).Select(p => ProfileFormat.ReadCounts(p.Counts, reference))
            .Aggregate((Profile?)null, (all, one) => all is null ? one : all + one);
    }

    AnswerColumns? ColumnsOf(WatchedModel model, Profile reference, string id)
    {
        if (!answerColumns.TryGetValue(id, out var columns)) answerColumns[id] = columns = AnswerColumns.Of(reference, model.Config);
        return columns;
    }

    /// <summary>
    /// Gives up answers whose truth is overdue, and truths that no answer can be waiting for. In event time both streams must have passed the horizon: answers
    /// that were read fast from a backlog wait until the truths of their time have been read too. Where nobody tells truths any more, the wall clock decides.
    /// </summary>
    void Expire(IStoreTransaction transaction, IReadOnlyList<PartitionState> partitions, IReadOnlyCollection<SourcePartition> expected, DateTimeOffset now)
    {
        if (now < nextExpiry) return;
        nextExpiry = now + TimeSpan.FromMinutes(1);
        var told = TruthTopics.Count == 0 ? long.MaxValue : TruthTopics.Min(topic => Told(partitions.Where(p => p.Source.Topic == topic)));
        foreach (var model in models.All)
        {
            if (model.Answers is null) continue;
            var passed = Horizon.Of(expected, partitions, model.Config.IdleAfter, now, model.Clock.Window).Delivered;
            if (passed is long.MaxValue or long.MinValue) return;
            var span = model.Config.TruthHorizon.Ticks + model.Clock.Window;
            if (told != long.MinValue) transaction.Truths.Expire(model.Name, Math.Min(passed, told) - span, long.MaxValue);
            transaction.Truths.Expire(model.Name, passed - span, now.UtcTicks - span);
            transaction.Truths.ExpireTruths(passed - models.All.Max(m => m.Config.TruthHorizon.Ticks + m.Clock.Window));
        }
    }

    /// <summary>How far a topic has told truths; one that is only quiet may still tell old ones.</summary>
    static long Told(IEnumerable<PartitionState> topic) => topic.Select(p => p.Ended ? long.MaxValue : p.Watermark ?? long.MinValue).DefaultIfEmpty(long.MinValue).Min();
}
