namespace Drift;

/// <summary>The contrasts of models with several classes, of regressions and of rankings.</summary>
static class OtherContrasts
{
    public static IEnumerable<Contrasted> Of(MulticlassOutcomes first, MulticlassOutcomes second, ContrastOptions how)
    {
        var rare = Rare(first, second);
        double[] Correct(MulticlassOutcomes o) => [.. Enumerable.Range(0, o.Rows).Select(i => o.Truth(i) is { } was && o.Predicted(i) is { } said ? was == said ? 1 : 0 : double.NaN)];
        var accuracy = Contrasted.Rate("accuracy", Correct(first), Correct(second), how);
        List<string> resampled = ["precision", "recall", "f1", "f1_weighted"];
        if (first.ScoreClasses.Count > 0 && second.ScoreClasses.Count > 0) resampled.Add("auc");
        return [accuracy, .. Resampling.Of(first, second, resampled, how).Select(one => one with { Missing = rare, FirstRows = accuracy.FirstRows, SecondRows = accuracy.SecondRows })];
    }

    public static IEnumerable<Contrasted> Of(RegressionOutcomes first, RegressionOutcomes second, ContrastOptions how)
    {
        double[] Losses(RegressionOutcomes o, Func<double, double, double> loss) => [.. Enumerable.Range(0, o.Rows).Select(i => loss(o.Truth[i], o.Predicted[i]))];
        Contrasted Mean(string measure, Func<double, double, double> loss) => Contrasted.Mean(measure, Losses(first, loss), Losses(second, loss), how);
        var means = (Contrasted[])
        [
            Mean("mse", (was, said) => (said - was) * (said - was)),
            Mean("mae", (was, said) => Math.Abs(said - was)),
            Mean("mape", (was, said) => was == 0 ? double.NaN : Math.Abs((said - was) / was)),
            Mean("bias", (was, said) => said - was),
        ];
        return [.. means, .. Resampling.Of(first, second, ["rmse", "r2"], how).Select(one => one with { FirstRows = means[0].FirstRows, SecondRows = means[0].SecondRows })];
    }

    /// <summary>A row is a query here: paired, the queries that both sides have.</summary>
    public static IEnumerable<Contrasted> Of(RankingOutcomes first, RankingOutcomes second, ContrastOptions how)
    {
        var (a, b) = (Queries(first), Queries(second));
        string[] common = [.. a.Keys.Where(b.ContainsKey)];
        double[] Values(Dictionary<string, RankingTally> side, Func<RankingTally, double> of) => how.Paired ? [.. common.Select(q => of(side[q]))] : [.. side.Values.Select(of)];
        Contrasted Mean(string measure, Func<RankingTally, double> of) => Contrasted.Mean(measure, Values(a, of), Values(b, of), how);
        return [Mean("ndcg", q => q.NdcgSum), Mean("map", q => q.PrecisionSum), Mean("mrr", q => q.ReciprocalSum)];
    }

    static Dictionary<string, RankingTally> Queries(RankingOutcomes o) =>
        o.Queries(Enumerable.Range(0, o.Rows).ToArray()).Where(q => q.Tally.Queries > 0).ToDictionary(q => q.Query, q => q.Tally, StringComparer.Ordinal);

    static string? Rare(MulticlassOutcomes first, MulticlassOutcomes second)
    {
        foreach (var (side, o) in (ReadOnlySpan<(string, MulticlassOutcomes)>)[("champion", first), ("challenger", second)])
            foreach (var group in Enumerable.Range(0, o.Rows).Select(o.Truth).OfType<string>().GroupBy(name => name, StringComparer.Ordinal))
                if (group.Count() is var rows and < Contrasts.LeastOfClass) return $"needs {Contrasts.LeastOfClass} rows of every class a side, the {side} has {rows} of {group.Key}";
        return null;
    }
}

/// <summary>The measures without a formula of their own.</summary>
static class Resampling
{
    public static IEnumerable<Contrasted> Of(Outcomes first, Outcomes second, IReadOnlyCollection<string> measures, ContrastOptions how)
    {
        if (!how.Resample || measures.Count == 0 || first.Rows == 0 || second.Rows == 0) return [];
        int[] a = [.. Enumerable.Range(0, first.Rows)], b = [.. Enumerable.Range(0, second.Rows)];
        return Bootstrap.Compare(Reweighted.Of(first, a), Reweighted.Of(second, b), (a.Length, b.Length), how.Paired, measures, how.Level, how.Seed)
            .Select(entry => new Contrasted(entry.Key, entry.Value, first.Rows, second.Rows));
    }
}
