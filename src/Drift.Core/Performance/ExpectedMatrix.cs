namespace Drift;

/// <summary>A confusion matrix of expectations: sums of probabilities where <see cref="ConfusionMatrix"/> has counts. The same conventions.</summary>
readonly record struct ExpectedMatrix(double TruePositive, double FalsePositive, double FalseNegative, double TrueNegative)
{
    public double Rows => TruePositive + FalsePositive + FalseNegative + TrueNegative;

    public double Positives => TruePositive + FalseNegative;

    public double Accuracy => Share(TruePositive + TrueNegative, Rows);

    public double Precision => Share(TruePositive, TruePositive + FalsePositive);

    public double Recall => Share(TruePositive, Positives);

    public double Specificity => Share(TrueNegative, TrueNegative + FalsePositive);

    public double F1 => Share(2 * TruePositive, 2 * TruePositive + FalsePositive + FalseNegative);

    public static ExpectedMatrix operator +(ExpectedMatrix a, ExpectedMatrix b) =>
        new(a.TruePositive + b.TruePositive, a.FalsePositive + b.FalsePositive, a.FalseNegative + b.FalseNegative, a.TrueNegative + b.TrueNegative);

    /// <summary>One more row: what the model said, and how probable the class is.</summary>
    public ExpectedMatrix With(bool predicted, double probability) => predicted
        ? this with { TruePositive = TruePositive + probability, FalsePositive = FalsePositive + 1 - probability }
        : this with { FalseNegative = FalseNegative + probability, TrueNegative = TrueNegative + 1 - probability };

    double Share(double part, double whole) => Rows == 0 ? double.NaN : whole == 0 ? 0 : part / whole;
}

/// <summary>The areas under curves when every row is positive only with a probability.</summary>
static class ExpectedAreas
{
    /// <summary>
    /// AUC and AUPR of rows ordered by score. A row counts as its probability of a positive and the rest of a negative; rows with equal scores are tied.
    /// The order is that of the model's own scores: calibration flattens some and would tie what the realised area keeps apart.
    /// </summary>
    public static (double Auc, double Aupr) Of(double[] scores, double[] probabilities)
    {
        var (keys, p) = ((double[])scores.Clone(), (double[])probabilities.Clone());
        Array.Sort(keys, p);
        double positives = p.Sum(), negatives = p.Length - positives, ordered = 0, steps = 0, seenPositive = 0, seen = 0;
        for (var i = p.Length - 1; i >= 0;)
        {
            var (start, up) = (i, 0.0);
            for (; i >= 0 && keys[i] == keys[start]; i--) up += p[i];
            var (rows, down) = (start - i, start - i - up);
            // Negatives at or above are those that the group's positives do not beat.
            ordered += up * (negatives - (seen - seenPositive) - down / 2);
            steps += up * ((seenPositive + up) / (seen + rows));
            seenPositive += up;
            seen += rows;
        }
        return (positives > 0 && negatives > 0 ? ordered / (positives * negatives) : double.NaN, positives > 0 ? steps / positives : double.NaN);
    }
}
