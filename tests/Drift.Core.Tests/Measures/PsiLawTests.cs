namespace Drift.Core.Tests.Measures;

public sealed class PsiLawTests
{
    [Fact]
    public void Known_values()
    {
        // k = 1/1000 + 1/500 = 0.003; 0.05 / 0.003 = 16.667 with 9 degrees: P = 0.0542 (chi-square table: 16.919 at .05, 14.684 at .10).
        Assert.InRange(PsiLaw.PValue(0.05, 1000, 500, 10), 0.05, 0.06);
        Assert.Equal(0.05, PsiLaw.PValue(16.918977604620448 * 0.003, 1000, 500, 10), 12);
        Assert.Equal(0.05 - 0.027, PsiLaw.Corrected(0.05, 1000, 500, 10), 15);
        Assert.Equal(0.05, PsiLaw.PValue(16.918977604620448 * 0.015, 1000, 500, 10, designEffect: 5), 12);
    }

    [Fact]
    public void One_cell_cannot_differ_and_undefined_stays_undefined()
    {
        Assert.Equal(1, PsiLaw.PValue(0, 100, 100, 1));
        Assert.Equal(0, PsiLaw.PValue(double.PositiveInfinity, 100, 100, 4));
        Assert.True(double.IsNaN(PsiLaw.PValue(double.NaN, 100, 100, 4)));
        Assert.Equal((0, 0), PsiLaw.Interval(0, 100, 100, 1));
    }

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(10_000, 1000)]
    public void P_values_keep_their_level_under_no_drift(int n, int m)
    {
        var random = new Random(7);
        double[] shares = [.. Enumerable.Repeat(0.1, 10)];
        const int Windows = 2000;
        int at5 = 0, at1 = 0;
        for (var window = 0; window < Windows; window++)
        {
            var psi = Divergence.Psi(Sampling.Multinomial(random, shares, n), Sampling.Multinomial(random, shares, m));
            var p = PsiLaw.PValue(psi, n, m, 10);
            if (p < 0.05) at5++;
            if (p < 0.01) at1++;
        }
        Assert.InRange(at5 / (double)Windows, 0.035, 0.065); // 3 sd of the binomial
        Assert.InRange(at1 / (double)Windows, 0.003, 0.018);
    }

    [Fact]
    public void The_interval_holds_the_true_psi_as_often_as_it_says()
    {
        double[] p = [0.1, 0.2, 0.3, 0.4], q = [0.15, 0.25, 0.25, 0.35];
        var truth = Divergence.Psi(p, q);
        var random = new Random(3);
        var held = 0;
        const int Windows = 150;
        for (var window = 0; window < Windows; window++)
        {
            var psi = Divergence.Psi(Sampling.Multinomial(random, p, 5000), Sampling.Multinomial(random, q, 2000));
            var (lower, upper) = PsiLaw.Interval(psi, 5000, 2000, 4, confidence: 0.9);
            if (lower <= truth && truth <= upper) held++;
        }
        Assert.InRange(held / (double)Windows, 0.83, 0.97);
    }

    [Fact]
    public void The_tolerance_test_is_the_p_value_at_0_and_grows_with_the_tolerance()
    {
        Assert.Equal(PsiLaw.PValue(0.06, 900, 600, 8), PsiLaw.ToleranceTest(0.06, 0, 900, 600, 8), 12);
        var before = 0.0;
        foreach (var tolerated in (double[])[0, 0.01, 0.05, 0.1, 0.5])
        {
            var p = PsiLaw.ToleranceTest(0.06, tolerated, 900, 600, 8);
            Assert.True(p > before);
            before = p;
        }
    }
}
