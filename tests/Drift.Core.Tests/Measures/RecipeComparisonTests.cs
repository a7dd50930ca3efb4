using Drift.Recipes;

namespace Drift.Core.Tests.Measures;

/// <summary>Whole comparisons by another system's choices.</summary>
public sealed class RecipeComparisonTests
{
    static readonly double[] x = [.. Enumerable.Range(1, 1000).Select(i => Math.Sqrt(i))];
    static readonly double[] y = [.. Enumerable.Range(1, 600).Select(i => 1.1 * Math.Sqrt(i) + 0.3)];

    static string[] Text(params (string Value, int Count)[] parts) => [.. parts.SelectMany(p => Enumerable.Repeat(p.Value, p.Count))];

    static Table Table(double[] number, string[] text) => new(
    [
        new NumericColumn(ColumnSpec.Numeric("x"), number),
        CategoricalColumn.Of(ColumnSpec.Categorical("c"), [.. Enumerable.Range(0, number.Length).Select(i => i < text.Length ? text[i] : null)]),
    ]);

    static readonly Table reference = Table(x, Text(("a", 500), ("b", 300), ("c", 200)));
    static readonly Table current = Table(y, Text(("a", 200), ("b", 150), ("c", 100), ("d", 50)));

    static Reading One(string recipe, string column, string? measure = null) =>
        Comparison.Compare(reference, current, new() { Recipe = recipe, Columns = [column], Measures = measure is null ? null : [measure] }).Single();

    [Theory]
    [InlineData("evidently", "x", "ks", 0.258, 0.05, Verdict.Warning)]
    [InlineData("evidently", "c", "chi2", double.PositiveInfinity, 0.05, Verdict.Warning)]
    [InlineData("azureml", "x", "wasserstein_norm", 0.3779205656, 0.1, Verdict.Warning)]
    [InlineData("azureml", "c", "js", 0.2324129365435581, 0.1, Verdict.Warning)]
    [InlineData("deepchecks", "x", "ks", 0.258, 0.2, Verdict.Warning)]
    [InlineData("deepchecks", "c", "cramers_v", 0.22935825779954314, 0.2, Verdict.Warning)]
    [InlineData("nannyml", "x", "js", 0.36537922932773587, double.NaN, Verdict.Ok)]
    [InlineData("nannyml", "c", "js", 0.2324129365435581, double.NaN, Verdict.Ok)]
    [InlineData("scouter", "c", "psi", 2.094641, double.NaN, Verdict.None)]
    [InlineData("frouros", "x", "psi", 130.81778850359535, double.NaN, Verdict.None)]
    public void Defaults_follow_the_system(string recipe, string column, string measure, double value, double threshold, Verdict verdict)
    {
        var reading = One(recipe, column);
        Assert.Equal(measure, reading.Measure);
        Assert.Equal(recipe, reading.Detail!.Recipe);
        Near.Equal(value, reading.Value, 1e-6, recipe);
        Assert.Equal(verdict, reading.Verdict);
        Assert.Equal(ReadingKind.Drift, reading.Kind);
        if (!double.IsNaN(threshold)) Assert.Equal(threshold, reading.Detail.Numbers.Single(n => n.Key == "threshold").Value);
    }

    /// <summary>Sorted columns: every chunk is another world, so the reference's own chunks set a threshold that nothing exceeds.</summary>
    [Fact]
    public void NannyMLs_threshold_comes_from_the_references_chunks()
    {
        var reading = One("nannyml", "x");
        var chunks = Enumerable.Range(0, 10).Select(i => NannyML.Js(x, x.AsSpan(i * 100, 100))).ToArray();
        Near.Equal(NannyML.Threshold(chunks), reading.Detail!.Numbers.Single().Value, 1e-12, "threshold");
        double[] shuffled = [.. x];
        var random = new SeededRandom(1);
        random.Shuffle(shuffled.AsSpan());
        var table = Table(shuffled, []);
        Assert.Equal(Verdict.Warning, Comparison.Compare(table, current, new() { Recipe = "nannyml", Columns = ["x"] }).Single().Verdict);
        Assert.Equal(Verdict.Ok, Comparison.Compare(table, table.Slice(0, 400), new() { Recipe = "nannyml", Columns = ["x"] }).Single().Verdict);
    }

    [Fact]
    public void Every_measure_of_every_recipe_gives_a_value_on_a_column_of_its_kind()
    {
        foreach (var name in Recipe.Names)
        {
            var recipe = Recipe.Find(name);
            var readings = Comparison.Compare(reference, current, new() { Recipe = name, Measures = recipe.Measures });
            Assert.Equal(2 * recipe.Measures.Count, readings.Count);
            foreach (var measure in recipe.Measures)
                Assert.True(measure is "fisher" or "z_test" || readings.Any(r => r.Measure == measure && r.Status == ReadingStatus.Ok && !double.IsNaN(r.Value)), $"{name} {measure}");
            Assert.All(readings, r => Assert.True(r.Status == ReadingStatus.Ok || r.Detail!.Reason is not null));
        }
    }

    [Fact]
    public void Two_values_get_the_tests_of_rates_as_numbers_and_as_categories()
    {
        double[] a = [.. Enumerable.Range(0, 100).Select(i => i < 45 ? 1.0 : 0)], b = [.. Enumerable.Range(0, 100).Select(i => i < 30 ? 1.0 : 0)];
        var one = Comparison.Compare(Table(a, Text(("yes", 45), ("no", 55))), Table(b, Text(("yes", 30), ("no", 70))), new() { Recipe = "evidently" });
        Assert.All(one.Take(2), r => Assert.Equal("z_test", r.Measure));
        Assert.All(one.Take(2), r => Near.Equal(0.02845973691631055, r.PValue!.Value, 1e-12, r.Column));
    }

    /// <summary>Half of the columns drifted: Evidently calls the data set drifted.</summary>
    [Fact]
    public void Evidently_judges_the_whole_data_set_by_the_share_of_drifted_columns()
    {
        Reading Whole(params Column[] now)
        {
            Table before = new([reference.Columns[0], reference.Columns[0].With(ColumnSpec.Numeric("y")), reference.Columns[0].With(ColumnSpec.Numeric("z"))]);
            return Comparison.Compare(before, new(now), new() { Recipe = "evidently" })[^1];
        }
        Column Same(string name) => reference.Columns[0].With(ColumnSpec.Numeric(name));
        Column Moved(string name) => new NumericColumn(ColumnSpec.Numeric(name), x.Select(v => v + 5).ToArray());
        Assert.Equal(("drifted_columns", "", 1 / 3.0, Verdict.Ok), (Whole(Moved("x"), Same("y"), Same("z")).Measure, Whole(Moved("x"), Same("y"), Same("z")).Column, Whole(Moved("x"), Same("y"), Same("z")).Value, Whole(Moved("x"), Same("y"), Same("z")).Verdict));
        Assert.Equal((2 / 3.0, Verdict.Warning), (Whole(Moved("x"), Same("y"), Moved("z")).Value, Whole(Moved("x"), Same("y"), Moved("z")).Verdict));
    }

    [Fact]
    public void What_a_recipe_cannot_do_is_said()
    {
        Assert.Contains("no measure kuiper; it has psi", One("evidently", "x", "kuiper").Detail!.Reason);
        Assert.Contains("categorical columns only", One("deepchecks", "x", "cramers_v").Detail!.Reason);
        Assert.Contains("evidently", Assert.Throws<ArgumentException>(() => One("evidentle", "x")).Message);
        Assert.Throws<ArgumentException>(() => One("evidently", "nowhere"));

        var profile = ProfileBuilder.ForReference(reference.Schema).Add(reference).ToProfile();
        var window = ProfileBuilder.ForWindow(profile).Add(current).ToProfile();
        var readings = Comparison.Compare(profile, window, new() { Recipe = "deepchecks" });
        Assert.Contains("needs the rows", readings.Single(r => r.Column == "x").Detail!.Reason);
        Near.Equal(0.22935825779954314, readings.Single(r => r.Column == "c").Value, 1e-12, "from profiles");
    }

    [Fact]
    public void The_report_names_the_recipe()
    {
        var report = DriftReport.Compare(reference, current, new() { Recipe = "azureml" });
        Assert.Equal("azureml", report.Recipe);
        Assert.Contains("\"recipe\":\"azureml\"", report.ToJson());
        Assert.Equal("deequ", DriftReport.Compare(report.Reference, report.Current, new() { Recipe = "deequ" }).Recipe);
    }
}
