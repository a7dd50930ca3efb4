using System.Text.Json;

namespace Drift.Core.Tests.Measures;

public sealed class ContingencyOracleTests
{
    [Fact]
    public void Categorical_cases_agree_with_scipy()
    {
        foreach (var oracleCase in Oracle.Cases("categorical"))
        {
            var output = oracleCase.GetProperty("out");
            var (r, c) = (Counts(output.GetProperty("counts"), "ref"), Counts(output.GetProperty("counts"), "cur"));
            Check(output, "scipy.chi2_contingency", Contingency.ChiSquareYates(r, c), oracleCase.Id());
            Check(output, "scipy.chi2_contingency.uncorrected", Contingency.ChiSquare(r, c, method: PValueMethod.Asymptotic), oracleCase.Id());
            Check(output, "scipy.g_test.uncorrected", Contingency.GTest(r, c), oracleCase.Id());
        }
    }

    [Fact]
    public void Count_cases_agree_with_scipy()
    {
        foreach (var oracleCase in Oracle.Cases("counts"))
        {
            var output = oracleCase.GetProperty("out");
            var (r, c) = (Counts(oracleCase, "ref_counts"), Counts(oracleCase, "cur_counts"));
            Check(output, "scipy.chi2_contingency.correction_True", Contingency.ChiSquareYates(r, c), oracleCase.Id());
            Check(output, "scipy.chi2_contingency.correction_False", Contingency.ChiSquare(r, c, method: PValueMethod.Asymptotic), oracleCase.Id());
            Check(output, "scipy.chisquare.gof", Contingency.GoodnessOfFit(r, c), oracleCase.Id());
            double[] points = [.. Enumerable.Range(0, r.Length).Select(i => (double)i)];
            Near.Equal(output.Double("scipy.wasserstein_on_indices"), Wasserstein.OnPoints(points, r, c), 1e-12, oracleCase.Id(), 1e-15);
        }
    }

    static void Check(JsonElement output, string key, TwoSampleTest actual, string id)
    {
        var expected = output.GetProperty(key);
        Near.Equal(expected.Double("statistic"), actual.Statistic, 1e-12, $"{id} {key} statistic");
        Near.Equal(expected.Double("p_value"), actual.PValue, 1e-12, $"{id} {key} p");
    }

    static long[] Counts(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetInt64())];

    [Theory]
    [InlineData(3, 1000, 9, 800, 0.26446004680708796, 0.04114088095617342)]
    [InlineData(500, 1000, 560, 1000, 0.7857142857142857, 0.00819346102546032)]
    [InlineData(12, 100000, 40, 120000, 0.3599231907828939, 0.001167989134587524)]
    [InlineData(1, 10, 9, 10, 0.012345679012345678, 0.001093333910671372)]
    [InlineData(5, 5, 0, 7, double.PositiveInfinity, 0.0012626262626262623)]
    [InlineData(5, 5, 7, 7, double.NaN, 1)]
    public void Fisher_agrees_with_scipy(long k1, long n1, long k2, long n2, double odds, double p)
    {
        var test = Fisher.Test(k1, n1, k2, n2);
        Near.Equal(odds, test.Statistic, 1e-12, "odds ratio");
        // scipy's hypergeometric law is built on lgamma, which costs it some digits at 100 000 rows.
        Near.Equal(p, test.PValue, 1e-9, "p");
    }

    [Fact]
    public void Fisher_agrees_with_scipy_on_every_proportions_case()
    {
        foreach (var oracleCase in Oracle.Cases("proportions"))
        {
            long Of(string name) => oracleCase.GetProperty(name).GetInt64();
            var expected = oracleCase.GetProperty("out").GetProperty("scipy.fisher_exact").EnumerateArray().Select(Oracle.Number).ToArray();
            var test = Fisher.Test(Of("k1"), Of("n1"), Of("k2"), Of("n2"));
            Near.Equal(expected[0], test.Statistic, 1e-12, oracleCase.Id());
            Near.Equal(expected[1], test.PValue, 1e-11, oracleCase.Id());
        }
    }

    [Fact]
    public void The_one_sample_form_and_the_correction_are_defined_at_the_ends()
    {
        Assert.Equal(new TwoSampleTest(double.PositiveInfinity, 0), Contingency.GoodnessOfFit([5, 0], [4, 1]));
        Assert.Equal(new TwoSampleTest(0, double.NaN), Contingency.GoodnessOfFit([5], [4]));
        Assert.Equal(new TwoSampleTest(0, 1), Contingency.ChiSquareYates([5], [4]));
        Assert.Equal(Contingency.ChiSquare([5, 3, 1], [4, 2, 2]), Contingency.ChiSquareYates([5, 3, 1], [4, 2, 2]));
        Assert.True(double.IsNaN(Contingency.ChiSquareYates([0, 0], [4, 2]).Statistic));
        Assert.True(double.IsNaN(Contingency.GoodnessOfFit([], []).Statistic));
        // A difference of less than half a row is corrected away.
        Assert.Equal(new TwoSampleTest(0, 1), Contingency.ChiSquareYates([50, 50], [5, 5]));
    }
}
