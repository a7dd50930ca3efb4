namespace Drift;

/// <summary>
/// What a classifier's measures probably are while the truth is unknown: CBPE, confidence-based performance estimation. Every row counts as its calibrated
/// probability of each outcome. It assumes no concept drift: that a score still means what it meant in the reference.
/// </summary>
/// <remarks>Source: NannyML's CBPE; the calibration is learnt on the reference only, and only where it lowers the calibration error on rows held out.</remarks>
public sealed class ConfidenceEstimator
{
    internal ConfidenceEstimator(IReadOnlyList<string> classes, IReadOnlyList<IsotonicCalibration> calibrations) => (Classes, Calibrations) = (classes, calibrations);

    /// <summary>The classes of the scores; one empty name for a binary model.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The calibration of each class's scores.</summary>
    public IReadOnlyList<IsotonicCalibration> Calibrations { get; }

    /// <summary>Learns from a reference with truth.</summary>
    /// <param name="reference">Answers, scores and truth.</param>
    /// <param name="calibrate">Whether calibration may be used at all.</param>
    /// <exception cref="ArgumentException">There are no scores.</exception>
    public static ConfidenceEstimator Fit(BinaryOutcomes reference, bool calibrate = true)
    {
        if (reference.Columns.Scores.Count == 0) throw new ArgumentException("an estimate needs scores: none is named");
        return new([""], [Calibration([.. reference.Scores], [.. reference.Truth], calibrate)]);
    }

    /// <inheritdoc cref="Fit(BinaryOutcomes, bool)"/>
    public static ConfidenceEstimator Fit(MulticlassOutcomes reference, bool calibrate = true)
    {
        if (reference.ScoreClasses.Count == 0) throw new ArgumentException("an estimate needs scores: none is named");
        var rows = NormalisedRows.Of(reference, Enumerable.Range(0, reference.Rows).ToArray());
        return new(reference.ScoreClasses, [.. reference.ScoreClasses.Select((name, c) => Calibration(rows.Scores[c],
            [.. rows.Rows.Select(i => reference.Truth(i) is { } was ? (sbyte)(was == name ? 1 : 0) : (sbyte)-1)], calibrate))]);
    }

    static IsotonicCalibration Calibration(double[] scores, sbyte[] truth, bool calibrate)
    {
        if (!calibrate) return IsotonicCalibration.None;
        int[] known = [.. Enumerable.Range(0, scores.Length).Where(i => truth[i] >= 0 && !double.IsNaN(scores[i]))];
        return IsotonicCalibration.FitWhereItHelps([.. known.Select(i => scores[i])], [.. known.Select(i => truth[i] == 1)]);
    }

    /// <summary>The estimates for some rows of a binary model; the truth is not looked at.</summary>
    public IReadOnlyList<PerformanceValue> Estimate(BinaryOutcomes outcomes, ReadOnlySpan<int> rows)
    {
        var (scores, probabilities) = (new List<double>(), new List<double>());
        var matrix = default(ExpectedMatrix);
        double logLoss = 0, brier = 0;
        long answered = 0;
        foreach (var i in rows)
        {
            var score = outcomes.Scores[i];
            if (double.IsNaN(score)) continue;
            var p = Calibrations[0].Of(score);
            scores.Add(score);
            probabilities.Add(p);
            var clipped = Math.Clamp(score, BinaryCounter.Clip, 1 - BinaryCounter.Clip);
            logLoss -= p * Math.Log(clipped) + (1 - p) * Math.Log(1 - clipped);
            brier += p * (1 - score) * (1 - score) + (1 - p) * score * score;
            if (outcomes.Predicted[i] < 0) continue;
            answered++;
            matrix = matrix.With(outcomes.Predicted[i] == 1, p);
        }
        if (scores.Count == 0) return [new("auc", double.NaN, 0) { Reason = "no row has a score" }];
        var values = new List<PerformanceValue>();
        if (answered > 0) AddDecisions(values, matrix, answered);
        var (auc, aupr) = ExpectedAreas.Of([.. scores], [.. probabilities]);
        var n = scores.Count;
        values.AddRange([new("auc", auc, n), new("aupr", aupr, n), new("log_loss", logLoss / n, n), new("brier", brier / n, n)]);
        return values;
    }

    static void AddDecisions(List<PerformanceValue> values, ExpectedMatrix m, long rows) => values.AddRange(
    [
        new("accuracy", m.Accuracy, rows) { Numbers = [new("tp", m.TruePositive), new("fp", m.FalsePositive), new("fn", m.FalseNegative), new("tn", m.TrueNegative)] },
        new("precision", m.Precision, rows), new("recall", m.Recall, rows), new("specificity", m.Specificity, rows), new("f1", m.F1, rows),
    ]);

    /// <summary>The estimates for some rows of a model with several classes; the truth is not looked at.</summary>
    public IReadOnlyList<PerformanceValue> Estimate(MulticlassOutcomes outcomes, ReadOnlySpan<int> rows)
    {
        var normal = NormalisedRows.Of(outcomes, rows);
        var n = normal.Rows.Length;
        if (n == 0) return [new("auc", double.NaN, 0) { Reason = "no row has scores" }];
        var calibrated = Calibrate(normal.Scores, n);
        int[] answered = [.. Enumerable.Range(0, n).Where(r => outcomes.Predicted(normal.Rows[r]) is not null)];
        var matrices = Classes.Select((name, c) => answered.Aggregate(default(ExpectedMatrix), (m, r) => m.With(outcomes.Predicted(normal.Rows[r]) == name, calibrated[c][r]))).ToArray();
        var values = new List<PerformanceValue>();
        if (answered.Length > 0) AddAverages(values, matrices, answered.Length);
        var areas = Classes.Select((_, c) => ExpectedAreas.Of(normal.Scores[c], calibrated[c]).Auc).ToArray();
        values.Add(new("auc", areas.Average(), n));
        values.AddRange(Classes.Select((name, c) => new PerformanceValue("auc", areas[c], n) { Class = name }));
        return values;
    }

    /// <summary>Each class calibrated against the rest, then every row brought back to the sum 1; a row that calibration leaves without a class keeps its scores.</summary>
    double[][] Calibrate(double[][] scores, int rows)
    {
        var calibrated = scores.Select((column, c) => Array.ConvertAll(column, Calibrations[c].Of)).ToArray();
        for (var r = 0; r < rows; r++)
        {
            var sum = calibrated.Sum(column => column[r]);
            for (var c = 0; c < calibrated.Length; c++) calibrated[c][r] = sum > 0 ? calibrated[c][r] / sum : scores[c][r];
        }
        return calibrated;
    }

    void AddAverages(List<PerformanceValue> values, ExpectedMatrix[] each, long rows)
    {
        var pooled = each.Aggregate(default(ExpectedMatrix), (a, b) => a + b);
        values.Add(new("accuracy", pooled.TruePositive / rows, rows));
        foreach (var (name, of) in (ReadOnlySpan<(string, Func<ExpectedMatrix, double>)>)[("precision", m => m.Precision), ("recall", m => m.Recall), ("specificity", m => m.Specificity), ("f1", m => m.F1)])
        {
            values.Add(new(name, each.Average(of), rows));
            values.Add(new(name + "_micro", of(pooled), rows));
            values.Add(new(name + "_weighted", each.Sum(m => of(m) * m.Positives) / rows, rows));
            values.AddRange(each.Select((m, c) => new PerformanceValue(name, of(m), rows) { Class = Classes[c] }));
        }
    }
}
