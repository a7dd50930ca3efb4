namespace Drift.Worker.Stores;

/// <summary>One answer of a model, kept until its truth can no longer come: what performance is computed from.</summary>
/// <param name="Pane">Where its row was counted; without a segment.</param>
/// <param name="Id">The record's id; without one a name of its place in the log, so that it still counts for estimates.</param>
/// <param name="Predicted">The class or the number; null when there was none.</param>
/// <param name="Scores">The probabilities in the order of the model's score columns (NaN: none); of a regression the expected losses.</param>
/// <param name="Segments">Its segments, each <c>column=value</c>.</param>
/// <param name="Truth">What turned out to be right; null while unknown.</param>
/// <param name="Duplicates">Further records of the same id; the first counts.</param>
/// <param name="TakenAt">When it was first seen by a join, by the wall clock in UTC ticks; stores keep it to themselves.</param>
public sealed record Answer(PaneKey Pane, string Id, string? Predicted, double[] Scores, IReadOnlyList<string> Segments, string? Truth = null, long Duplicates = 0, long TakenAt = 0);

/// <summary>A message that tells the truth about an answer.</summary>
/// <param name="Id">The answer's id.</param>
/// <param name="Truth">The class or the number, as text.</param>
/// <param name="Time">When it became known, UTC ticks.</param>
/// <param name="Duplicates">Further truths of the same id; the first counts.</param>
public sealed record TruthMessage(string Id, string Truth, long Time, long Duplicates = 0);

/// <summary>How many answers of a pane have their truth, and how many had it when the pane's windows were last judged.</summary>
public sealed record LabelCount(PaneKey Pane, long Labelled, long Settled);

/// <summary>How truths have fared.</summary>
/// <param name="Waiting">Truths whose answer has not come.</param>
/// <param name="Orphans">Truths that were given up: their answer never came within the horizon.</param>
/// <param name="Duplicates">Truths of an id that had one already.</param>
public readonly record struct TruthTotals(long Waiting, long Orphans, long Duplicates);

/// <summary>Answers and truths, and their meeting by id: inside one transaction of the store.</summary>
public interface ITruthTable
{
    /// <summary>Keeps answers; of one version the first of an id stays.</summary>
    void Save(IReadOnlyList<Answer> answers);

    /// <summary>Keeps truths; the first of an id stays.</summary>
    void Save(IReadOnlyList<TruthMessage> truths);

    /// <summary>
    /// Joins what has come since the last time, whichever came first, and returns the panes whose windows have not been judged with all of their truths.
    /// Only under the lock of judging: what another transaction adds meanwhile is joined the next time.
    /// </summary>
    /// <param name="now">The wall clock in UTC ticks: what answers that are new to it are remembered to have been taken at.</param>
    IReadOnlyList<LabelCount> Join(long now);

    /// <summary>The answers of a reference's panes that start in a range.</summary>
    IReadOnlyList<Answer> Answers(PaneKey like, long from, long to);

    /// <summary>Marks panes as judged with the truths that were counted.</summary>
    void Settle(IReadOnlyList<LabelCount> judged);

    /// <summary>Gives up a model's answers in panes that start before an instant, as far as they were taken before another one by the wall clock.</summary>
    void Expire(string model, long before, long takenBefore);

    /// <summary>Gives up truths that were told before an instant; those without an answer are orphans.</summary>
    void ExpireTruths(long before);

    TruthTotals Totals();
}
