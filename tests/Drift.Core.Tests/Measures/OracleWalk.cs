using System.Text.Json;

namespace Drift.Core.Tests.Measures;

/// <summary>One number of ours against one of a peer's.</summary>
sealed record Pair(string What, double Expected, double Actual, double Relative = 1e-12, double Absolute = 0);

/// <summary>Compares ours with every key of every case of one kind; a key must be claimed, or listed with the reason why it is not: as a key, or as "case key".</summary>
static class OracleWalk
{
    public delegate IEnumerable<Pair> Claim(JsonElement oracleCase, JsonElement expected);

    public static void Check(string kind, IReadOnlyDictionary<string, Claim> claims, IReadOnlyDictionary<string, string>? unclaimed = null)
    {
        unclaimed ??= new Dictionary<string, string>();
        var failures = new List<string>();
        var checks = 0;
        foreach (var oracleCase in Oracle.Cases(kind))
            foreach (var output in oracleCase.GetProperty("out").EnumerateObject())
            {
                if (unclaimed.ContainsKey($"{oracleCase.Id()} {output.Name}")) continue;
                if (!claims.TryGetValue(output.Name, out var claim))
                {
                    if (!unclaimed.ContainsKey(output.Name)) failures.Add($"{oracleCase.Id()} {output.Name}: neither claimed nor listed");
                    continue;
                }
                foreach (var pair in claim(oracleCase, output.Value))
                {
                    checks++;
                    if (Near.Holds(pair.Expected, pair.Actual, pair.Relative, pair.Absolute)) continue;
                    failures.Add($"{oracleCase.Id()} {output.Name} {pair.What}: expected {pair.Expected:R}, got {pair.Actual:R}, relative error {pair.Actual / pair.Expected - 1:E1}");
                }
            }
        Assert.True(failures.Count == 0, $"{failures.Count} of {checks} comparisons failed:\n" + string.Join('\n', failures));
        Assert.True(checks > 0, $"no case of kind {kind}");
        // What is listed must be there: a list that outlives its reason hides a claim.
        var known = Oracle.Cases(kind).SelectMany(c => c.GetProperty("out").EnumerateObject().SelectMany(o => (string[])[o.Name, $"{c.Id()} {o.Name}"])).ToHashSet();
        Assert.All(unclaimed.Keys, key => Assert.Contains(key, known));
        Assert.All(claims.Keys, key => Assert.Contains(key, known));
    }

    /// <summary>A peer that raised an error is matched by our NaN.</summary>
    public static bool Raised(this JsonElement expected) => expected.ValueKind == JsonValueKind.Object && expected.TryGetProperty("error", out _);

    public static IEnumerable<Pair> Test(JsonElement expected, TwoSampleTest actual, double relativeP = 1e-12, double absoluteP = 0, double absoluteStatistic = 1e-15)
    {
        if (expected.Raised())
        {
            yield return new("statistic of a case the peer refuses", double.NaN, actual.Statistic);
            yield break;
        }
        // Some peers give a pair, most an object.
        var (statistic, p) = expected.ValueKind == JsonValueKind.Array
            ? (expected[0].Number(), expected[1].Number())
            : (expected.Double("statistic"), expected.Double("p_value"));
        yield return new("statistic", statistic, actual.Statistic, 1e-12, absoluteStatistic);
        yield return new("p", p, actual.PValue, relativeP, absoluteP);
    }

    public static IEnumerable<Pair> Value(JsonElement expected, double actual, double relative = 1e-12, double absolute = 0) =>
        [new("value", expected.Raised() ? double.NaN : expected.Number(), actual, relative, absolute)];

    /// <summary>Evidently's outputs: score, drifted, threshold.</summary>
    public static IEnumerable<Pair> Score(JsonElement expected, double actual, double relative = 1e-12, double absolute = 0) =>
        [new("score", expected.Raised() ? double.NaN : expected.Double("score"), actual, relative, absolute)];
}
