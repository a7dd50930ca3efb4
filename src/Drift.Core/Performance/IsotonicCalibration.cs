namespace Drift;

/// <summary>
/// A rising function from scores to probabilities: the least-squares isotonic regression of the truth on the score (pool adjacent violators, Ayer et
/// al. 1955), linear between the pooled blocks and constant beyond the scores that were seen (as scikit-learn's IsotonicRegression clips).
/// </summary>
public sealed class IsotonicCalibration
{
    /// <summary>The folds over which it is decided whether calibration helps.</summary>
    public const int Folds = 10;

    readonly double[] scores;
    readonly double[] probabilities;

    internal IsotonicCalibration(double[] scores, double[] probabilities) => (this.scores, this.probabilities) = (scores, probabilities);

    /// <summary>Leaves scores as they are, between 0 and 1.</summary>
    public static IsotonicCalibration None { get; } = new([], []);

    /// <summary>Whether scores are left as they are.</summary>
    public bool IsNone => scores.Length == 0;

    /// <summary>The scores at the knots, strictly ascending.</summary>
    public ReadOnlySpan<double> Scores => scores;

    /// <summary>The probabilities at the knots, never falling.</summary>
    public ReadOnlySpan<double> Probabilities => probabilities;

    /// <summary>The regression of a sample; rows whose score is NaN are passed over. Without a row it is <see cref="None"/>.</summary>
    public static IsotonicCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        var tally = ScoreTally.Of(scores, positive);
        ReadOnlySpan<double> keys = tally.Keys;
        ReadOnlySpan<long> up = tally.PositivesByKey, down = tally.NegativesByKey;
        // Blocks of neighbouring scores: first and last key, positives, rows.
        var blocks = new Stack<(int First, int Last, double Positives, double Rows)>();
        for (var i = 0; i < keys.Length; i++)
        {
            (int First, int Last, double Positives, double Rows) block = (i, i, up[i], up[i] + down[i]);
            while (blocks.TryPeek(out var before) && before.Positives * block.Rows >= block.Positives * before.Rows)
            {
                blocks.Pop();
                block = (before.First, block.Last, before.Positives + block.Positives, before.Rows + block.Rows);
            }
            blocks.Push(block);
        }
        var (xs, ys) = (new List<double>(), new List<double>());
        foreach (var (first, last, positives, rows) in blocks.Reverse())
            foreach (var at in first == last ? (int[])[first] : [first, last])
            {
                xs.Add(keys[at]);
                ys.Add(positives / rows);
            }
        return new([.. xs], [.. ys]);
    }

    /// <summary>
    /// The regression where it lowers the expected calibration error on rows held out (10 folds, the same on every run), else <see cref="None"/>.
    /// Also none when a class is missing.
    /// </summary>
    public static IsotonicCalibration FitWhereItHelps(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        if (!positive.Contains(true) || !positive.Contains(false)) return None;
        CalibrationCurve before = CalibrationCurve.Empty, after = CalibrationCurve.Empty;
        for (var fold = 0; fold < Folds; fold++)
        {
            var (learn, learnTruth, test, testTruth) = (new List<double>(), new List<bool>(), new List<double>(), new List<bool>());
            for (var i = 0; i < scores.Length; i++)
            {
                if (double.IsNaN(scores[i])) continue;
                var held = Groups.Of(i, Folds) == fold;
                (held ? test : learn).Add(scores[i]);
                (held ? testTruth : learnTruth).Add(positive[i]);
            }
            var fitted = Fit([.. learn], [.. learnTruth]);
            bool[] truth = [.. testTruth];
            before += CalibrationCurve.Of([.. test.Select(None.Of)], truth);
            after += CalibrationCurve.Of([.. test.Select(fitted.Of)], truth);
        }
        return after.Error < before.Error ? Fit(scores, positive) : None;
    }

    /// <summary>The probability of a score; NaN of NaN.</summary>
    public double Of(double score)
    {
        if (double.IsNaN(score)) return double.NaN;
        if (scores.Length == 0) return Math.Clamp(score, 0, 1);
        var at = Array.BinarySearch(scores, score);
        if (at >= 0) return probabilities[at];
        at = ~at;
        if (at == 0) return probabilities[0];
        if (at == scores.Length) return probabilities[^1];
        var share = (score - scores[at - 1]) / (scores[at] - scores[at - 1]);
        // Between an infinite knot and a finite one there is no line: the finite one speaks.
        if (!double.IsFinite(share)) return probabilities[double.IsInfinity(scores[at]) ? at - 1 : at];
        return probabilities[at - 1] + share * (probabilities[at] - probabilities[at - 1]);
    }
}

/// <summary>Divides rows into groups at random, the same on every run.</summary>
static class Groups
{
    /// <summary>The group of a row: SplitMix64's finaliser of its number.</summary>
    public static int Of(long row, int groups)
    {
        var x = unchecked((ulong)row * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15);
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return (int)((x ^ (x >> 31)) % (ulong)groups);
    }
}
