namespace Drift;

/// <summary>Compares two sides column by column and gives the readings with their significance and the default verdict of one window.</summary>
/// <remarks>
/// Columns with role id, time, truth, service or ignore take no part. A column that only one side has is one violation. Multiple testing: Benjamini-Hochberg within the drift readings
/// (one p-value per column: the smallest of its tests' times their number) and within the quality readings (one per column and rate). Readings that are not ok are no members.
/// A measure that fails gives a failed reading and never stops another.
/// </remarks>
public static class Comparison
{
    /// <summary>Compares a window with its reference. Both must have the same cells (<see cref="ProfileBuilder.ForWindow"/>).</summary>
    /// <exception cref="ArgumentException">A measure or column named in the options does not exist.</exception>
    public static IReadOnlyList<Reading> Compare(Profile reference, Profile current, CompareOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(current);
        if (options is { IsOwnRecipe: false }) return Recipes.Recipe.Find(options.Recipe).Compare(reference, current, options);
        return Compare(new Side(reference, null), new Side(current, null), options ?? CompareOptions.Default);
    }

    /// <summary>Compares rows with rows: the reference's cells are chosen from its rows, and the measures that need raw samples (ks, the two-sample tests) are exact.</summary>
    /// <param name="reference">The reference's rows.</param>
    /// <param name="current">The current rows.</param>
    /// <param name="options">What to compare and when to call it drift.</param>
    /// <param name="bins">How many cells a numeric column gets.</param>
    /// <param name="rule">How its cells are chosen.</param>
    /// <exception cref="ArgumentException">A measure or column named in the options does not exist.</exception>
    public static IReadOnlyList<Reading> Compare(
        Table reference, Table current, CompareOptions? options = null, int bins = 10, BinningRule rule = BinningRule.Default)
    {
        if (options is { IsOwnRecipe: false }) return Recipes.Recipe.Find(options.Recipe).Compare(reference, current, options);
        var (before, now) = Profiles(reference, current, bins, rule);
        return Compare(new Side(before, reference), new Side(now, current), options ?? CompareOptions.Default, bins, rule);
    }

    /// <summary>Both tables as profiles over the reference's cells.</summary>
    internal static (Profile Reference, Profile Current) Profiles(Table reference, Table current, int bins = 10, BinningRule rule = BinningRule.Default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(current);
        var before = ProfileBuilder.ForReference(reference.Schema, bins, rule).Add(reference).ToProfile();
        return (before, ProfileBuilder.ForWindow(before).Add(current).ToProfile());
    }

    /// <summary>Compares rows with a reference's profile: what needs the rows of the current side alone is there, what needs both is not.</summary>
    /// <exception cref="ArgumentException">A measure or column named in the options does not exist.</exception>
    public static IReadOnlyList<Reading> Compare(Profile reference, Table current, CompareOptions? options = null) => WithWindow(reference, current, options).Readings;

    /// <summary>The same, with the profile that the rows became.</summary>
    internal static (Profile Window, IReadOnlyList<Reading> Readings) WithWindow(Profile reference, Table current, CompareOptions? options)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(current);
        var window = ProfileBuilder.ForWindow(reference).Add(current).ToProfile();
        if (options is { IsOwnRecipe: false }) return (window, Recipes.Recipe.Find(options.Recipe).Compare(reference, window, options));
        return (window, Compare(new Side(reference, null), new Side(window, current), options ?? CompareOptions.Default));
    }

    /// <summary>Compares rows with rows whose profiles are made already.</summary>
    internal static IReadOnlyList<Reading> Compare(in Side reference, in Side current, CompareOptions options, int bins, BinningRule rule) => Compare(
        reference, current, options is { Threshold.Width: not null, Baselines: null } ? options with { Baselines = MeasureBaselines.Of(reference.Rows!, null, options, bins, rule) } : options);

    internal static IReadOnlyList<Reading> Compare(in Side reference, in Side current, CompareOptions options)
    {
        using var run = new ComparisonRun(options, reference.Profile, current.Profile);
        foreach (var column in reference.Profile.Columns)
        {
            if (!run.Wants(column.Spec)) continue;
            if (current.Find(column.Name) is { } other && other.Spec.Kind == column.Spec.Kind)
                run.Compare(column, other, reference.Sample(column.Name), current.Sample(column.Name));
            else if (current.SpecOf(column.Name) is { } found)
                run.Violation(column.Spec, $"the reference's column is {Word(column.Spec)}, the current side's is {Word(found)}");
            else
                run.Violation(column.Spec, "the current side has no such column");
        }
        foreach (var spec in current.Specs())
            if (reference.SpecOf(spec.Name) is null && run.Wants(spec))
                run.Violation(spec, "the reference has no such column");
        if (options.Measures?.Contains(DuplicateRows.Name) == true) run.Whole(DuplicateRows.Measure, DuplicateRows.Compute(reference.Rows, current.Rows));
        var readings = run.Judge();
        return options.Measures is null && options.Vectors.Count == 0 ? readings : [.. readings, .. WholeWindow.Read(reference, current, options)];
    }

    static string Word(ColumnSpec spec) => spec.Kind == ColumnKind.Numeric ? "numeric" : "categorical";

    /// <summary>One side: its profile, and its rows where they are at hand.</summary>
    internal readonly struct Side(Profile profile, Table? table)
    {
        public Profile Profile => profile;

        public Table? Rows => table;

        /// <summary>The column's profile; null where the rows, which a profile fills up with nulls, have no such column or one of another kind.</summary>
        public ColumnProfile? Find(string name) => table is not null && table.Find(name) is not { } ? null : profile.Find(name);

        public NumericColumn? Sample(string name) => table?.Find(name) as NumericColumn;

        public ColumnSpec? SpecOf(string name) => table is null ? profile.Find(name)?.Spec : table.Find(name)?.Spec;

        public IEnumerable<ColumnSpec> Specs() => table is null ? profile.Columns.Select(column => column.Spec) : table.Schema.Columns;
    }
}
