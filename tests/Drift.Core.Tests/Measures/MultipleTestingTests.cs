using FsCheck;
using FsCheck.Fluent;

namespace Drift.Core.Tests.Measures;

public sealed class MultipleTestingTests
{
    [Fact]
    public void Known_family()
    {
        // Benjamini and Hochberg 1995, their 15 p-values; adjusted values as R's p.adjust prints them.
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];
        double[] expected = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.063857142857142857, 0.063857142857142857, 0.0645, 0.0765, 0.486, 0.58118181818181819, 0.714875, 0.75323076923076926, 0.81321428571428567, 1];
        var adjusted = new double[p.Length];
        MultipleTesting.BenjaminiHochberg(p, adjusted);
        for (var i = 0; i < p.Length; i++) Assert.Equal(expected[i], adjusted[i], 12);
    }

    [Fact]
    public void NaN_is_no_member_and_the_spans_may_be_one()
    {
        double[] p = [0.04, double.NaN, 0.01, double.NaN];
        MultipleTesting.BenjaminiHochberg(p, p);
        Assert.Equal([0.04, double.NaN, 0.02, double.NaN], p);
    }

    [Fact]
    public void A_p_value_outside_0_to_1_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MultipleTesting.BenjaminiHochberg([1.5], new double[1]));

    [Fact]
    public void Every_adjustment_agrees_with_its_definition() =>
        Prop.ForAll(Families, p =>
        {
            var n = p.Length;
            double[] bh = new double[n], holm = new double[n], bonferroni = new double[n];
            MultipleTesting.BenjaminiHochberg(p, bh);
            MultipleTesting.Holm(p, holm);
            MultipleTesting.Bonferroni(p, bonferroni);
            for (var i = 0; i < n; i++)
            {
                // By definition: the least level at which the procedure, run as its paper says, rejects hypothesis i.
                var byRank = p.Where(q => q >= p[i]).Min(q => q * n / p.Count(x => x <= q));
                var stepDown = p.Where(q => q <= p[i]).Max(q => q * (n - p.Count(x => x < q)));
                if (Math.Abs(bh[i] - Math.Min(1, byRank)) > 1e-12 || Math.Abs(holm[i] - Math.Min(1, stepDown)) > 1e-12) return false;
                if (bonferroni[i] != Math.Min(1, p[i] * n) || bh[i] > holm[i] + 1e-12 || holm[i] > bonferroni[i] + 1e-12 || bh[i] < p[i] - 1e-12) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    static readonly Arbitrary<double[]> Families =
        Gen.Choose(0, 100).Select(x => x / 100.0).ArrayOf().ToArbitrary();
}
