namespace Drift.Core.Tests.Measures;

/// <summary>The raw-sample measures as a comparison of tables gives them.</summary>
public sealed class SampleMeasuresTests
{
    static readonly string[] names =
        ["ks", "wasserstein", "wasserstein_norm", "energy", "kuiper", "cramer_von_mises", "anderson_darling", "mann_whitney", "t_test", "epps_singleton", "fisher", "z_test"];

    static Table Table(params (string Name, double[] Values)[] columns) =>
        new(columns.Select(c => new NumericColumn(ColumnSpec.Numeric(c.Name), c.Values)));

    static Reading Of(IReadOnlyList<Reading> readings, string measure, string column = "x") => readings.Single(r => r.Measure == measure && r.Column == column);

    [Fact]
    public void Tables_get_the_exact_tests()
    {
        double[] x = [.. Enumerable.Range(1, 1000).Select(i => Math.Sqrt(i))], y = [.. Enumerable.Range(1, 600).Select(i => 1.1 * Math.Sqrt(i) + 0.3)];
        var readings = Comparison.Compare(Table(("x", x)), Table(("x", y)), new() { Measures = names });
        void Check(string measure, double value, double? p)
        {
            var reading = Of(readings, measure);
            Near.Equal(value, reading.Value, 1e-12, measure);
            Assert.Equal(p is null, reading.PValue is null);
            if (p is { } expected) Near.Equal(expected, reading.PValue!.Value, 1e-9, measure + " p");
            Assert.Equal(ReadingStatus.Ok, reading.Status);
        }

        Check("ks", 0.258, 2.0576763656767741e-22);
        Check("wasserstein", 2.814247550412384, null);
        Check("wasserstein_norm", 0.3781096676736369, null);
        Check("energy", 0.9450408870520283, null);
        Check("kuiper", 0.25933333333333336, Kuiper.Test(x, y).PValue);
        Check("cramer_von_mises", 8.085238333333308, CramerVonMises.Test(x, y).PValue);
        Check("anderson_darling", 61.596588656758044, 0.001);
        Check("mann_whitney", 375606, 2.9052646893415825e-17);
        Check("t_test", 8.036491101027801, 1.9296038178508776e-15);
        Check("epps_singleton", 256.0904858774549, EppsSingleton.Test(x, y).PValue);
        var mmd = Comparison.Compare(Table(("x", x[..200])), Table(("x", y[400..])), new() { Measures = ["mmd"] }).Single();
        Assert.Equal(1 / 200.0, mmd.PValue);
        Assert.Equal(ReadingStatus.NotApplicable, Of(readings, "fisher").Status);
        Assert.Contains("two rates", Of(readings, "z_test").Detail!.Reason);
    }

    [Fact]
    public void A_column_of_two_values_gets_the_tests_of_rates()
    {
        double[] x = [.. Enumerable.Range(0, 1000).Select(i => i < 450 ? 1.0 : 0)], y = [.. Enumerable.Range(0, 1000).Select(i => i < 300 ? 1.0 : 0)];
        var readings = Comparison.Compare(Table(("x", x)), Table(("x", y)), new() { Measures = names });
        Assert.Equal(Rates.ZTest(450, 1000, 300, 1000), new(Of(readings, "z_test").Value, Of(readings, "z_test").PValue!.Value));
        Assert.Equal(Fisher.Test(450, 1000, 300, 1000), new(Of(readings, "fisher").Value, Of(readings, "fisher").PValue!.Value));
        // The reference's other cell empty in the window: still two cells, nothing divided by zero.
        var gone = Comparison.Compare(Table(("x", x)), Table(("x", new double[500])), new() { Measures = ["z_test", "fisher"] });
        Assert.All(gone, r => Assert.True(r.PValue < 1e-20));
    }

    [Fact]
    public void Profiles_alone_say_that_the_rows_are_missing()
    {
        double[] x = [.. Enumerable.Range(1, 1000).Select(i => (double)i)];
        var reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x"))).Add("x", x).ToProfile();
        foreach (var reading in Comparison.Compare(reference, reference, new() { Measures = ["mann_whitney", "energy", "mmd"] }))
        {
            Assert.Equal(ReadingStatus.NotApplicable, reading.Status);
            Assert.Contains("rows", reading.Detail!.Reason);
        }
    }

    [Fact]
    public void Infinite_values_are_left_out_of_distances_on_rows_as_on_cells()
    {
        double[] x = [.. Enumerable.Range(0, 1000).Select(i => i % 7 + 0.001 * i), double.PositiveInfinity], y = [double.NegativeInfinity, .. Enumerable.Range(0, 900).Select(i => i % 7 + 0.001 * i)];
        var readings = Comparison.Compare(Table(("x", x)), Table(("x", y)), new() { Measures = names });
        Near.Equal(Wasserstein.Distance(x.AsSpan(0, 1000), y.AsSpan(1)), Of(readings, "wasserstein").Value, 1e-12, "wasserstein");
        Assert.Equal(ReadingStatus.NotApplicable, Of(readings, "t_test").Status);
        Assert.Equal(ReadingStatus.Ok, Of(readings, "mann_whitney").Status);
    }
}
