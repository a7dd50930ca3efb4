using FsCheck;
using FsCheck.Fluent;

namespace Drift.Core.Tests.Measures;

/// <summary>Whatever the data hold, every measure gives a value, or a status with the reason; nothing throws, and a NaN never stands alone.</summary>
public sealed class BadInputTests
{
    // The permutation test alone would take most of the time.
    static readonly CompareOptions all = new() { Measures = [.. Measure.All.Select(measure => measure.Name).Where(name => name != "mmd"), "rows", "duplicate_rate", "reconstruction_error"] };

    static readonly double[][] shapes =
    [
        [], [1], [double.NaN, double.NaN], [double.PositiveInfinity, double.NegativeInfinity], [double.PositiveInfinity], [1e308, -1e308, 1e308],
        [double.Epsilon, 0, -double.Epsilon], [0, -0.0], [double.MaxValue, double.MinValue, 0, double.NaN, double.PositiveInfinity],
        [.. Enumerable.Repeat(3.0, 300)], [.. Enumerable.Range(0, 300).Select(i => (double)i)], [.. Enumerable.Range(0, 300).Select(i => 5000.0 + i)], [.. Enumerable.Range(0, 300).Select(i => i * double.Epsilon)], [.. Enumerable.Range(0, 300).Select(i => 1e12 + i * 1e-3)],
        [.. Enumerable.Range(0, 300).Select(i => i * 1e305)], [.. Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? double.NaN : i)], [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? double.PositiveInfinity : -i)],
    ];

    static readonly string?[][] texts = [[], [null], ["a"], [null, null, null], ["a", "b", null, ""], [.. Enumerable.Repeat("x", 300)], [.. Enumerable.Repeat("never seen", 300)], [.. Enumerable.Repeat((string?)null, 300)], [.. Enumerable.Range(0, 300).Select(i => $"id{i}")], [.. Enumerable.Range(0, 300).Select(i => $"{i % 7}")]];

    [Fact]
    public void Every_pair_of_awkward_columns_as_rows_and_as_profiles()
    {
        foreach (var reference in shapes)
            foreach (var current in shapes)
                Check(Numbers(reference), Numbers(current));
        foreach (var reference in texts)
            foreach (var current in texts)
                Check(Texts(reference), Texts(current));
        foreach (var other in (Table[])[Numbers(shapes[^1]), Nulls(300), Nulls(1), Texts(texts[^1])])
        {
            Check(Nulls(300), other);
            Check(other, Nulls(300));
        }
    }

    /// <summary>One cell cannot differ: nothing is divided by its degrees of freedom.</summary>
    [Fact]
    public void One_cell()
    {
        foreach (var reference in shapes)
            foreach (var current in shapes)
                Sound(DriftReport.Compare(Numbers(reference), Numbers(current), all, bins: 1, rule: BinningRule.Uniform));
    }

    [Fact]
    public void Every_recipe_on_every_pair()
    {
        foreach (var name in Recipes.Recipe.Names)
        {
            var options = new CompareOptions { Recipe = name, Measures = Recipes.Recipe.Find(name).Measures };
            foreach (var reference in shapes)
                foreach (var current in shapes) Sound(DriftReport.Compare(Numbers(reference), Numbers(current), options), forms: false);
            foreach (var reference in texts)
                foreach (var current in texts) Sound(DriftReport.Compare(Texts(reference), Texts(current), options), forms: false);
        }
    }

    [Fact]
    public void Limits_from_chunks_classifiers_and_pairs_of_rows()
    {
        Table[] tables = [.. shapes.Select(Numbers), .. texts.Select(Texts), Nulls(300)];
        var chunks = new CompareOptions { Threshold = ThresholdRule.Chunks() };
        var trained = new CompareOptions { Measures = ["domain_auc", "reconstruction_error"] };
        for (var i = 0; i < tables.Length; i++)
        {
            var (reference, current) = (tables[i], tables[(i + 1) % tables.Length]);
            Sound(DriftReport.Compare(reference, current, chunks));
            Sound(DriftReport.Compare(reference, current, trained));
            Sound(DriftReport.Compare(current, reference, trained));
            Table With(Table table) => new([.. table.Columns, new NumericColumn(ColumnSpec.Numeric("id", ColumnRole.Id), Enumerable.Range(0, table.Rows).Select(row => (double)row).ToArray())]);
            Sound(DriftReport.ComparePaired(With(reference), With(current), "id"));
        }
    }

    /// <summary>A deviation that no double holds is no measure of a distance: nothing is said to be 0 times it.</summary>
    [Fact]
    public void A_distance_in_deviations_beyond_the_largest_double_is_not_defined()
    {
        var readings = Comparison.Compare(Numbers([1.7e308, -1.7e308, 1.7e308, 0]), Numbers([0, 0, 1.7e308, 0]), new() { Measures = ["wasserstein", "wasserstein_norm"] });
        Assert.True(readings[0].Value > 1e307);
        Assert.Equal(double.NaN, readings[1].Value);
        Assert.NotNull(readings[1].Detail?.Reason);
    }

    /// <summary>The bare tests: a statistic and a p-value in range, or neither.</summary>
    [Fact]
    public void Every_test_on_every_pair_of_samples()
    {
        Func<double[], double[], TwoSampleTest>[] tests =
        [
            (x, y) => KolmogorovSmirnov.Test(x, y), (x, y) => KolmogorovSmirnov.Test(x, y, Alternative.Less, PValueMethod.Exact), (x, y) => KolmogorovSmirnov.Test(x, y, method: PValueMethod.Asymptotic), (x, y) => Kuiper.Test(x, y),
            (x, y) => CramerVonMises.Test(x, y), (x, y) => CramerVonMises.Test(x, y, PValueMethod.Asymptotic), (x, y) => AndersonDarling.Test(x, y), (x, y) => AndersonDarling.Test(x, y, PValueMethod.Asymptotic),
            (x, y) => MannWhitney.Test(x, y), (x, y) => TTest.Welch(x, y), (x, y) => TTest.Student(x, y), (x, y) => EppsSingleton.Test(x, y), (x, y) => new(Wasserstein.Distance(x, y), double.NaN), (x, y) => new(Wasserstein.Energy(x, y), double.NaN),
        ];
        foreach (var x in shapes)
            foreach (var y in shapes)
                for (var i = 0; i < tests.Length; i++)
                {
                    var test = tests[i](x, y);
                    Assert.True(double.IsNaN(test.PValue) || test.PValue is >= 0 and <= 1 && !double.IsNaN(test.Statistic), $"test {i}: {test} on [{string.Join(' ', x.Take(4))}] and [{string.Join(' ', y.Take(4))}]");
                }
    }

    [Fact]
    public void Sides_of_different_length_are_refused_with_both_lengths()
    {
        long[] two = [1, 2], three = [1, 2, 3];
        Action[] calls =
        [
            () => Divergence.Psi(two, three), () => Divergence.Kl(two, three), () => Divergence.Js(two, three), () => Divergence.Hellinger(two, three), () => Divergence.TotalVariation(two, three), () => Divergence.LInfinity(two, three),
            () => Divergence.Bhattacharyya(two, three), () => Contingency.ChiSquare(two, three), () => Contingency.ChiSquareYates(two, three), () => Contingency.GTest(two, three), () => Contingency.GoodnessOfFit(two, three), () => Contingency.CramersV(two, three),
            () => Recipes.Evidently.Psi(two, three), () => Recipes.NannyML.Js(two, three), () => Recipes.AzureML.Psi(two, three), () => Recipes.Deepchecks.Psi(two, three), () => Recipes.Deepchecks.CramersV(two, three),
        ];
        foreach (var call in calls)
        {
            var message = Assert.Throws<ArgumentException>(call).Message;
            Assert.Contains("2", message, StringComparison.Ordinal);
            Assert.Contains("3", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_permutation_test_too()
    {
        for (var i = 0; i < shapes.Length; i++)
            Sound(DriftReport.Compare(Numbers(shapes[i]), Numbers(shapes[(i + 1) % shapes.Length]), new() { Measures = ["mmd"] }));
    }

    [Fact]
    public void Random_mixtures_of_special_values() =>
        Prop.ForAll(Columns, pair =>
        {
            Check(Numbers(pair.Item1), Numbers(pair.Item2));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public void A_table_without_a_column_or_a_row()
    {
        Assert.Empty(Comparison.Compare(new Table([]), new Table([])));
        Assert.Equal("no drift: 0 rows against 0 of the reference\n", DriftReport.Compare(new Table([]), new Table([])).ToString());
    }

    static Table Numbers(double[] values) => new([new NumericColumn(ColumnSpec.Numeric("x"), values)]);

    static Table Nulls(int rows) => new([new NumericColumn(ColumnSpec.Numeric("x"), new double[rows], Validity.Of(rows, _ => false))]);

    static Table Texts(string?[] values) => new([CategoricalColumn.Of(ColumnSpec.Categorical("x"), values)]);

    static void Check(Table reference, Table current)
    {
        Sound(DriftReport.Compare(reference, current, all));
        var profile = ProfileBuilder.ForReference(reference.Schema).Add(reference).ToProfile();
        Sound(DriftReport.Compare(profile, ProfileBuilder.ForWindow(profile).Add(current).ToProfile(), all));
    }

    static void Sound(DriftReport report, bool forms = true)
    {
        foreach (var reading in report.Readings)
        {
            Assert.False(reading.Status == ReadingStatus.Failed, $"{reading.Measure}: {reading.Detail?.Reason}");
            if (reading.Status == ReadingStatus.Ok) Assert.False(double.IsNaN(reading.Value), reading.Measure);
            else Assert.False(string.IsNullOrEmpty(reading.Detail?.Reason), reading.Measure);
            if (reading.PValue is { } p) Assert.True(p is >= 0 and <= 1, $"{reading.Measure}: p = {p}");
            if (reading.PAdjusted is { } adjusted) Assert.InRange(adjusted, 0, 1);
        }
        if (!forms) return;
        foreach (var form in (string[])[report.ToString(), report.ToJson(), report.ToMarkdown(), report.ToHtml()]) Assert.NotEmpty(form);
    }

    static readonly Arbitrary<(double[], double[])> Columns = (
        from special in Gen.Elements(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e308, -1e308, double.Epsilon, 0.0)
        from r in Gen.Frequency((1, Gen.Constant(special)), (3, Gen.Choose(-5, 5).Select(x => (double)x)), (1, Gen.Choose(0, 1000).Select(x => x * 1e300))).ArrayOf(300)
        from c in Gen.Frequency((2, Gen.Constant(special)), (3, Gen.Choose(-9, 9).Select(x => x / 2.0))).ArrayOf(260)
        select (r, c)).ToArbitrary();
}
