using FsCheck;
using FsCheck.Fluent;

namespace Drift.Core.Tests.Measures;

/// <summary>Whatever the data hold, every measure gives a value, or a status with the reason; nothing throws, and a NaN never stands alone.</summary>
public sealed class BadInputTests
{
    // The permutation test alone would take most of the time.
    static readonly CompareOptions all = new() { Measures = [.. Measure.All.Select(measure => measure.Name).Where(name => name != "mmd"), "rows"] };

    static readonly double[][] shapes =
    [
        [], [1], [double.NaN, double.NaN], [double.PositiveInfinity, double.NegativeInfinity], [double.PositiveInfinity], [1e308, -1e308, 1e308],
        [double.Epsilon, 0, -double.Epsilon], [0, -0.0], [double.MaxValue, double.MinValue, 0, double.NaN, double.PositiveInfinity],
        [.. Enumerable.Repeat(3.0, 300)], [.. Enumerable.Range(0, 300).Select(i => (double)i)], [.. Enumerable.Range(0, 300).Select(i => 1e12 + i * 1e-3)],
        [.. Enumerable.Range(0, 300).Select(i => i * 1e305)], [.. Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? double.NaN : i)], [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? double.PositiveInfinity : -i)],
    ];

    static readonly string?[][] texts = [[], [null], ["a"], [null, null, null], ["a", "b", null, ""], [.. Enumerable.Repeat("x", 300)], [.. Enumerable.Range(0, 300).Select(i => $"id{i}")], [.. Enumerable.Range(0, 300).Select(i => $"{i % 7}")]];

    [Fact]
    public void Every_pair_of_awkward_columns_as_rows_and_as_profiles()
    {
        foreach (var reference in shapes)
            foreach (var current in shapes)
                Check(Numbers(reference), Numbers(current));
        foreach (var reference in texts)
            foreach (var current in texts)
                Check(Texts(reference), Texts(current));
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

    static Table Texts(string?[] values) => new([CategoricalColumn.Of(ColumnSpec.Categorical("x"), values)]);

    static void Check(Table reference, Table current)
    {
        Sound(DriftReport.Compare(reference, current, all));
        var profile = ProfileBuilder.ForReference(reference.Schema).Add(reference).ToProfile();
        Sound(DriftReport.Compare(profile, ProfileBuilder.ForWindow(profile).Add(current).ToProfile(), all));
    }

    static void Sound(DriftReport report)
    {
        foreach (var reading in report.Readings)
        {
            Assert.False(reading.Status == ReadingStatus.Failed, $"{reading.Measure}: {reading.Detail?.Reason}");
            if (reading.Status == ReadingStatus.Ok) Assert.False(double.IsNaN(reading.Value), reading.Measure);
            else Assert.False(string.IsNullOrEmpty(reading.Detail?.Reason), reading.Measure);
            if (reading.PValue is { } p) Assert.True(p is >= 0 and <= 1, $"{reading.Measure}: p = {p}");
            if (reading.PAdjusted is { } adjusted) Assert.InRange(adjusted, 0, 1);
        }
        foreach (var form in (string[])[report.ToString(), report.ToJson(), report.ToMarkdown(), report.ToHtml()]) Assert.NotEmpty(form);
    }

    static readonly Arbitrary<(double[], double[])> Columns = (
        from special in Gen.Elements(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e308, -1e308, double.Epsilon, 0.0)
        from r in Gen.Frequency((1, Gen.Constant(special)), (3, Gen.Choose(-5, 5).Select(x => (double)x)), (1, Gen.Choose(0, 1000).Select(x => x * 1e300))).ArrayOf(300)
        from c in Gen.Frequency((2, Gen.Constant(special)), (3, Gen.Choose(-9, 9).Select(x => x / 2.0))).ArrayOf(260)
        select (r, c)).ToArbitrary();
}
