namespace Drift;

/// <summary>The rows of a multiclass model whose scores can be brought to the sum 1, and those scores per class.</summary>
sealed record NormalisedRows(int[] Rows, double[][] Scores)
{
    public static NormalisedRows Of(MulticlassOutcomes outcomes, ReadOnlySpan<int> rows)
    {
        var classes = outcomes.ScoreClasses.Count;
        var kept = new List<int>();
        var scores = Enumerable.Range(0, classes).Select(_ => new List<double>()).ToArray();
        var row = new double[classes];
        foreach (var i in rows)
        {
            for (var c = 0; c < classes; c++) row[c] = outcomes.Scores(c)[i];
            var sum = Sum(row);
            if (double.IsNaN(sum)) continue;
            kept.Add(i);
            for (var c = 0; c < classes; c++) scores[c].Add(row[c] / sum);
        }
        return new([.. kept], [.. scores.Select(s => s.ToArray())]);
    }

    /// <summary>
    /// What a row is divided by; NaN when it cannot be normalised. Probabilities that sum to 1 but for rounding stay as they are: dividing by
    /// 1.0000000000000002 would part equal scores.
    /// </summary>
    public static double Sum(ReadOnlySpan<double> row)
    {
        double sum = 0;
        foreach (var score in row) sum += score;
        return !(sum > 0) || !double.IsFinite(sum) ? double.NaN : Math.Abs(sum - 1) < 1e-9 ? 1 : sum;
    }
}
