namespace Drift.Core.Tests.Measures;

/// <summary>psi's p-value from rows to reading: its level without drift, its power on columns with one heavy value, its correction for repeated rows.</summary>
public sealed class PsiLevelTests
{
    static readonly Schema schema = Schema.Of(ColumnSpec.Numeric("x"));

    [Theory]
    [Trait("Campaign", "statistics")]
    [InlineData("normal", 1000, 0.0)]
    [InlineData("normal", 10_000, 0.0)]
    [InlineData("normal", 1000, 0.001)]
    [InlineData("cauchy", 1000, 0.0)]
    [InlineData("cauchy", 10_000, 0.0)]
    [InlineData("cauchy", 1000, 0.001)]
    [InlineData("poisson", 1000, 0.0)]
    [InlineData("poisson", 10_000, 0.0)]
    [InlineData("poisson", 1000, 0.001)]
    public void P_values_without_drift_are_uniform_over_2000_draws(string law, int n, double nulls)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DRIFT_CHAOS") == "1", "thousands of samples: set DRIFT_CHAOS=1");
        var p = PValues(law, n, 1000, nulls, 2000);
        double[] uniform = [.. Enumerable.Range(0, 200_000).Select(i => (i + 0.5) / 200_000)];
        Assert.True(KolmogorovSmirnov.Test(uniform, p, method: PValueMethod.Asymptotic).PValue > 0.001);
        foreach (var level in (double[])[0.05, 0.01, 0.001]) Assert.True(p.Count(x => x <= level) <= 2000 * level + 3 * Math.Sqrt(2000 * level * (1 - level)));
    }

    [Theory]
    [InlineData("normal", 0.001)]
    [InlineData("cauchy", 0.0)]
    [InlineData("poisson", 0.001)]
    public void The_level_holds_in_a_short_run(string law, double nulls)
    {
        var p = PValues(law, 1000, 1000, nulls, 150);
        Assert.InRange(p.Count(x => x <= 0.05), 1, 18); // 7.5 expected
        Assert.InRange(p.Average(), 0.42, 0.58);
    }

    [Theory]
    [InlineData(0.80)]
    [InlineData(0.92)]
    [InlineData(0.97)]
    public void Three_times_the_rest_beside_one_heavy_value_is_certain(double heavy)
    {
        var random = new Random(80);
        double[] Column(int rows, double zeros) => [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() < zeros ? 0 : 1 + random.NextDouble())];
        var reference = ProfileBuilder.ForReference(schema).Add("x", Column(20_000, heavy)).ToProfile();
        var current = ProfileBuilder.ForWindow(reference).Add("x", Column(2000, 1 - 3 * (1 - heavy))).ToProfile();
        Assert.True(ComparisonTests.Find(Comparison.Compare(reference, current), "x", "psi").PValue < 1e-4);
    }

    [Fact]
    public void Rows_that_stand_five_times_in_a_row_count_once()
    {
        var random = new Random(55);
        var time = ColumnSpec.Numeric("t", ColumnRole.Time);
        double[] Repeated(int rows) => [.. random.Normals(rows / 5).SelectMany(x => Enumerable.Repeat(x, 5))];
        Table Rows(int rows) => new([new NumericColumn(ColumnSpec.Numeric("x"), Repeated(rows)), new NumericColumn(time, Enumerable.Range(0, rows).Select(i => i * 1000.0).ToArray())]);
        int naive = 0, corrected = 0, ks = 0;
        const int Runs = 60;
        for (var run = 0; run < Runs; run++)
        {
            var table = Rows(10_000);
            var reference = ProfileBuilder.ForReference(table.Schema).Add(table).ToProfile();
            Assert.InRange(reference.Columns[0].DesignEffect, 3.5, 6.5);
            var readings = Comparison.Compare(reference, ProfileBuilder.ForWindow(reference).Add(Rows(5000)).ToProfile());
            var psi = ComparisonTests.Find(readings, "x", "psi");
            if (psi.PValue < 0.05) corrected++;
            if (ComparisonTests.Find(readings, "x", "ks").PValue < 0.05) ks++;
            if (PsiLaw.PValue(psi.Value, 10_000, 5000, 10) < 0.05) naive++;
        }
        Assert.InRange(corrected, 0, 10); // 3 expected
        Assert.InRange(ks, 0, 10);
        Assert.True(naive > Runs / 2);
    }

    static double[] PValues(string law, int n, int m, double nulls, int draws)
    {
        var random = new Random(law.Length * 1000 + n);
        var p = new double[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            var reference = Fill(ProfileBuilder.ForReference(schema), random, law, n, nulls).ToProfile();
            var current = Fill(ProfileBuilder.ForWindow(reference), random, law, m, nulls).ToProfile();
            p[draw] = ComparisonTests.Find(Comparison.Compare(reference, current, new() { Measures = ["psi"] }), "x", "psi").PValue!.Value;
        }
        return p;
    }

    static ProfileBuilder Fill(ProfileBuilder builder, Random random, string law, int rows, double nulls)
    {
        var missing = random.Binomial(rows, nulls);
        var values = new double[rows - missing];
        for (var i = 0; i < values.Length; i++)
            values[i] = law switch
            {
                "normal" => random.Normal(),
                "cauchy" => Math.Tan(Math.PI * (random.NextDouble() - 0.5)),
                _ => random.Poisson(1),
            };
        builder.Add("x", values).AddNull(0, missing);
        return builder;
    }
}
