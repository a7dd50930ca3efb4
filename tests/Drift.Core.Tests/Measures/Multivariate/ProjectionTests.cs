namespace Drift.Core.Tests.Measures.Multivariate;

/// <summary>reconstruction_error on data whose columns move together, and its document.</summary>
public sealed class ProjectionTests
{
    /// <summary>Two columns that follow a third, one of noise, and a category that follows their sign; with nulls.</summary>
    static Table Rows(int rows, long seed, bool apart = false)
    {
        var random = new SeededRandom(seed);
        double[] a = new double[rows], b = new double[rows], noise = new double[rows];
        var text = new string?[rows];
        for (var i = 0; i < rows; i++)
        {
            a[i] = random.NextNormal();
            b[i] = (apart ? random.NextNormal() : a[i]) * 10 + 1e6;
            noise[i] = random.NextNormal();
            text[i] = random.NextDouble() < 0.1 ? null : (apart ? random.NextNormal() : a[i]) > 0.5 ? "high" : "low";
        }
        return new([
            new NumericColumn(ColumnSpec.Numeric("a"), a, Validity.Of(rows, i => i % 20 != 0)), new NumericColumn(ColumnSpec.Numeric("b"), b), new NumericColumn(ColumnSpec.Numeric("noise"), noise),
            CategoricalColumn.Of(ColumnSpec.Categorical("text"), text), new NumericColumn(ColumnSpec.Numeric("constant"), new double[rows]), new NumericColumn(ColumnSpec.Numeric("id", ColumnRole.Id), a),
        ]);
    }

    static Reading One(Table reference, Table current) => Comparison.Compare(reference, current, new() { Measures = ["reconstruction_error"] }).Single();

    [Fact]
    public void Columns_that_stop_moving_together_are_found_although_each_alone_looks_the_same()
    {
        var reference = Rows(5000, 1);
        var (same, apart) = (One(reference, Rows(1000, 2)), One(reference, Rows(1000, 3, apart: true)));
        Assert.Equal(Verdict.Ok, same.Verdict);
        Assert.Equal(Verdict.Warning, apart.Verdict);
        Assert.True(apart.Value > apart.Detail!.Numbers.Single(n => n.Key == "threshold_upper").Value);
        Assert.All(Comparison.Compare(reference, Rows(1000, 3, apart: true)), reading => Assert.True(reading.Verdict <= Verdict.Ok));
        Assert.Equal(ReadingKind.Drift, apart.Kind);
        Assert.Equal("", apart.Column);
    }

    /// <summary>Fewer rows than a chunk has make the limits wider, so the level stays.</summary>
    [Fact]
    public void Small_windows_without_drift_are_seldom_outside()
    {
        var projection = Projection.Fit(Rows(10_000, 4))!;
        var outside = Enumerable.Range(0, 200).Count(i => projection.Baseline.ForRows(100, projection.ChunkRows).IsOutside(projection.Error(Rows(100, 100 + i))));
        Assert.InRange(outside, 0, 6);
    }

    [Fact]
    public void A_profile_keeps_the_projection()
    {
        var reference = Rows(3000, 5);
        var projection = Projection.Fit(reference)!;
        var profile = ProjectionFormat.AddTo(ProfileBuilder.ForReference(reference.Schema).Add(reference).ToProfile(), projection);
        var read = ProfileFormat.Read(ProfileFormat.Write(profile));
        var window = Rows(700, 6, apart: true);
        Assert.Equal(projection.Error(window), ProjectionFormat.Read(read)!.Error(window));
        var reading = Comparison.Compare(read, window, new() { Measures = ["reconstruction_error"] }).Single();
        Assert.Equal(projection.Error(window), reading.Value);
        Assert.Equal(Verdict.Warning, reading.Verdict);
        var without = Comparison.Compare(ProfileBuilder.ForReference(reference.Schema).Add(reference).ToProfile(), window, new() { Measures = ["reconstruction_error"] }).Single();
        Assert.Contains("--projection", without.Detail!.Reason);
        foreach (var damage in (string[])["{}", "[]", """{"version":2}""", ProfileText(read).Replace("\"std\":", "\"s\":", StringComparison.Ordinal)])
            Assert.Throws<FormatException>(() => ProjectionFormat.Read(profile.With(extras: new Dictionary<string, string> { ["projection"] = damage })));

        static string ProfileText(Profile from) => from.Extras["projection"];
    }

    [Fact]
    public void What_cannot_be_projected_is_said()
    {
        Table Numbers(params double[] values) => new([new NumericColumn(ColumnSpec.Numeric("x"), values)]);
        Assert.Contains("varies", One(Numbers(1, 1, 1), Numbers(1, 2)).Detail!.Reason);
        Assert.Contains("varies", One(Numbers(), Numbers(1, 2)).Detail!.Reason);
        Assert.Contains("no rows", One(Numbers(1, 2, 3), Numbers()).Detail!.Reason);
        foreach (var value in (double[])[double.NaN, double.PositiveInfinity, 1e308, double.Epsilon])
            Assert.True(One(Numbers(1, 2, value, 4), Numbers(value, value)).Value is >= 0 or double.NaN);
        // A missing column stands at the mean; a category that nobody saw counts 0.
        Assert.True(double.IsFinite(Projection.Fit(Rows(100, 7))!.Error(new([CategoricalColumn.Of(ColumnSpec.Categorical("text"), ["new", null])]))));
    }
}
