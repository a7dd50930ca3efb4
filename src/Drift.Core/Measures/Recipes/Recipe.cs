namespace Drift.Recipes;

/// <summary>Another system's whole choice: its measures by canonical name, its default test per column and its thresholds.</summary>
/// <remarks>
/// For teams that migrate: the numbers and verdicts they know, column by column. A reading's verdict is that system's (warning = it would have said "drift"), its detail names the recipe and
/// the threshold; nothing is adjusted for the number of columns and no row minimum is asked, because those systems do neither. Nulls and NaN are left out.
/// </remarks>
public sealed partial class Recipe
{
    const int Chunks = 10;

    readonly RecipeMeasure[] measures;
    readonly Func<RecipeColumn, string> choose;

    Recipe(string name, Func<RecipeColumn, string> choose, params RecipeMeasure[] measures) => (Name, this.choose, this.measures) = (name, choose, measures);

    /// <summary>The recipe's name, for example <c>evidently</c>.</summary>
    public string Name { get; }

    /// <summary>The names that <see cref="Find"/> knows.</summary>
    public static IReadOnlyList<string> Names => names;

    /// <summary>The measures that the recipe defines, by canonical name.</summary>
    public IReadOnlyList<string> Measures => [.. measures.Select(m => m.Name)];

    /// <summary>The recipe of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists them.</exception>
    public static Recipe Find(string name) =>
        all.FirstOrDefault(r => r.Name == name) ?? throw new ArgumentException($"no recipe '{name}'; there are {DriftReport.OwnRecipe}, {string.Join(", ", names)}", nameof(name));

    /// <summary>Compares rows with rows by this recipe.</summary>
    /// <exception cref="ArgumentException">A column named in the options does not exist.</exception>
    public IReadOnlyList<Reading> Compare(Table reference, Table current, CompareOptions? options = null)
    {
        var asked = options ?? CompareOptions.Default;
        var readings = new List<Reading>();
        foreach (var spec in Wanted(reference.Schema, current.Schema, asked))
            Add(readings, asked, spec, (reference.Find(spec.Name), current.Find(spec.Name)) switch
            {
                (NumericColumn before, NumericColumn now) => new RecipeColumn(spec, before.Sample(), now.Sample()),
                (CategoricalColumn before, CategoricalColumn now) => new RecipeColumn(spec, before, now),
                _ => null,
            }, "the two sides have no such column of the same kind");
        return WithDataset(readings, asked);
    }

    /// <summary>Compares profiles by this recipe: categorical columns only, because the recipes cut numeric ones by rules that need the rows.</summary>
    /// <exception cref="ArgumentException">A column named in the options does not exist.</exception>
    public IReadOnlyList<Reading> Compare(Profile reference, Profile current, CompareOptions? options = null)
    {
        var asked = options ?? CompareOptions.Default;
        var readings = new List<Reading>();
        foreach (var spec in Wanted(reference.Schema, current.Schema, asked))
        {
            var (before, now) = (reference.Find(spec.Name)?.Categories, current.Find(spec.Name)?.Categories);
            // Rows beyond the kept categories are one more cell on either side, the unseen ones another.
            var column = before is null || now is null ? null
                : new RecipeColumn(spec, [.. before.Categories, "other", "unseen"], [.. before.Counts, before.Other, 0], [.. now.Counts, now.Other, now.Unseen]);
            Add(readings, asked, spec, column, spec.Kind == ColumnKind.Numeric
                ? $"the recipe {Name} needs the rows of both sides; a profile keeps only counts in Drift's own cells"
                : "the two sides have no such column of the same kind");
        }
        return WithDataset(readings, asked);
    }

    /// <summary>Evidently's last word: the share of columns that drifted, and whether it reaches half. Only by its default tests, one per column.</summary>
    List<Reading> WithDataset(List<Reading> readings, CompareOptions options)
    {
        if (DatasetShare is not { } threshold || options.Measures is not null || readings.Count < 2) return readings;
        var judged = readings.Where(reading => reading.Verdict != Verdict.None).ToArray();
        var share = judged.Length == 0 ? double.NaN : judged.Count(reading => reading.Verdict == Verdict.Warning) / (double)judged.Length;
        readings.Add(new()
        {
            Measure = DatasetMeasure,
            Segment = options.Segment,
            Kind = ReadingKind.Drift,
            Value = share,
            Rows = readings.Max(reading => reading.Rows),
            Status = double.IsNaN(share) ? ReadingStatus.NotApplicable : ReadingStatus.Ok,
            Verdict = double.IsNaN(share) ? Verdict.None : share >= threshold ? Verdict.Warning : Verdict.Ok,
            Detail = new() { Recipe = Name, Reason = double.IsNaN(share) ? "no column could be judged" : null, Numbers = [new("threshold", threshold)] },
        });
        return readings;
    }

    /// <summary>The measure of the whole side in a recipe that judges it: the share of columns that drifted.</summary>
    public const string DatasetMeasure = "drifted_columns";

    /// <summary>From which share of drifted columns on the recipe calls the whole data set drifted; null when it does not say.</summary>
    public double? DatasetShare { get; private init; }

    static IEnumerable<ColumnSpec> Wanted(Schema reference, Schema current, CompareOptions options)
    {
        foreach (var name in options.Columns ?? [])
            if (reference.Find(name) is null && current.Find(name) is null) throw new ArgumentException($"neither side has a column '{name}'");
        return reference.Columns.Where(spec => spec.IsCompared && (options.Columns is null || options.Columns.Contains(spec.Name)));
    }

    void Add(List<Reading> readings, CompareOptions options, ColumnSpec spec, RecipeColumn? column, string missing)
    {
        foreach (var name in options.Measures ?? (column is null ? [measures[0].Name] : [choose(column)]))
            readings.Add(Read(spec, column, name, missing) with { Column = spec.Name, Role = spec.Role, Segment = options.Segment });
    }

    Reading Read(ColumnSpec spec, RecipeColumn? column, string name, string missing)
    {
        var reading = new Reading { Measure = name, Kind = ReadingKind.Drift, Rows = column?.CurrentSize ?? 0, Detail = new() { Recipe = Name } };
        Reading Without(ReadingStatus status, string reason) => reading with { Status = status, Detail = reading.Detail! with { Reason = reason } };
        if (measures.FirstOrDefault(m => m.Name == name) is not { } measure)
            return Without(ReadingStatus.NotApplicable, $"the recipe {Name} has no measure {name}; it has {string.Join(", ", Measures)}");
        if (column is null) return Without(ReadingStatus.NotApplicable, missing);
        if ((spec.Kind == ColumnKind.Numeric ? measure.Numeric : measure.Categorical) is not { } compute)
            return Without(ReadingStatus.NotApplicable, $"the recipe {Name} has {name} for {(spec.Kind == ColumnKind.Numeric ? "categorical" : "numeric")} columns only");
        try
        {
            var test = compute(column);
            if (double.IsNaN(test.Statistic)) return Without(ReadingStatus.NotApplicable, "the value is not defined for these data");
            var threshold = measure.Rule == RecipeRule.Chunks ? Threshold(compute, column) : measure.Threshold;
            return reading with
            {
                Value = test.Statistic,
                PValue = double.IsNaN(test.PValue) ? null : test.PValue,
                Verdict = double.IsNaN(threshold) ? Verdict.None : measure.Exceeds(test, threshold) ? Verdict.Warning : Verdict.Ok,
                Detail = reading.Detail! with { Numbers = double.IsNaN(threshold) ? [] : [new("threshold", threshold)] },
            };
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return Without(ReadingStatus.Failed, error.Message);
        }
    }

    static double Threshold(Func<RecipeColumn, TwoSampleTest> compute, RecipeColumn column)
    {
        var values = new List<double>();
        for (var i = 0; i < Chunks; i++)
            if (column.Chunk(i, Chunks) is { } chunk && compute(chunk).Statistic is var value && !double.IsNaN(value)) values.Add(value);
        return values.Count < Chunks ? double.NaN : NannyML.Threshold(values.ToArray());
    }
}

/// <summary>When a recipe says "drift".</summary>
enum RecipeRule
{
    /// <summary>The value is at least the threshold.</summary>
    AtLeast,

    /// <summary>The value is above the threshold.</summary>
    Above,

    /// <summary>The p-value is under the threshold.</summary>
    P,

    /// <summary>The value is above mean + 3 deviations over the reference's own chunks.</summary>
    Chunks,

    /// <summary>The recipe gives no threshold.</summary>
    Never,
}

/// <summary>One measure of a recipe: how it is computed on either kind of column, and when it says "drift". A value without a test has the p-value NaN.</summary>
sealed record RecipeMeasure(
    string Name, Func<RecipeColumn, TwoSampleTest>? Numeric, Func<RecipeColumn, TwoSampleTest>? Categorical, RecipeRule Rule, double Threshold = double.NaN)
{
    public bool Exceeds(TwoSampleTest test, double threshold) => Rule switch
    {
        RecipeRule.AtLeast => test.Statistic >= threshold,
        RecipeRule.P => test.PValue < threshold,
        _ => test.Statistic > threshold,
    };
}
