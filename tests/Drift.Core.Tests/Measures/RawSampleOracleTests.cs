using System.Text.Json;

namespace Drift.Core.Tests.Measures;

/// <summary>Raw-sample tests against scipy and the systems that call it.</summary>
public sealed class RawSampleOracleTests
{
    [Fact]
    public void Numeric_cases_agree_with_scipy() => OracleWalk.Check("numeric", Claims, new AnyKey());

    static Dictionary<string, OracleWalk.Claim> Claims { get; } = new()
    {
        ["scipy.wasserstein"] = (c, e) => OracleWalk.Value(e, Wasserstein.Distance(X(c), Y(c)), 1e-12, 1e-15),
        ["scipy.energy"] = (c, e) => OracleWalk.Value(e, Wasserstein.Energy(X(c), Y(c)), 1e-12, 1e-15),
        ["scipy.cvm.asymptotic"] = (c, e) => OracleWalk.Test(e, CramerVonMises.Test(X(c), Y(c), PValueMethod.Asymptotic), absoluteP: 1e-15),
        ["scipy.mannwhitneyu.asymptotic"] = (c, e) => OracleWalk.Test(e, MannWhitney.Test(X(c), Y(c), method: PValueMethod.Asymptotic)),
        ["scipy.welch_t"] = (c, e) => OracleWalk.Test(e, TTest.Welch(X(c), Y(c)), PeersRounding(c), absoluteStatistic: PeersRounding(c)),
        ["scipy.anderson_ksamp"] = (c, e) => OracleWalk.Test(e, AndersonDarling.Test(X(c), Y(c))),
        ["evidently.mannw"] = (c, e) => OracleWalk.Score(e, MannWhitney.Test(X(c), Y(c), Alternative.Less).PValue),
        ["evidently.t_test"] = (c, e) => OracleWalk.Score(e, TTest.Student(X(c), Y(c)).PValue, PeersRounding(c)),
        ["evidently.es"] = (c, e) => OracleWalk.Score(e, EppsSingleton.Test(X(c), Y(c)).PValue, 1e-10),
        ["evidently.ed"] = (c, e) => OracleWalk.Score(e, Wasserstein.Energy(X(c), Y(c)), 1e-12, 1e-15),
        ["evidently.anderson"] = (c, e) => OracleWalk.Score(e, AndersonDarling.Test(X(c), Y(c)).PValue),
        ["evidently.wasserstein"] = (c, e) => OracleWalk.Score(e, Wasserstein.Normalised(X(c), Y(c)), 1e-12, 1e-15),
        ["evidently.cramer_von_mises"] = (c, e) => OracleWalk.Score(e, CramerVonMises.Test(X(c), Y(c)).PValue, absolute: 1e-8),
        ["frouros.CVMTest"] = (c, e) => OracleWalk.Test(e, CramerVonMises.Test(X(c), Y(c)), absoluteP: 1e-9),
        ["frouros.EMD"] = (c, e) => OracleWalk.Value(e, Wasserstein.Distance(X(c), Y(c)), 1e-12, 1e-15),
    };

    // What numpy's plain sums lose at an offset: eps times the greatest value over the deviation, carried into p.
    static double PeersRounding(JsonElement c)
    {
        var (x, y) = (X(c), Y(c));
        return Math.Max(1e-12, 5e-15 * x.Concat(y).Max(Math.Abs) / Math.Sqrt(Math.Max(1e-300, Moments.Of(x).Variance)));
    }

    static double[] X(JsonElement c) => c.Doubles("ref");

    static double[] Y(JsonElement c) => c.Doubles("cur");
}

sealed class AnyKey : Dictionary<string, string>, IReadOnlyDictionary<string, string>
{
    bool IReadOnlyDictionary<string, string>.ContainsKey(string key) => !key.Contains(' ');
}
