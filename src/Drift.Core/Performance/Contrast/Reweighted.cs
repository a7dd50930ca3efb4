namespace Drift;

/// <summary>Tallies of the same rows under changing weights, in one pass each: what the bootstrap asks for a thousand times. Only the measures that need it are filled in.</summary>
static class Reweighted
{
    public static Func<int[], IPerformanceTally> Of(Outcomes outcomes, int[] rows) => outcomes switch
    {
        BinaryOutcomes binary => Binary(binary, rows),
        MulticlassOutcomes classes => Multiclass(classes, rows),
        RegressionOutcomes regression => Regression(regression, rows),
        _ => throw new ArgumentException("the measures of a ranking are means over queries and need no bootstrap", nameof(outcomes)),
    };

    static Func<int[], IPerformanceTally> Binary(BinaryOutcomes outcomes, int[] rows)
    {
        var scored = Ranked.Of([.. rows.Select(i => outcomes.Truth[i] < 0 ? double.NaN : outcomes.Scores[i])], [.. rows.Select(i => outcomes.Truth[i] == 1)]);
        // Row by row: the cell of the confusion matrix, or -1.
        int[] cells = [.. rows.Select(i => outcomes.Truth[i] < 0 || outcomes.Predicted[i] < 0 ? -1 : 2 * outcomes.Truth[i] + outcomes.Predicted[i])];
        double[] scores = [.. rows.Select(i => outcomes.Scores[i])];
        return weights =>
        {
            var counts = new long[4];
            var (hits, sums, sizes) = (new long[CalibrationCurve.Cells], new double[CalibrationCurve.Cells], new long[CalibrationCurve.Cells]);
            for (var r = 0; r < weights.Length; r++)
            {
                if (weights[r] == 0) continue;
                if (cells[r] >= 0) counts[cells[r]] += weights[r];
                if (scored.At[r] < 0) continue;
                var cell = CalibrationCurve.CellOf(scores[r]);
                sizes[cell] += weights[r];
                sums[cell] += weights[r] * scores[r];
                if (scored.Positive[r]) hits[cell] += weights[r];
            }
            return new BinaryTally { Confusion = new(counts[3], counts[1], counts[2], counts[0]), Scores = scored.Tally(weights), Calibration = new(sizes, hits, sums) };
        };
    }

    static Func<int[], IPerformanceTally> Multiclass(MulticlassOutcomes outcomes, int[] rows)
    {
        string[] classes = [.. rows.SelectMany(i => (string?[])[outcomes.Truth(i), outcomes.Predicted(i)]).OfType<string>().Concat(outcomes.ScoreClasses).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int Index(string? name) => name is null ? -1 : Array.BinarySearch(classes, name, StringComparer.Ordinal);
        int[] truths = [.. rows.Select(i => Index(outcomes.Truth(i)))], answers = [.. rows.Select(i => Index(outcomes.Predicted(i)))];
        var normal = NormalisedRows.Of(outcomes, rows);
        var position = normal.Rows.Select((row, at) => (row, at)).ToDictionary(pair => pair.row, pair => pair.at);
        var ranked = new Ranked?[classes.Length];
        for (var c = 0; c < outcomes.ScoreClasses.Count; c++)
        {
            var own = Index(outcomes.ScoreClasses[c]);
            ranked[own] = Ranked.Of([.. rows.Select((i, r) => truths[r] >= 0 && position.TryGetValue(i, out var at) ? normal.Scores[c][at] : double.NaN)], [.. truths.Select(t => t == own)]);
        }
        return weights =>
        {
            var counts = new long[classes.Length * classes.Length];
            for (var r = 0; r < weights.Length; r++)
                if (truths[r] >= 0 && answers[r] >= 0) counts[truths[r] * classes.Length + answers[r]] += weights[r];
            ScoreTally?[] scores = [.. ranked.Select(one => one?.Tally(weights))];
            return new MulticlassTally(classes, counts, scores) { Scored = scores.FirstOrDefault(s => s is not null) is { } any ? any.Positives + any.Negatives : 0 };
        };
    }

    static Func<int[], IPerformanceTally> Regression(RegressionOutcomes outcomes, int[] rows)
    {
        bool[] usable = [.. rows.Select(i => double.IsFinite(outcomes.Truth[i]) && double.IsFinite(outcomes.Predicted[i]))];
        double[] truths = [.. rows.Select(i => outcomes.Truth[i])], errors = [.. rows.Select(i => outcomes.Predicted[i] - outcomes.Truth[i])];
        long negative = rows.Count(i => outcomes.Truth[i] < 0 || outcomes.Predicted[i] < 0);
        double[] logs = [.. rows.Select(i => negative > 0 ? double.NaN : Math.Pow(SpecialFunctions.Log1p(outcomes.Predicted[i]) - SpecialFunctions.Log1p(outcomes.Truth[i]), 2))];
        return weights =>
        {
            double log = 0;
            for (var r = 0; r < weights.Length; r++)
                if (usable[r]) log += weights[r] * logs[r];
            return new RegressionTally { Truth = Weighted(truths, weights, usable), Errors = Weighted(errors, weights, usable), LogSquareSum = log, Negative = negative };
        };
    }

    static Moments Weighted(double[] values, int[] weights, bool[] usable)
    {
        double sum = 0, squares = 0;
        long n = 0;
        for (var r = 0; r < values.Length; r++)
        {
            if (!usable[r]) continue;
            n += weights[r];
            sum += weights[r] * values[r];
        }
        if (n == 0) return Moments.Empty;
        for (var r = 0; r < values.Length; r++)
            if (usable[r]) squares += weights[r] * (values[r] - sum / n) * (values[r] - sum / n);
        return new(n, sum / n, squares, double.NegativeInfinity, double.PositiveInfinity);
    }

    /// <summary>Scores sorted once: each row knows the place of its score, so that a weighted tally is one pass.</summary>
    sealed record Ranked(double[] Keys, int[] At, bool[] Positive)
    {
        public static Ranked Of(double[] scores, bool[] positive)
        {
            double[] keys = [.. scores.Where(s => !double.IsNaN(s)).Select(s => s + 0.0).Distinct().Order()];
            return new(keys, Array.ConvertAll(scores, s => double.IsNaN(s) ? -1 : Array.BinarySearch(keys, s + 0.0)), positive);
        }

        public ScoreTally Tally(int[] weights)
        {
            var (up, down) = (new long[Keys.Length], new long[Keys.Length]);
            for (var r = 0; r < weights.Length; r++)
                if (At[r] >= 0) (Positive[r] ? up : down)[At[r]] += weights[r];
            return ScoreTally.FromKeys(true, int.MaxValue, Keys, up, down);
        }
    }
}
