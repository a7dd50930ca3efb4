using System.Numerics;

namespace Drift;

/// <summary>How often each answer met each truth, for one class against the rest.</summary>
/// <remarks>A ratio whose denominator is 0 is 0 (scikit-learn's <c>zero_division=0</c>), as long as there are rows; without rows every measure is NaN.</remarks>
/// <param name="TruePositive">Predicted positive, was positive.</param>
/// <param name="FalsePositive">Predicted positive, was negative.</param>
/// <param name="FalseNegative">Predicted negative, was positive.</param>
/// <param name="TrueNegative">Predicted negative, was negative.</param>
public readonly record struct ConfusionMatrix(long TruePositive, long FalsePositive, long FalseNegative, long TrueNegative) : IAdditionOperators<ConfusionMatrix, ConfusionMatrix, ConfusionMatrix>
{
    /// <summary>All rows.</summary>
    public long Rows => TruePositive + FalsePositive + FalseNegative + TrueNegative;

    /// <summary>Rows that were positive.</summary>
    public long Positives => TruePositive + FalseNegative;

    /// <summary>(TP + TN) / rows, 0 to 1.</summary>
    public double Accuracy => Share(TruePositive + TrueNegative, Rows);

    /// <summary>TP / (TP + FP), 0 to 1.</summary>
    public double Precision => Share(TruePositive, TruePositive + FalsePositive);

    /// <summary>TP / (TP + FN), 0 to 1; the true positive rate.</summary>
    public double Recall => Share(TruePositive, Positives);

    /// <summary>TN / (TN + FP), 0 to 1; one minus the false positive rate.</summary>
    public double Specificity => Share(TrueNegative, TrueNegative + FalsePositive);

    /// <summary>2 TP / (2 TP + FP + FN), 0 to 1: the harmonic mean of precision and recall.</summary>
    public double F1 => Share(2 * TruePositive, 2 * TruePositive + FalsePositive + FalseNegative);

    /// <summary>The mean worth of an answer when each outcome has one, in the unit of the worths; NaN without rows.</summary>
    public double MeanWorth(double truePositive, double falsePositive, double falseNegative, double trueNegative) => Rows == 0
        ? double.NaN
        : (TruePositive * truePositive + FalsePositive * falsePositive + FalseNegative * falseNegative + TrueNegative * trueNegative) / Rows;

    /// <summary>The counts of both sides together.</summary>
    public static ConfusionMatrix operator +(ConfusionMatrix left, ConfusionMatrix right) => new(
        left.TruePositive + right.TruePositive, left.FalsePositive + right.FalsePositive, left.FalseNegative + right.FalseNegative, left.TrueNegative + right.TrueNegative);

    internal ConfusionMatrix With(bool truth, bool predicted) => (truth, predicted) switch
    {
        (true, true) => this with { TruePositive = TruePositive + 1 },
        (true, false) => this with { FalseNegative = FalseNegative + 1 },
        (false, true) => this with { FalsePositive = FalsePositive + 1 },
        _ => this with { TrueNegative = TrueNegative + 1 },
    };

    double Share(long part, long whole) => Rows == 0 ? double.NaN : whole == 0 ? 0 : (double)part / whole;
}
