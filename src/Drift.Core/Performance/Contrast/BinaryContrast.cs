namespace Drift;

/// <summary>The contrast of two binary models.</summary>
static class BinaryContrast
{
    public static IEnumerable<Contrasted> Of(BinaryOutcomes first, BinaryOutcomes second, ContrastOptions how)
    {
        double[] Rows(BinaryOutcomes o, Func<int, double> value) => [.. Enumerable.Range(0, o.Rows).Select(i => o.Truth[i] < 0 ? double.NaN : value(i))];
        Contrasted Rate(string measure, Func<BinaryOutcomes, int, double> value) => Contrasted.Rate(measure, Rows(first, i => Decided(first, i, value)), Rows(second, i => Decided(second, i, value)), how);
        Contrasted Mean(string measure, Func<double, sbyte, double> loss) => Contrasted.Mean(measure, Rows(first, i => loss(first.Scores[i], first.Truth[i])), Rows(second, i => loss(second.Scores[i], second.Truth[i])), how);
        var rare = Rare(first, second);
        var found = new List<Contrasted>();
        var resampled = new List<string>();
        if (Answered(first) && Answered(second))
        {
            found.Add(Rate("accuracy", (o, i) => o.Truth[i] == o.Predicted[i] ? 1 : 0));
            found.Add(Rate("recall", (o, i) => o.Truth[i] == 1 ? o.Predicted[i] : double.NaN) with { Missing = rare });
            found.Add(Rate("specificity", (o, i) => o.Truth[i] == 0 ? 1 - o.Predicted[i] : double.NaN) with { Missing = rare });
            // Paired, the models say yes to different rows, so their precisions share only some: no test of rates fits.
            if (how.Paired) resampled.Add("precision");
            else found.Add(Rate("precision", (o, i) => o.Predicted[i] == 1 ? o.Truth[i] : double.NaN) with { Missing = rare });
            resampled.Add("f1");
        }
        if (Scored(first) && Scored(second))
        {
            found.Add(Area(first, second, how) with { Missing = rare });
            found.Add(Mean("log_loss", LogLoss));
            found.Add(Mean("brier", (p, was) => (p - was) * (p - was)));
            resampled.AddRange(["aupr", "ece"]);
        }
        found.AddRange(Resampling.Of(first, second, resampled, how).Select(one => one with { Missing = rare }));
        // Recall and its kin rest on part of the rows; whether a side is large enough is asked of all of its labelled rows.
        return found.Select(one => one with { FirstRows = first.Truth.LongCount(t => t >= 0), SecondRows = second.Truth.LongCount(t => t >= 0) });
    }

    static double Decided(BinaryOutcomes o, int i, Func<BinaryOutcomes, int, double> value) => o.Predicted[i] < 0 ? double.NaN : value(o, i);

    static double LogLoss(double score, sbyte was)
    {
        var p = Math.Clamp(score, BinaryCounter.Clip, 1 - BinaryCounter.Clip);
        return -Math.Log(was == 1 ? p : 1 - p);
    }

    static Contrasted Area(BinaryOutcomes first, BinaryOutcomes second, ContrastOptions how)
    {
        double[] Scores(BinaryOutcomes o) => [.. Enumerable.Range(0, o.Rows).Select(i => o.Truth[i] < 0 ? double.NaN : o.Scores[i])];
        bool[] Positive(BinaryOutcomes o) => [.. o.Truth.Select(t => t == 1)];
        var difference = how.Paired
            ? DeLong.ComparePaired(Positive(first), Scores(first), Scores(second), how.Level)
            : DeLong.Compare(ScoreTally.Of(Scores(first), Positive(first)), ScoreTally.Of(Scores(second), Positive(second)), how.Level);
        return new("auc", difference, 0, 0);
    }

    static bool Answered(BinaryOutcomes o) => o.Predicted.Any(p => p >= 0);

    static bool Scored(BinaryOutcomes o) => o.Scores.Any(s => !double.IsNaN(s));

    static string? Rare(BinaryOutcomes first, BinaryOutcomes second)
    {
        foreach (var (side, o) in (ReadOnlySpan<(string, BinaryOutcomes)>)[("champion", first), ("challenger", second)])
            foreach (var (name, flag) in (ReadOnlySpan<(string, int)>)[("positive", 1), ("negative", 0)])
                if (o.Truth.Count(t => t == flag) is var rows and < Contrasts.LeastOfClass) return $"needs {Contrasts.LeastOfClass} {name} rows a side, the {side} has {rows}";
        return null;
    }
}
