namespace Drift.Core.Tests.Measures;

/// <summary>Expected values were computed with 40 digits.</summary>
public sealed class SpecialFunctionsTests
{
    [Theory]
    [InlineData(0.1, 1, 0.7518296340458492)]
    [InlineData(3.84, 1, 0.050043521248705106)]
    [InlineData(107.14285714285711, 3, 4.5200578476006314e-23)]
    [InlineData(700, 1, 2.9902269751246203e-154)]
    [InlineData(0.001, 5, 0.9999999983185123)]
    [InlineData(1000, 9, 1.724068118922473e-209)]
    [InlineData(1400, 10, 9.920391479800145e-295)]
    [InlineData(99, 100, 0.5094721987983741)]
    [InlineData(150, 100, 0.0009039320423540091)]
    [InlineData(100000.0, 100000.0, 0.4994052918952067)]
    [InlineData(101000, 100000.0, 0.012868840377233669)]
    [InlineData(15.5, 2.5, 0.0008164309063907356)]
    public void Chi_square_survival(double x, double degrees, double expected) =>
        Near.Equal(expected, SpecialFunctions.ChiSquareSurvival(x, degrees), 1e-13, "survival");

    [Theory]
    [InlineData(0.1, 1, 0.9365489651388929)]
    [InlineData(2, 5, 0.10193947882985836)]
    [InlineData(3, 2, 0.09546596626670913)]
    [InlineData(12.7, 1, 0.05002432768934416)]
    [InlineData(1e-05, 30, 0.9999920873563023)]
    [InlineData(30, 10.5, 1.6149488832253032e-11)]
    [InlineData(0.9044355306500265, 35.6, 0.371844635559723)]
    [InlineData(8, 1000000.0, 1.245506343320252e-15)]
    [InlineData(1.5, 0.5, 0.5079017906481085)]
    public void Student_two_sided(double t, double degrees, double expected) =>
        Near.Equal(expected, SpecialFunctions.StudentTwoSided(t, degrees), 1e-13, "two-sided");

    [Theory]
    [InlineData(2, 3, 0.5, 0.6875)]
    [InlineData(1, 300, 0.001, 0.2592929678438508)]
    [InlineData(300, 1, 0.999, 0.740707032156149)]
    [InlineData(1, 1, 0.3, 0.3)]
    [InlineData(0.5, 0.5, 0.01, 0.06376856085851985)]
    [InlineData(200, 300, 0.4, 0.502428616319932)]
    [InlineData(200, 300, 0.3, 1.0496985243292947e-06)]
    [InlineData(0.1, 10, 0.2, 0.9952541941596682)]
    [InlineData(30, 0.5, 0.99, 0.439334368905251)]
    [InlineData(5000, 5000, 0.5, 0.5)]
    public void Regularised_incomplete_beta(double a, double b, double x, double expected) =>
        Near.Equal(expected, SpecialFunctions.BetaRegularized(a, b, x, 1 - x), 1e-12, "beta");

    [Theory]
    [InlineData(21.666, 9, 21.43, 0.8000393740795834)]
    [InlineData(5, 9, 21.43, 0.9998615423818235)]
    [InlineData(100, 9, 21.43, 8.060472977007883e-07)]
    [InlineData(300, 9, 21.43, 6.120520339730327e-35)]
    [InlineData(1200, 9, 1000, 0.001881290015765318)]
    [InlineData(900, 9, 1000, 0.9601691788695574)]
    [InlineData(2500, 9, 1000, 6.251642160762378e-75)]
    [InlineData(3.84, 1, 0.01, 0.05119044125968337)]
    [InlineData(10, 19, 100, 1.0)]
    public void Non_central_chi_square_survival(double x, double degrees, double nonCentrality, double expected) =>
        Near.Equal(expected, SpecialFunctions.NonCentralChiSquareSurvival(x, degrees, nonCentrality), 1e-12, "survival");

    /// <summary>scipy 1.10.1, kstwo.sf: one row per branch of the law.</summary>
    [Theory]
    [InlineData(1, 0.6, 0.8)]
    [InlineData(2, 0.3, 0.98)]
    [InlineData(10, 0.05, 1.0)]
    [InlineData(10, 0.1, 0.99963712)]
    [InlineData(10, 0.2, 0.7487190399999999)]
    [InlineData(10, 0.35, 0.1339605462624991)]
    [InlineData(10, 0.5, 0.00777741)]
    [InlineData(10, 0.95, 1.9531250000000172e-13)]
    [InlineData(100, 0.04, 0.995307510717411)]
    [InlineData(100, 0.08, 0.5182193645480672)]
    [InlineData(100, 0.12, 0.1033037490181987)]
    [InlineData(100, 0.25, 5.408871776434847e-06)]
    [InlineData(140, 0.1, 0.11353657290090946)]
    [InlineData(141, 0.1, 0.11128445516467944)]
    [InlineData(375, 0.258, 1.6757454053298454e-22)]
    [InlineData(400, 0.0013, 1.0)]
    [InlineData(400, 0.002, 1.0)]
    [InlineData(400, 0.03, 0.8534115453673426)]
    [InlineData(400, 0.06, 0.10777126907396828)]
    [InlineData(400, 0.09, 0.0028652847831479775)]
    [InlineData(5000, 0.01, 0.6954557253913853)]
    [InlineData(5000, 0.02, 0.03613941395325637)]
    [InlineData(5000, 0.05, 2.6523052328711187e-11)]
    [InlineData(5000, 0.3, 0.0)]
    [InlineData(100000, 0.0003, 1.0)]
    [InlineData(100000, 0.003, 0.3284563327726956)]
    [InlineData(100000, 0.01, 4.093278023549254e-09)]
    [InlineData(1500000, 0.001, 0.0994954983764107)]
    [InlineData(1500000, 0.003, 3.751546891971527e-12)]
    public void Kolmogorov_law(long n, double d, double expected) =>
        Near.Equal(expected, KolmogorovLaw.Survival(n, d), 1e-9, "survival");

    [Fact]
    public void Survival_functions_fall_and_never_leave_the_unit_interval()
    {
        for (var i = 0; i < 2000; i++)
        {
            double x = i * 0.37, next = x + 0.37;
            foreach (var degrees in (double[])[0.5, 1, 9, 400])
            {
                Assert.InRange(SpecialFunctions.ChiSquareSurvival(next, degrees), 0, SpecialFunctions.ChiSquareSurvival(x, degrees));
                Assert.InRange(SpecialFunctions.NonCentralChiSquareSurvival(next, degrees, 20), 0, SpecialFunctions.NonCentralChiSquareSurvival(x, degrees, 20) * (1 + 1e-13));
            }
        }
    }
}
