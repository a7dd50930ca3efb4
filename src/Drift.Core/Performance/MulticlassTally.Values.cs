namespace Drift;

public sealed partial class MulticlassTally
{
    static readonly (string Name, Func<ConfusionMatrix, double> Of)[] averaged =
        [("precision", c => c.Precision), ("recall", c => c.Recall), ("specificity", c => c.Specificity), ("f1", c => c.F1)];

    /// <inheritdoc/>
    public IReadOnlyList<PerformanceValue> Values()
    {
        var values = new List<PerformanceValue>();
        if (Answered > 0 || Scored == 0) AddDecisions(values);
        if (Scored > 0) AddScores(values);
        return values;
    }

    void AddDecisions(List<PerformanceValue> values)
    {
        var reason = Answered == 0 ? "no row has both truth and prediction" : null;
        // A class that only has a score column is no class of these rows.
        int[] seen = [.. Enumerable.Range(0, classes.Length).Where(at => OneVersusRest(at) is { } c && c.TruePositive + c.FalsePositive + c.FalseNegative > 0)];
        ConfusionMatrix[] each = [.. seen.Select(OneVersusRest)];
        var pooled = each.Aggregate(default(ConfusionMatrix), (a, b) => a + b);
        values.Add(new("accuracy", Answered == 0 ? double.NaN : (double)pooled.TruePositive / Answered, Answered) { Reason = reason, Numbers = Cells() });
        foreach (var (name, of) in averaged)
        {
            values.Add(new(name, Answered == 0 ? double.NaN : each.Average(of), Answered) { Reason = reason });
            values.Add(new(name + "_micro", Answered == 0 ? double.NaN : of(pooled), Answered) { Reason = reason });
            values.Add(new(name + "_weighted", Answered == 0 ? double.NaN : each.Sum(c => of(c) * c.Positives) / Answered, Answered) { Reason = reason });
        }
        for (var i = 0; i < each.Length; i++)
        {
            foreach (var (name, of) in averaged)
                values.Add(new(name, of(each[i]), Answered) { Class = classes[seen[i]], Numbers = [new("support", each[i].Positives)] });
            values.Add(new("support", each[i].Positives, Answered) { Class = classes[seen[i]] });
        }
    }

    void AddScores(List<PerformanceValue> values)
    {
        int[] scored = [.. Enumerable.Range(0, classes.Length).Where(at => ScoresByClass[at] is not null)];
        BoundedValue[] areas = [.. scored.Select(at => ScoresByClass[at]!.Auc())];
        var missing = scored.Where((_, i) => double.IsNaN(areas[i].Value)).Select(at => classes[at]);
        values.Add(PerformanceValue.Of("auc", new(areas.Average(a => a.Value), areas.Average(a => a.Lower), areas.Average(a => a.Upper)), Scored,
            $"one against the rest needs rows of both: {string.Join(", ", missing)}"));
        values.Add(new("log_loss", LogLossSum / Scored, Scored));
        for (var i = 0; i < scored.Length; i++)
            values.Add(PerformanceValue.Of("auc", areas[i], Scored, "one against the rest needs rows of both") with { Class = classes[scored[i]] });
    }

    /// <summary>The confusion matrix as <c>truth>predicted</c>, as far as it is of a size to be read.</summary>
    List<KeyValuePair<string, double>> Cells()
    {
        var cells = new List<KeyValuePair<string, double>>();
        if (classes.Length > 20) return cells;
        for (var t = 0; t < classes.Length; t++)
            for (var p = 0; p < classes.Length; p++)
                if (this[t, p] > 0) cells.Add(new($"{classes[t]}>{classes[p]}", this[t, p]));
        return cells;
    }
}
