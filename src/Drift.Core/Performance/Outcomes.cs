namespace Drift;

/// <summary>A table read as a model's answers and, where known, their truth: one step from columns to tallies.</summary>
public abstract class Outcomes
{
    private protected Outcomes(Table table, ModelColumns columns) => (Table, Columns) = (table, columns);

    /// <summary>What was read.</summary>
    public Table Table { get; }

    /// <summary>Where everything stands, with the positive class and the score classes filled in.</summary>
    public ModelColumns Columns { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows => Table.Rows;

    /// <summary>The tally of some rows.</summary>
    public abstract IPerformanceTally Tally(ReadOnlySpan<int> rows);

    /// <summary>The tally of all rows.</summary>
    public IPerformanceTally Tally() => Tally(Enumerable.Range(0, Rows).ToArray());

    /// <summary>Reads a table.</summary>
    /// <exception cref="ArgumentException">A column is missing or cannot be what it should be; the message says which and why.</exception>
    public static Outcomes Of(Table table, ModelColumns columns) => columns.Task switch
    {
        PerformanceTask.Binary => BinaryOutcomes.Read(table, columns),
        PerformanceTask.Multiclass => MulticlassOutcomes.Read(table, columns),
        PerformanceTask.Regression => RegressionOutcomes.Read(table, columns),
        _ => RankingOutcomes.Read(table, columns),
    };

    private protected static Column Required(Table table, string? name, string what) => name is null
        ? throw new ArgumentException($"no column is named as the {what}")
        : table.Find(name) ?? throw new ArgumentException($"there is no column '{name}' ({what})");

    private protected static Column? Optional(Table table, string? name, string what) => name is null ? null : Required(table, name, what);

    /// <summary>The numbers of a column, NaN for null.</summary>
    private protected static double[] Numbers(Column column, string what)
    {
        if (column is not NumericColumn numbers) throw new ArgumentException($"column '{column.Spec.Name}' is no numbers, as the {what} must be");
        var values = numbers.Values.ToArray();
        for (var i = 0; i < values.Length; i++)
            if (numbers.IsNull(i)) values[i] = double.NaN;
        return values;
    }

    private protected static double[] Unknown(int rows)
    {
        var values = new double[rows];
        Array.Fill(values, double.NaN);
        return values;
    }
}

/// <summary>The answers of a model with two classes.</summary>
public sealed class BinaryOutcomes : Outcomes
{
    BinaryOutcomes(Table table, ModelColumns columns, sbyte[] truth, sbyte[] predicted, double[] scores) : base(table, columns) => (Truth, Predicted, Scores) = (truth, predicted, scores);

    /// <summary>1 positive, 0 negative, -1 unknown.</summary>
    public IReadOnlyList<sbyte> Truth { get; }

    /// <summary>1 positive, 0 negative, -1 no answer.</summary>
    public IReadOnlyList<sbyte> Predicted { get; }

    /// <summary>The probability of the positive class; NaN where there is none.</summary>
    public IReadOnlyList<double> Scores { get; }

    /// <inheritdoc/>
    public override IPerformanceTally Tally(ReadOnlySpan<int> rows)
    {
        var counter = new BinaryCounter();
        foreach (var i in rows) counter.Add(Flag(Truth[i]), Flag(Predicted[i]), Scores[i]);
        return counter.ToTally();
    }

    static bool? Flag(sbyte value) => value < 0 ? null : value == 1;

    internal static BinaryOutcomes Read(Table table, ModelColumns columns)
    {
        if (columns.Scores.Count > 1) throw new ArgumentException("a binary model has one score, the probability of the positive class");
        if (columns.Prediction is null && columns.Scores.Count == 0) throw new ArgumentException("neither a prediction nor a score column is named");
        var truth = Optional(table, columns.Truth, "truth") is { } t ? ClassCodes.Of(t) : null;
        var answer = Optional(table, columns.Prediction, "prediction") is { } p ? ClassCodes.Of(p) : null;
        var scores = columns.Scores.Count == 0 ? Unknown(table.Rows) : Numbers(Required(table, columns.Scores[0].Column, "score"), "score");
        var positive = columns.Positive ?? (columns.Scores.Count > 0 ? columns.Scores[0].Class : null) ?? Positive([.. truth?.Occurring() ?? [], .. answer?.Occurring() ?? []]);
        Check(truth, answer, columns, positive);
        var none = new sbyte[table.Rows];
        Array.Fill(none, (sbyte)-1);
        return new(table, columns with { Positive = positive }, truth?.Against(positive) ?? none,
            answer?.Against(positive) ?? Array.ConvertAll(scores, s => (sbyte)(double.IsNaN(s) ? -1 : s >= 0.5 ? 1 : 0)), scores);
    }

    static string Positive(string[] names) => names.FirstOrDefault(ClassCodes.IsYes) ?? (names.Length == 0 ? "1" : ClassCodes.Order(names)[^1]);

    /// <summary>Truth and answers must speak of the same two classes, and one of them be the positive one: else every answer would silently be wrong.</summary>
    static void Check(ClassCodes? truth, ClassCodes? answer, ModelColumns columns, string positive)
    {
        foreach (var (codes, name) in (ReadOnlySpan<(ClassCodes?, string?)>)[(truth, columns.Truth), (answer, columns.Prediction)])
            if (codes is not null && Classes(codes).Length > 2) throw new ArgumentException($"column '{name}' has more than two classes ({Some(codes)}): the task is not binary");
        if (truth is not null && answer is not null && Classes(truth).Union(Classes(answer), StringComparer.Ordinal).Count() > 2)
            throw new ArgumentException($"truth '{columns.Truth}' ({Some(truth)}) and prediction '{columns.Prediction}' ({Some(answer)}) do not speak of the same two classes");
        // Rows of one class alone may well all be negative.
        string[] both = [.. Enumerable.Union(truth is null ? [] : Classes(truth), answer is null ? [] : Classes(answer), StringComparer.Ordinal)];
        if (both.Length == 2 && !both.Contains(ClassCodes.Canonical(positive), StringComparer.Ordinal))
            throw new ArgumentException($"the positive class is '{positive}', but the classes are {string.Join(" and ", ClassCodes.Order(both))}");
    }

    static string[] Classes(ClassCodes codes) => [.. codes.Occurring().Select(ClassCodes.Canonical).Distinct(StringComparer.Ordinal).Take(3)];

    static string Some(ClassCodes codes) => ClassCodes.Order(codes.Occurring()) is var names && names.Length > 5 ? string.Join(", ", names.Take(5)) + ", .." : string.Join(", ", names);
}

/// <summary>The answers of a regression.</summary>
public sealed class RegressionOutcomes : Outcomes
{
    RegressionOutcomes(Table table, ModelColumns columns, double[] truth, double[] predicted) : base(table, columns) => (Truth, Predicted) = (truth, predicted);

    /// <summary>What it was; NaN while unknown.</summary>
    public IReadOnlyList<double> Truth { get; }

    /// <summary>What the model said; NaN when it did not answer.</summary>
    public IReadOnlyList<double> Predicted { get; }

    /// <inheritdoc/>
    public override IPerformanceTally Tally(ReadOnlySpan<int> rows)
    {
        var counter = new RegressionCounter();
        foreach (var i in rows) counter.Add(Truth[i], Predicted[i]);
        return counter.ToTally();
    }

    internal static RegressionOutcomes Read(Table table, ModelColumns columns) => new(table, columns,
        Optional(table, columns.Truth, "truth") is { } truth ? Numbers(truth, "truth of a regression") : Unknown(table.Rows),
        Numbers(Required(table, columns.Prediction, "prediction"), "prediction of a regression"));
}
