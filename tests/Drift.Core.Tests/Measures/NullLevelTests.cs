namespace Drift.Core.Tests.Measures;

/// <summary>
/// P-values when nothing changed, as a comparison of tables gives them: uniform where the data are fine-grained, and never too small on any data. The campaign (DRIFT_CHAOS=1) draws 2,000 times.
/// </summary>
public sealed class NullLevelTests
{
    static readonly bool campaign = Environment.GetEnvironmentVariable("DRIFT_CHAOS") == "1";

    static readonly string[] all =
        ["psi", "chi2", "g_test", "ks", "kuiper", "cramer_von_mises", "anderson_darling", "mann_whitney", "t_test", "epps_singleton"];

    static readonly string[] rates = ["fisher", "z_test", "chi2", "g_test", "psi"];

    /// <summary>psi has a test of its own on the same laws and sizes.</summary>
    [Theory]
    [Trait("Campaign", "statistics")]
    [InlineData("normal", 1000, 1000, 0, "chi2", "g_test", "mann_whitney")]
    [InlineData("normal", 10_000, 1000, 0, "chi2", "g_test", "mann_whitney")]
    [InlineData("normal", 1000, 1000, 0.001, "chi2", "g_test", "mann_whitney")]
    [InlineData("cauchy", 1000, 1000, 0, "chi2", "g_test", "mann_whitney")]
    [InlineData("cauchy", 10_000, 1000, 0, "chi2", "g_test", "mann_whitney")]
    [InlineData("cauchy", 1000, 1000, 0.001, "chi2", "g_test", "mann_whitney")]
    [InlineData("poisson", 1000, 1000, 0, "chi2", "g_test", "mann_whitney")]
    [InlineData("poisson", 10_000, 1000, 0, "chi2", "g_test", "mann_whitney")]
    [InlineData("poisson", 1000, 1000, 0.001, "chi2", "g_test", "mann_whitney")]
    [InlineData("normal", 1000, 997, 0, "ks")]
    [InlineData("cauchy", 1000, 997, 0, "ks")]
    public void Uniform(string law, int n, int m, double nulls, params string[] measures)
    {
        var draws = campaign ? 2000 : n == 1000 ? 300 : 100;
        double[] grid = [.. Enumerable.Range(0, 50_000).Select(i => (i + 0.5) / 50_000)];
        foreach (var (measure, p) in PValues(law, n, m, nulls, draws, measures))
        {
            var test = KolmogorovSmirnov.Test(p, grid, method: PValueMethod.Asymptotic);
            Assert.True(test.PValue > 0.001, $"{measure}: the p-values' distance from uniform is {test.Statistic:F3}, p {test.PValue:G2}");
        }
    }

    [Theory]
    [Trait("Campaign", "statistics")]
    [InlineData("normal", 1000, 1000, 0)]
    [InlineData("normal", 10_000, 1000, 0)]
    [InlineData("normal", 1000, 1000, 0.001)]
    [InlineData("cauchy", 1000, 1000, 0)]
    [InlineData("cauchy", 10_000, 1000, 0)]
    [InlineData("cauchy", 1000, 1000, 0.001)]
    [InlineData("poisson", 1000, 1000, 0)]
    [InlineData("poisson", 10_000, 1000, 0)]
    [InlineData("poisson", 1000, 1000, 0.001)]
    [InlineData("normal", 1000, 997, 0)]
    [InlineData("rounded", 1000, 1000, 0)]
    [InlineData("rounded", 10_000, 1000, 0)]
    [InlineData("normal", 30, 30, 0)]
    [InlineData("cauchy", 30, 30, 0)]
    [InlineData("rounded", 30, 30, 0)]
    [InlineData("poisson", 30, 30, 0)]
    [InlineData("rounded", 30, 45, 0)]
    [InlineData("poisson", 15, 20, 0)]
    [InlineData("coin", 1000, 1000, 0)]
    [InlineData("coin", 10_000, 1000, 0)]
    [InlineData("coin", 1000, 1000, 0.001)]
    [InlineData("coin", 30, 30, 0)]
    public void Never_too_small(string law, int n, int m, double nulls)
    {
        var draws = campaign ? 2000 : n <= 30 ? 300 : n == 1000 ? 60 : 10;
        // The permutation test is quadratic in the rows, and its p-value is (k + 1)/(N + 1) whatever they are.
        string[] measures = law == "coin" ? rates : n <= 30 ? [.. all, "mmd"] : all;
        foreach (var (measure, p) in PValues(law, n, m, nulls, draws, measures)) NotTooSmall(measure, p);
    }

    /// <summary>The rates are tested on all rows, also those without a value; the one-sided tests are none of the measures.</summary>
    [Theory]
    [Trait("Campaign", "statistics")]
    [InlineData(1000, 1000, 0.02)]
    [InlineData(10_000, 1000, 0.001)]
    [InlineData(30, 30, 0.3)]
    public void Rates_and_one_sided_tests_never_too_small(int n, int m, double rate)
    {
        var random = new SeededRandom(n + m);
        var p = new Dictionary<string, List<double>> { ["rates"] = [], ["ks less"] = [], ["ks greater"] = [], ["mann_whitney less"] = [], ["student"] = [] };
        for (var draw = 0; draw < (campaign ? 2000 : 200); draw++)
        {
            double[] x = Values(ref random, "poisson", n), y = Values(ref random, "poisson", m);
            int Hits(int rows, ref SeededRandom from)
            {
                var hits = 0;
                for (var i = 0; i < rows; i++) hits += from.NextDouble() < rate ? 1 : 0;
                return hits;
            }
            p["rates"].Add(Rates.Test(Hits(n, ref random), n, Hits(m, ref random), m).PValue);
            p["ks less"].Add(KolmogorovSmirnov.Test(x, y, Alternative.Less).PValue);
            p["ks greater"].Add(KolmogorovSmirnov.Test(x, y, Alternative.Greater).PValue);
            p["mann_whitney less"].Add(MannWhitney.Test(x, y, Alternative.Less).PValue);
            p["student"].Add(TTest.Student(x, y).PValue);
        }
        foreach (var (test, values) in p) NotTooSmall(test, [.. values]);
    }

    static void NotTooSmall(string test, double[] p)
    {
        foreach (var level in (double[])[0.05, 0.01, 0.001])
        {
            // Three standard deviations, by the binomial law itself: at 0.001 a few hundred draws are far from normal.
            var count = p.Count(v => v <= level);
            var chance = count == 0 ? 1 : SpecialFunctions.BetaRegularized(count, p.Length - count + 1, level, 1 - level);
            Assert.True(chance > 0.00135, $"{test}: {count} of {p.Length} p-values are under {level}");
        }
    }

    static IEnumerable<(string Measure, double[] P)> PValues(string law, int n, int m, double nulls, int draws, string[] measures)
    {
        var p = measures.ToDictionary(name => name, _ => new List<double>());
        var random = new SeededRandom(n * 31 + m + law.Length);
        for (var draw = 0; draw < draws; draw++)
        {
            Table reference = Sample(ref random, law, n, nulls), current = Sample(ref random, law, m, nulls);
            foreach (var reading in Comparison.Compare(reference, current, new() { Measures = measures }))
                if (reading.PValue is { } value) p[reading.Measure].Add(value);
        }
        Assert.All(p, pair => Assert.True(pair.Value.Count > 0.95 * draws, $"{pair.Key}: only {pair.Value.Count} p-values"));
        return p.Select(pair => (pair.Key, pair.Value.ToArray()));
    }

    static Table Sample(ref SeededRandom random, string law, int rows, double nulls)
    {
        var values = Values(ref random, law, rows);
        if (nulls == 0) return Table(values);
        var valid = new bool[rows];
        for (var i = 0; i < rows; i++) valid[i] = random.NextDouble() >= nulls;
        return new([new NumericColumn(ColumnSpec.Numeric("x"), values, Validity.Of(rows, i => valid[i]))]);
    }

    static double[] Values(ref SeededRandom random, string law, int rows)
    {
        var values = new double[rows];
        for (var i = 0; i < rows; i++)
            values[i] = law switch
            {
                "normal" => random.NextNormal(),
                "cauchy" => Math.Tan(Math.PI * (random.NextDouble() - 0.5)),
                "rounded" => Math.Round(random.NextNormal() * 2) / 2,
                "coin" => random.NextDouble() < 0.3 ? 1 : 0,
                _ => Poisson(ref random),
            };
        return values;
    }

    static Table Table(double[] values) => new([new NumericColumn(ColumnSpec.Numeric("x"), values)]);

    static double Poisson(ref SeededRandom random)
    {
        double product = random.NextDouble(), limit = Math.Exp(-1);
        var count = 0;
        for (; product > limit; count++) product *= random.NextDouble();
        return count;
    }
}
