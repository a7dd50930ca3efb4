namespace Drift;

/// <summary>The answers of a model with several classes.</summary>
public sealed class MulticlassOutcomes : Outcomes
{
    readonly ClassCodes? truth;
    readonly ClassCodes? predicted;
    readonly double[][] scores;

    MulticlassOutcomes(Table table, ModelColumns columns, ClassCodes? truth, ClassCodes? predicted, double[][] scores) : base(table, columns)
    {
        (this.truth, this.predicted, this.scores) = (truth, predicted, scores);
        ScoreClasses = [.. columns.Scores.Select(s => s.Class!)];
    }

    /// <summary>The classes that the scores stand for, in their order.</summary>
    public IReadOnlyList<string> ScoreClasses { get; }

    /// <summary>The class that a row was; null while unknown.</summary>
    public string? Truth(int row) => truth?[row];

    /// <summary>The class that the model said; null when it did not answer.</summary>
    public string? Predicted(int row) => predicted?[row];

    /// <summary>The scores of a class, as they are in the table; NaN where there is none.</summary>
    public ReadOnlySpan<double> Scores(int at) => scores[at];

    /// <inheritdoc/>
    public override IPerformanceTally Tally(ReadOnlySpan<int> rows)
    {
        var counter = new MulticlassCounter(ScoreClasses);
        var row = new double[scores.Length];
        foreach (var i in rows)
        {
            for (var c = 0; c < row.Length; c++) row[c] = scores[c][i];
            counter.Add(Truth(i), Predicted(i), row);
        }
        return counter.ToTally();
    }

    internal static MulticlassOutcomes Read(Table table, ModelColumns columns)
    {
        if (columns.Prediction is null && columns.Scores.Count == 0) throw new ArgumentException("neither a prediction nor score columns are named");
        var truth = Optional(table, columns.Truth, "truth") is { } t ? ClassCodes.Of(t) : null;
        var scores = Named(columns, truth);
        var numbers = scores.Select(s => Numbers(Required(table, s.Column, "score"), "score")).ToArray();
        var predicted = Optional(table, columns.Prediction, "prediction") is { } p ? ClassCodes.Of(p) : null;
        return new(table, columns with { Scores = scores }, truth, predicted, numbers);
    }

    /// <summary>The score columns with their classes: unnamed ones stand for the classes of the truth in order.</summary>
    static ScoreColumn[] Named(ModelColumns columns, ClassCodes? truth)
    {
        if (columns.Scores.All(s => s.Class is not null))
            return columns.Scores.Select(s => s.Class).Distinct(StringComparer.Ordinal).Count() == columns.Scores.Count ? [.. columns.Scores] : throw new ArgumentException("a class has two score columns");
        if (columns.Scores.Any(s => s.Class is not null)) throw new ArgumentException("either all score columns name their class, or none does");
        var classes = ClassCodes.Order(truth?.Occurring() ?? []);
        if (classes.Length != columns.Scores.Count)
            throw new ArgumentException($"{columns.Scores.Count} score columns for {classes.Length} classes ({string.Join(", ", classes.Take(10))}): name them as class=column");
        return [.. columns.Scores.Zip(classes, (s, name) => new ScoreColumn(name, s.Column))];
    }
}

/// <summary>The items of a ranking, one row per item.</summary>
public sealed class RankingOutcomes : Outcomes
{
    readonly ClassCodes query;
    readonly double[] relevance;
    readonly double[] scores;

    RankingOutcomes(Table table, ModelColumns columns, ClassCodes query, double[] relevance, double[] scores) : base(table, columns) =>
        (this.query, this.relevance, this.scores) = (query, relevance, scores);

    /// <inheritdoc/>
    public override IPerformanceTally Tally(ReadOnlySpan<int> rows) => Queries(rows).Aggregate(RankingTally.Empty, (all, one) => all + one.Tally);

    /// <summary>The tally of each query among some rows, in the order of their first item. Items without a query are left out.</summary>
    public IReadOnlyList<(string Query, RankingTally Tally)> Queries(ReadOnlySpan<int> rows)
    {
        var items = new Dictionary<int, List<int>>();
        foreach (var i in rows)
        {
            if (query.Codes[i] < 0) continue;
            if (!items.TryGetValue(query.Codes[i], out var own)) items.Add(query.Codes[i], own = []);
            own.Add(i);
        }
        return [.. items.Select(entry => (query.Names[entry.Key],
            RankingTally.OfQuery([.. entry.Value.Select(i => relevance[i])], [.. entry.Value.Select(i => scores[i])], Columns.Cut)))];
    }

    internal static RankingOutcomes Read(Table table, ModelColumns columns) => new(table, columns,
        ClassCodes.Of(Required(table, columns.Query, "query of a ranking")),
        Optional(table, columns.Truth, "relevance") is { } truth ? Numbers(truth, "relevance") : Unknown(table.Rows),
        Numbers(Required(table, columns.Prediction ?? (columns.Scores.Count > 0 ? columns.Scores[0].Column : null), "score of a ranking"), "score of a ranking"));
}
