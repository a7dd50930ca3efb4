namespace Drift.Core.Tests.Measures;

/// <summary>The short ways for large n against the long ones that they stand for.</summary>
public sealed class KolmogorovLawTests
{
    [Theory]
    [InlineData(600)]
    [InlineData(1371)]
    [InlineData(20_000)]
    [InlineData(300_000)]
    public void The_one_sided_tail_is_the_sum_of_its_terms(int n)
    {
        foreach (var square in (double[])[2.2, 2.6, 4, 9, 30, 100, 300])
        {
            var d = Math.Sqrt(square / n);
            if (d > 0.5) continue;
            double sum = Math.Exp(n * SpecialFunctions.Log1p(-d)) / d, lost = 0;
            for (var j = 1; j < n * (1 - d); j++)
            {
                double p = d + (double)j / n, term = SpecialFunctions.BinomialProbability(j, n - j, p, 1 - p) / p - lost, next = sum + term;
                (lost, sum) = (next - sum - term, next);
            }
            Assert.Equal(1, KolmogorovLaw.OneSidedSurvival(n, d) / (d * sum), 3e-12);
        }
    }

    [Theory]
    [InlineData(600)]
    [InlineData(977)]
    [InlineData(5000)]
    public void The_largest_eigenvalue_carries_the_whole_power(int n)
    {
        var most = Math.Pow(1.4 / n, 2 / 3.0);
        for (var i = 1; i <= 40; i++)
        {
            var d = most * i / 40;
            if (n * d > 1) Assert.Equal(KolmogorovLaw.DurbinMatrix(n, d), KolmogorovLaw.DurbinEigenvalue(n, d), 1e-12);
        }
    }

    [Fact]
    public void The_law_falls_without_a_jump_where_the_ways_meet()
    {
        foreach (var n in (int[])[599, 600, 601, 5000])
        {
            var before = 1.0;
            for (var z = 0.2; z < 3; z += 0.01)
            {
                var p = KolmogorovLaw.Survival(n, z / Math.Sqrt(n));
                Assert.True(p <= before + 1e-9 && before - p < 0.02, $"n = {n}, z = {z}: {before} then {p}");
                before = p;
            }
        }
    }
}
