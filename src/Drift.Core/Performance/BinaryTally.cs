using System.Numerics;

namespace Drift;

/// <summary>Realised performance of a two-class model, mergeable: confusion matrix, scores, and the sums behind log loss, Brier score and calibration.</summary>
/// <remarks>
/// Classes rest on the rows with truth and answer, score measures on the rows with truth and score. log_loss clips at 1e-15; brier is the mean of
/// (score - truth) squared; ece has ten equal cells. Immutable; counts add exactly, sums to rounding.
/// </remarks>
public sealed record BinaryTally : IAdditionOperators<BinaryTally, BinaryTally, BinaryTally>, IPerformanceTally
{
    /// <summary>The tally of nothing: the identity of +.</summary>
    public static BinaryTally Empty { get; } = new();

    /// <inheritdoc/>
    public long Rows { get; init; }

    /// <inheritdoc/>
    public long Labelled { get; init; }

    /// <summary>Answers against truth.</summary>
    public ConfusionMatrix Confusion { get; init; }

    /// <summary>Scores against truth.</summary>
    public ScoreTally Scores { get; init; } = ScoreTally.Empty;

    /// <summary>Probabilities against frequencies.</summary>
    public CalibrationCurve Calibration { get; init; } = CalibrationCurve.Empty;

    /// <summary>The sum of the log losses.</summary>
    public double LogLossSum { get; init; }

    /// <summary>The sum of the squared errors of the probabilities.</summary>
    public double BrierSum { get; init; }

    /// <summary>The tally of labelled rows.</summary>
    /// <param name="truth">Whether the row was positive.</param>
    /// <param name="predicted">Whether the model said so; empty when there is only a score.</param>
    /// <param name="scores">The probability of the positive class, NaN where there is none; empty when there are only answers.</param>
    public static BinaryTally Of(ReadOnlySpan<bool> truth, ReadOnlySpan<bool> predicted, ReadOnlySpan<double> scores = default)
    {
        var counter = new BinaryCounter();
        for (var i = 0; i < truth.Length; i++) counter.Add(truth[i], predicted.IsEmpty ? null : predicted[i], scores.IsEmpty ? double.NaN : scores[i]);
        return counter.ToTally();
    }

    /// <summary>Both sides together.</summary>
    public static BinaryTally operator +(BinaryTally left, BinaryTally right) => new()
    {
        Rows = left.Rows + right.Rows,
        Labelled = left.Labelled + right.Labelled,
        Confusion = left.Confusion + right.Confusion,
        Scores = left.Scores + right.Scores,
        Calibration = left.Calibration + right.Calibration,
        LogLossSum = left.LogLossSum + right.LogLossSum,
        BrierSum = left.BrierSum + right.BrierSum,
    };

    /// <inheritdoc/>
    public IReadOnlyList<PerformanceValue> Values()
    {
        var values = new List<PerformanceValue>();
        if (Confusion.Rows > 0 || Scores.Positives + Scores.Negatives == 0)
        {
            var (c, rows) = (Confusion, Confusion.Rows);
            var reason = rows == 0 ? "no row has both truth and prediction" : null;
            values.Add(new("accuracy", c.Accuracy, rows) { Reason = reason, Numbers = [new("tp", c.TruePositive), new("fp", c.FalsePositive), new("fn", c.FalseNegative), new("tn", c.TrueNegative)] });
            values.Add(new("precision", c.Precision, rows) { Reason = reason });
            values.Add(new("recall", c.Recall, rows) { Reason = reason });
            values.Add(new("specificity", c.Specificity, rows) { Reason = reason });
            values.Add(new("f1", c.F1, rows) { Reason = reason });
        }
        if (Scores.Positives + Scores.Negatives is var scored and > 0)
        {
            values.Add(PerformanceValue.Of("auc", Scores.Auc(), scored, Scores.Positives == 0 ? "no row is positive" : "no row is negative"));
            values.Add(PerformanceValue.Of("aupr", Scores.Aupr(), scored, "no row is positive"));
            values.Add(new("log_loss", LogLossSum / scored, scored));
            values.Add(new("brier", BrierSum / scored, scored));
            values.Add(new("ece", Calibration.Error, scored));
        }
        return values;
    }
}

/// <summary>Counts rows into a <see cref="BinaryTally"/>.</summary>
/// <param name="distinctScores">Distinct scores to keep before they fall into cells; all of them when left out.</param>
public sealed class BinaryCounter(int distinctScores = int.MaxValue)
{
    /// <summary>Probabilities are held this far from 0 and 1 where their logarithm is taken.</summary>
    internal const double Clip = 1e-15;

    readonly List<double> scores = [];
    readonly List<bool> truths = [];
    ConfusionMatrix confusion;
    long rows, labelled;
    double logLoss, brier;

    /// <summary>Counts one row.</summary>
    /// <param name="truth">Whether it was positive; null while unknown.</param>
    /// <param name="predicted">Whether the model said so; null when it did not answer.</param>
    /// <param name="score">The probability of the positive class; NaN when there is none.</param>
    public void Add(bool? truth, bool? predicted, double score = double.NaN)
    {
        rows++;
        if (truth is not { } was) return;
        labelled++;
        if (predicted is { } said) confusion = confusion.With(was, said);
        if (double.IsNaN(score)) return;
        scores.Add(score);
        truths.Add(was);
        var p = Math.Clamp(score, Clip, 1 - Clip);
        logLoss -= Math.Log(was ? p : 1 - p);
        brier += (score - (was ? 1 : 0)) * (score - (was ? 1 : 0));
    }

    /// <summary>What was counted.</summary>
    public BinaryTally ToTally() => new()
    {
        Rows = rows,
        Labelled = labelled,
        Confusion = confusion,
        Scores = ScoreTally.Of([.. scores], [.. truths], distinctScores),
        Calibration = CalibrationCurve.Of([.. scores], [.. truths]),
        LogLossSum = logLoss,
        BrierSum = brier,
    };
}
