namespace Drift.Core.Tests.Measures;

/// <summary>Verdicts by the reference's own chunks and by a constant, from rows and from a profile that keeps the baselines.</summary>
public sealed class ThresholdRuleTests
{
    static Table Rows(int rows, long seed, double shift = 0)
    {
        var random = new SeededRandom(seed);
        double[] x = [.. Enumerable.Range(0, rows).Select(_ => random.NextNormal() + shift)];
        var valid = Enumerable.Range(0, rows).Select(_ => random.NextDouble() >= 0.05).ToArray();
        return new([new NumericColumn(ColumnSpec.Numeric("x"), x, Validity.Of(rows, i => valid[i]))]);
    }

    static Reading One(IReadOnlyList<Reading> readings, string measure) => readings.Single(r => r.Measure == measure);

    static double? Number(Reading reading, string name) => reading.Detail?.Numbers.Where(n => n.Key == name).Select(n => (double?)n.Value).SingleOrDefault();

    [Fact]
    public void The_limits_are_mean_and_deviations_over_the_chunks()
    {
        Table reference = Rows(20_000, 1), current = Rows(2000, 2);
        string[] measures = ["js", "ks", "missing_rate", "t_test"];
        var options = new CompareOptions { Measures = measures, Threshold = ThresholdRule.Chunks(2) };
        var profile = ProfileBuilder.ForReference(reference.Schema).Add(reference).ToProfile();
        var readings = Comparison.Compare(reference, current, options);
        foreach (var measure in measures)
        {
            var values = Moments.Of([.. Chunk.ByCount(20_000, 10).Select(c => One(Comparison.Compare(reference, reference.Take(c.Rows.Span), new() { Measures = measures }), measure).Value)]);
            var reading = One(readings, measure);
            Assert.Equal(Math.Min(measure == "t_test" ? 1e9 : 1, values.Mean + 2 * values.StandardDeviation), Number(reading, "threshold_upper")!.Value, 1e-12);
            // What only grows has no lower limit.
            Assert.Equal(measure is "js" or "ks", Number(reading, "threshold_lower") is null);
            Assert.Equal(reading.Value > Number(reading, "threshold_upper") || reading.Value < Number(reading, "threshold_lower") ? Verdict.Warning : Verdict.Ok, reading.Verdict);
        }
    }

    [Fact]
    public void What_lies_outside_is_called_drift_and_what_lies_inside_is_not()
    {
        var reference = Rows(20_000, 3);
        var options = new CompareOptions { Threshold = ThresholdRule.Chunks(), Measures = ["js", "ks", "missing_rate"] };
        Assert.All(Comparison.Compare(reference, Rows(2000, 5), options), r => Assert.Equal(Verdict.Ok, r.Verdict));
        var moved = Comparison.Compare(reference, Rows(2000, 4, shift: 0.3), options);
        Assert.Equal(Verdict.Warning, One(moved, "js").Verdict);
        Assert.Equal(Verdict.Warning, One(moved, "ks").Verdict);
        Assert.Equal(Verdict.Ok, One(moved, "missing_rate").Verdict);
    }

    [Fact]
    public void A_profile_keeps_the_baselines_and_readings_carry_them_whatever_decides()
    {
        Table reference = Rows(10_000, 6), current = Rows(1000, 7, shift: 0.5);
        var profile = ProfileBuilder.ForReference(reference.Schema).Add(reference).ToProfile();
        var kept = ProfileFormat.Read(ProfileFormat.Write(MeasureBaselines.Of(profile, reference, Chunk.BySize(10_000, 2000)).AddTo(profile)));
        var window = ProfileBuilder.ForWindow(kept).Add(current).ToProfile();
        var plain = Comparison.Compare(kept, window);
        Assert.Equal(5, Number(One(plain, "js"), "few_chunks"));
        Assert.True(One(plain, "js").Value > Number(One(plain, "js"), "threshold_upper"));
        Assert.Equal(Verdict.None, One(plain, "js").Verdict);
        Assert.Equal(Verdict.Warning, One(Comparison.Compare(kept, window, new() { Threshold = ThresholdRule.Chunks() }), "js").Verdict);
        Assert.Equal(Verdict.None, One(Comparison.Compare(profile, window, new() { Threshold = ThresholdRule.Chunks() }), "js").Verdict);
        foreach (var damage in (string[])["{}", "[]", """{"version":2,"measures":[]}""", """{"version":1,"measures":[{"column":"x","measure":"js","mean":1,"std":1}]}"""])
            Assert.Throws<FormatException>(() => MeasureBaselines.Read(profile.With(extras: new Dictionary<string, string> { ["baseline"] = damage })));
    }

    [Theory]
    [InlineData("0.2", Verdict.Ok)]
    [InlineData("0.05", Verdict.Warning)]
    public void A_constant_decides_whatever_the_rows(string rule, Verdict expected)
    {
        var readings = Comparison.Compare(Rows(10_000, 8), Rows(1000, 9, shift: 0.3), new() { Threshold = ThresholdRule.Parse(rule)!, Measures = ["psi"] });
        Assert.Equal(expected, readings.Single().Verdict);
    }

    [Fact]
    public void Rules_have_names()
    {
        Assert.Same(ThresholdRule.Significance, ThresholdRule.Parse("significance"));
        Assert.Equal(ThresholdRule.Chunks(), ThresholdRule.Parse("chunks"));
        Assert.Equal(ThresholdRule.Chunks(2.5), ThresholdRule.Parse("chunks:2.5"));
        Assert.Equal(ThresholdRule.Constant(0.1), ThresholdRule.Parse("0.1"));
        foreach (var wrong in (string[])["", "chunk", "chunks:", "chunks:0", "chunks:-1", "NaN", "Infinity", "0,1"]) Assert.Null(ThresholdRule.Parse(wrong));
        Assert.Throws<ArgumentOutOfRangeException>(() => ThresholdRule.Chunks(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => ThresholdRule.Constant(double.NaN));
    }
}
