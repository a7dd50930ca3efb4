using System.Numerics;

namespace Drift;

/// <summary>Realised performance of a model with several classes, mergeable: the full confusion matrix and, where there are scores, each class against the rest.</summary>
/// <remarks>
/// Without suffix a measure is the plain mean over the classes that occur in truth or answers (macro); _micro pools the decisions; _weighted weighs
/// by support. A class without a denominator counts 0. auc is one-vs-rest on rows normalised to sum 1, and is not defined while a scored class has
/// no row. log_loss clips the normalised probability of the true class at 1e-15. Classes are in ordinal order, so + is commutative.
/// </remarks>
public sealed partial class MulticlassTally : IAdditionOperators<MulticlassTally, MulticlassTally, MulticlassTally>, IPerformanceTally
{
    readonly string[] classes;
    readonly long[] counts;

    internal MulticlassTally(string[] classes, long[] counts, ScoreTally?[] scores)
    {
        if (counts.Length != classes.Length * classes.Length || scores.Length != classes.Length) throw new FormatException($"{counts.Length} counts and {scores.Length} scores for {classes.Length} classes");
        for (var i = 1; i < classes.Length; i++)
            if (string.CompareOrdinal(classes[i - 1], classes[i]) >= 0) throw new FormatException("classes are not in strict ordinal order");
        (this.classes, this.counts, ScoresByClass) = (classes, counts, scores);
        Answered = counts.Sum();
    }

    /// <summary>The tally of nothing: the identity of +.</summary>
    public static MulticlassTally Empty { get; } = new([], [], []);

    /// <inheritdoc/>
    public long Rows { get; init; }

    /// <inheritdoc/>
    public long Labelled { get; init; }

    /// <summary>Rows with both truth and answer.</summary>
    public long Answered { get; }

    /// <summary>Rows with truth and a usable row of scores.</summary>
    public long Scored { get; init; }

    /// <summary>The sum of the log losses.</summary>
    public double LogLossSum { get; init; }

    /// <summary>The classes that occurred, in ordinal order.</summary>
    public IReadOnlyList<string> Classes => classes;

    /// <summary>Each class's scores against the rest; null for a class without a score column.</summary>
    public IReadOnlyList<ScoreTally?> ScoresByClass { get; }

    /// <summary>Rows of one class that were answered with another, by position in <see cref="Classes"/>.</summary>
    public long this[int truth, int predicted] => counts[truth * classes.Length + predicted];

    internal ReadOnlySpan<long> Counts => counts;

    /// <summary>One class against the rest.</summary>
    public ConfusionMatrix OneVersusRest(int at)
    {
        long row = 0, column = 0;
        for (var i = 0; i < classes.Length; i++)
        {
            row += this[at, i];
            column += this[i, at];
        }
        var both = this[at, at];
        return new(both, column - both, row - both, Answered - row - column + both);
    }

    /// <summary>Both sides together, class by class.</summary>
    /// <exception cref="InvalidOperationException">Both have scores, but of different classes.</exception>
    public static MulticlassTally operator +(MulticlassTally left, MulticlassTally right)
    {
        if (left.Scored > 0 && right.Scored > 0 && !left.ScoredClasses().SequenceEqual(right.ScoredClasses(), StringComparer.Ordinal))
            throw new InvalidOperationException("tallies with scores of different classes cannot be merged");
        string[] classes = [.. left.classes.Union(right.classes, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var counts = new long[classes.Length * classes.Length];
        var scores = new ScoreTally?[classes.Length];
        foreach (var side in (MulticlassTally[])[left, right])
        {
            var at = Array.ConvertAll(side.classes, name => Array.BinarySearch(classes, name, StringComparer.Ordinal));
            for (var t = 0; t < at.Length; t++)
            {
                for (var p = 0; p < at.Length; p++) counts[at[t] * classes.Length + at[p]] += side[t, p];
                if (side.ScoresByClass[t] is { } tally) scores[at[t]] = scores[at[t]] is { } other ? other + tally : tally;
            }
        }
        return new(classes, counts, scores)
        {
            Rows = left.Rows + right.Rows,
            Labelled = left.Labelled + right.Labelled,
            Scored = left.Scored + right.Scored,
            LogLossSum = left.LogLossSum + right.LogLossSum,
        };
    }

    IEnumerable<string> ScoredClasses() => classes.Where((_, at) => ScoresByClass[at] is not null);
}

/// <summary>Counts rows into a <see cref="MulticlassTally"/>.</summary>
/// <param name="scoreClasses">The classes that the scores of a row stand for, in order; empty when there are only answers.</param>
/// <param name="distinctScores">Distinct scores to keep per class before they fall into cells; all of them when left out.</param>
public sealed class MulticlassCounter(IReadOnlyList<string> scoreClasses, int distinctScores = int.MaxValue)
{
    readonly Dictionary<string, int> index = new(StringComparer.Ordinal);
    readonly Dictionary<(int Truth, int Predicted), long> confusion = [];
    readonly List<double>[] scores = [.. scoreClasses.Select(_ => new List<double>())];
    readonly List<int> truths = [];
    long rows, labelled;
    double logLoss;

    /// <summary>Counts one row.</summary>
    /// <param name="truth">The class that it was; null while unknown.</param>
    /// <param name="predicted">The class that the model said; null when it did not answer.</param>
    /// <param name="row">The scores in the order of the classes, in any positive scale: they are normalised. A row with NaN or without a positive sum has no scores.</param>
    public void Add(string? truth, string? predicted, ReadOnlySpan<double> row = default)
    {
        rows++;
        if (truth is null) return;
        labelled++;
        var was = At(truth);
        if (predicted is not null)
        {
            var cell = (was, At(predicted));
            confusion[cell] = confusion.GetValueOrDefault(cell) + 1;
        }
        if (row.Length != scores.Length || scores.Length == 0) return;
        var sum = NormalisedRows.Sum(row);
        if (double.IsNaN(sum)) return;
        var known = 0.0;
        for (var c = 0; c < row.Length; c++)
        {
            scores[c].Add(row[c] / sum);
            if (scoreClasses[c] == truth) known = row[c] / sum;
        }
        truths.Add(was);
        logLoss -= Math.Log(Math.Clamp(known, BinaryCounter.Clip, 1 - BinaryCounter.Clip));
    }

    /// <summary>What was counted.</summary>
    public MulticlassTally ToTally()
    {
        foreach (var name in scoreClasses) At(name);
        string[] classes = [.. index.Keys.Order(StringComparer.Ordinal)];
        var to = new int[classes.Length];
        for (var i = 0; i < classes.Length; i++) to[index[classes[i]]] = i;
        var counts = new long[classes.Length * classes.Length];
        foreach (var ((truth, predicted), count) in confusion) counts[to[truth] * classes.Length + to[predicted]] = count;
        var tallies = new ScoreTally?[classes.Length];
        for (var c = 0; c < scoreClasses.Count; c++)
        {
            var own = index[scoreClasses[c]];
            tallies[to[own]] = ScoreTally.Of([.. scores[c]], [.. truths.Select(t => t == own)], distinctScores);
        }
        return new(classes, counts, tallies) { Rows = rows, Labelled = labelled, Scored = truths.Count, LogLossSum = logLoss };
    }

    int At(string name)
    {
        if (!index.TryGetValue(name, out var at)) index.Add(name, at = index.Count);
        return at;
    }
}
