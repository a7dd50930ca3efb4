namespace Drift.Core.Tests.Measures;

/// <summary>duplicate_rate, outlier_rate and what the signature allows: from rows, and from profiles where those know enough.</summary>
public sealed class QualityMeasuresTests
{
    static Reading One(IReadOnlyList<Reading> readings, string measure, string column = "") => readings.Single(r => r.Measure == measure && r.Column == column);

    static Table Table(params double[] values) => new([new NumericColumn(ColumnSpec.Numeric("x"), values)]);

    [Fact]
    public void Rows_that_repeat_an_earlier_one_are_counted_over_all_compared_columns()
    {
        Table Rows(double[] x, string?[] c, double[] id) => new([
            new NumericColumn(ColumnSpec.Numeric("x"), x, Validity.Of(x.Length, i => x[i] != 9)), CategoricalColumn.Of(ColumnSpec.Categorical("c"), c), new NumericColumn(ColumnSpec.Numeric("id", ColumnRole.Id), id),
        ]);
        Assert.Equal(0, DuplicateRows.Count(Rows([1, 1, 2], ["a", "b", "a"], [1, 2, 3])));
        Assert.Equal(2, DuplicateRows.Count(Rows([1, 1, 1, 2], ["a", "a", "a", "a"], [1, 2, 3, 4])));
        Assert.Equal(3, DuplicateRows.Count(Rows([0, -0.0, double.NaN, -double.NaN, 9, 9], ["a", "a", null, null, "z", "z"], [1, 2, 3, 4, 5, 6])));
        Assert.Equal(0, DuplicateRows.Count(Rows([9, double.NaN], [null, null], [1, 1])));
        Assert.Equal(0, DuplicateRows.Count(new([new NumericColumn(ColumnSpec.Numeric("id", ColumnRole.Id), (double[])[1, 1])])));
    }

    [Fact]
    public void Duplicates_are_a_rate_with_a_test_and_a_floor()
    {
        var random = new SeededRandom(1);
        double[] Fresh(int rows) => [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())];
        double[] reference = Fresh(2000), current = Fresh(950);
        var repeated = One(Comparison.Compare(Table(reference), Table([.. current, .. current[..50]]), new() { Measures = ["duplicate_rate"] }), "duplicate_rate");
        Assert.Equal((0.05, 0.0, Verdict.Warning, ReadingKind.Quality), (repeated.Value, repeated.ReferenceValue!.Value, repeated.Verdict, repeated.Kind));
        Assert.True(repeated.PAdjusted < 1e-10);
        Assert.Equal(Verdict.Ok, One(Comparison.Compare(Table(reference), Table(current), new() { Measures = ["duplicate_rate"] }), "duplicate_rate").Verdict);
        Assert.Equal(ReadingStatus.InsufficientData, One(Comparison.Compare(Table(reference), Table(1, 1), new() { Measures = ["duplicate_rate"] }), "duplicate_rate").Status);
        var profile = ProfileBuilder.ForReference(Table(reference).Schema).Add(Table(reference)).ToProfile();
        Assert.Contains("rows of both", One(Comparison.Compare(profile, profile, new() { Measures = ["duplicate_rate"] }), "duplicate_rate").Detail!.Reason);
    }

    [Fact]
    public void Outliers_lie_beyond_the_references_outer_points_from_rows_or_from_its_sketch()
    {
        var random = new SeededRandom(2);
        double[] reference = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextNormal() * 3 + 20)], current = [.. Enumerable.Range(0, 2000).Select(i => i < 100 ? 100 + i : random.NextNormal() * 3 + 20)];
        var rows = One(Comparison.Compare(Table(reference), Table(current), new() { Measures = ["outlier_rate"] }), "outlier_rate", "x");
        Assert.Equal(0.002, rows.ReferenceValue!.Value, 1e-4);
        Assert.InRange(rows.Value, 0.05, 0.055);
        Assert.Equal(Verdict.Warning, rows.Verdict);
        Assert.Equal(20 + 3 * 3.09, rows.Detail!.Numbers.Single(n => n.Key == "high").Value, 0.5);

        var profile = ProfileFormat.Read(ProfileFormat.Write(ProfileBuilder.ForReference(Table(reference).Schema).Add(Table(reference)).ToProfile()));
        var sketched = One(Comparison.Compare(profile, Table(current), new() { Measures = ["outlier_rate"] }), "outlier_rate", "x");
        Assert.InRange(sketched.ReferenceValue!.Value, 0.0005, 0.002);
        Assert.InRange(sketched.Value, 0.05, 0.055);
        Assert.Equal(Verdict.Warning, sketched.Verdict);
        var window = ProfileBuilder.ForWindow(profile).Add(Table(current)).ToProfile();
        Assert.Contains("rows of the current side", One(Comparison.Compare(profile, window, new() { Measures = ["outlier_rate"] }), "outlier_rate", "x").Detail!.Reason);
        Assert.NotEqual(ReadingStatus.Ok, One(Comparison.Compare(Table([double.NaN]), Table(current), new() { Measures = ["outlier_rate"] }), "outlier_rate", "x").Status);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(3.0)]
    [InlineData(-7.5)]
    public void The_sketchs_tails_hold_a_constant(double value)
    {
        var (low, high, beyond) = QuantileSketch.OfSorted([value, value, value]).Tails(0.001);
        Assert.True(low <= value && value <= high && beyond == 0);
        Assert.Equal(QuantileSketch.Of([3, -1, 2, 0, 1e-12]).Counts.ToArray(), QuantileSketch.OfSorted([-1, 0, 1e-12, 2, 3]).Counts.ToArray());
    }

    static readonly Schema strict = Schema.Of(
        ColumnSpec.Numeric("age") with { Min = 0, Max = 120, Nullable = false }, ColumnSpec.Categorical("country") with { Allowed = ["DE", "FR"] }, ColumnSpec.Numeric("free"));

    static Table People(double[] age, string?[] country) => new([
        new NumericColumn(strict.Columns[0], age), CategoricalColumn.Of(strict.Columns[1], country), new NumericColumn(strict.Columns[2], age)]);

    /// <summary>Values that the signature forbids are violations on both sides, by rows, by profile, by stored window and after a merge.</summary>
    [Fact]
    public void What_the_signature_forbids_is_a_violation()
    {
        var reference = People([.. Enumerable.Range(0, 1000).Select(i => (double)(i % 100))], [.. Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? "DE" : "FR")]);
        double[] age = [.. Enumerable.Range(0, 1000).Select(i => i < 30 ? -1 : i < 50 ? double.PositiveInfinity : i < 60 ? double.NaN : i % 100)];
        var current = People(age, [.. Enumerable.Range(0, 1000).Select(i => i < 20 ? "XX" : i < 30 ? null : i < 45 ? new string('y', 300) : "FR")]);

        void Check(IReadOnlyList<Reading> readings)
        {
            Assert.Equal((0.05, 0.0, Verdict.Critical), (One(readings, "violation_rate", "age").Value, One(readings, "violation_rate", "age").ReferenceValue!.Value, One(readings, "violation_rate", "age").Verdict));
            Assert.Equal((0.035, Verdict.Critical), (One(readings, "violation_rate", "country").Value, One(readings, "violation_rate", "country").Verdict));
            Assert.Equal(Verdict.Ok, One(readings, "violation_rate", "free").Verdict);
        }

        Check(Comparison.Compare(reference, current));
        var built = ProfileBuilder.ForReference(strict).Add(reference).ToProfile();
        var profile = ProfileFormat.Read(ProfileFormat.Write(built));
        Assert.Equal((0.0, 120.0, false), (profile.Columns[0].Spec.Min!.Value, profile.Columns[0].Spec.Max!.Value, profile.Columns[0].Spec.Nullable));
        Assert.Equal(strict.Columns[1].Allowed, profile.Columns[1].Spec.Allowed);
        Assert.Equal(built.Id, profile.Id);
        var window = ProfileBuilder.ForWindow(profile).Add(current).ToProfile();
        Check(Comparison.Compare(profile, window));
        Check(Comparison.Compare(profile, ProfileFormat.ReadCounts(ProfileFormat.WriteCounts(window), profile)));
        Check(Comparison.Compare(profile, ProfileFormat.Read(ProfileFormat.Write(window))));

        ProfileBuilder first = ProfileBuilder.ForWindow(profile).Add(current.Slice(0, 25)), second = ProfileBuilder.ForWindow(profile);
        second.Load(first.ToProfile());
        Check(Comparison.Compare(profile, second.Add(current.Slice(25, 975)).ToProfile()));
        Check(Comparison.Compare(profile, first.ToProfile() + ProfileBuilder.ForWindow(profile).Add(current.Slice(25, 975)).ToProfile()));
        first.Clear();
        Assert.Equal(0, first.ToProfile().Columns[0].Violations);

        var bytes = ProfileBuilder.ForWindow(profile);
        foreach (var text in (string[])["DE", "XX", new string('y', 300)]) bytes.AddUtf8(1, System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Equal(2, bytes.ToProfile().Columns[1].Violations);
        Assert.Equal(2, ProfileBuilder.ForReference(strict).Add("country", ["DE", "XX", "YY"]).ToProfile().Columns[1].Violations);
    }
}
