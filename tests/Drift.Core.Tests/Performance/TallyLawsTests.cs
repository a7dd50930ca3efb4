using System.Text;

namespace Drift.Core.Tests.Performance;

/// <summary>Every tally is a commutative monoid that survives its document. Sums agree to rounding, everything else exactly.</summary>
public sealed class TallyLawsTests
{
    [Fact]
    public void Binary() => MergeLaws.Hold(seeds => OfBinary(seeds, int.MaxValue), BinaryTally.Empty, Same, Reload);

    [Fact]
    public void Binary_with_few_scores_kept() => MergeLaws.Hold(seeds => OfBinary(seeds, 5), BinaryTally.Empty with { Scores = ScoreTally.Of([], [], 5) }, Same, Reload);

    [Fact]
    public void Multiclass() => MergeLaws.Hold(
        seeds =>
        {
            var counter = new MulticlassCounter(["b", "a", "c"], 7);
            foreach (var s in seeds) counter.Add(s % 5 == 0 ? null : Name(s), s % 7 == 0 ? null : Name(s / 3), s % 11 == 0 ? [double.NaN, 1, 1] : [Part(s, 3), Part(s, 5), Part(s, 7)]);
            return counter.ToTally();
        },
        MulticlassTally.Empty, Same, Reload);

    [Fact]
    public void Regression() => MergeLaws.Hold(
        seeds =>
        {
            var counter = new RegressionCounter();
            foreach (var s in seeds) counter.Add(s % 9 == 0 ? null : s % 13 == 0 ? double.NaN : s % 100 / 8.0, s % 17 == 0 ? null : s % 70 / 4.0);
            return counter.ToTally();
        },
        RegressionTally.Empty, Same, Reload);

    [Fact]
    public void Ranking() => MergeLaws.Hold(
        seeds => seeds.Select(s => RankingTally.OfQuery([Part(s, 2) > 1 ? 1 : 0, s % 3, Part(s, 4)], [Part(s, 5), Part(s, 6), s % 31 == 0 ? double.NaN : 1], 2)).Aggregate(RankingTally.Empty, (a, b) => a + b),
        RankingTally.Empty, Same, Reload);

    [Fact]
    public void Confidence() => MergeLaws.Hold(seeds => ConfidenceTally.Of(Array.ConvertAll(seeds, s => s % 19 == 0 ? double.NaN : Part(s, 5) / 10)), ConfidenceTally.Empty, Same, Reload);

    [Fact]
    public void Service() => MergeLaws.Hold(
        seeds => new ServiceTally { Rows = seeds.Length, Errors = seeds.Count(s => s % 3 == 0), Latency = QuantileSketch.Of(Array.ConvertAll(seeds, s => s % 1000 / 7.0)) },
        ServiceTally.Empty, Same, Reload);

    [Fact]
    public void Metrics() => MergeLaws.Hold(seeds => MetricTally.Of(Array.ConvertAll(seeds, s => s / 11.0)), MetricTally.Empty, Same, Reload);

    [Fact]
    public void Unlike_tallies_are_refused()
    {
        static MulticlassTally With(string[] classes)
        {
            var counter = new MulticlassCounter(classes);
            counter.Add("a", "a", [1, 2]);
            return counter.ToTally();
        }
        Assert.Throws<InvalidOperationException>(() => With(["a", "b"]) + With(["a", "c"]));
        Assert.Throws<InvalidOperationException>(() => RankingTally.OfQuery([1], [1], 3) + RankingTally.OfQuery([1], [1], 4));
    }

    [Theory]
    [InlineData("{}", "$: 'format' is missing")]
    [InlineData("""{"format":"drift-tally","version":2}""", "$.version")]
    [InlineData("""{"format":"drift-tally","version":1,"kind":"other"}""", "$.kind")]
    [InlineData("""{"format":"drift-tally","version":1,"kind":"service","rows":1,"errors":0,"latency":{"cells":[3,2],"counts":[1,1]}}""", "ascending")]
    [InlineData("""{"format":"drift-tally","version":1,"kind":"service","rows":-1,"errors":0}""", "$.rows")]
    [InlineData("[", "not a tally")]
    public void Damage_is_refused_with_its_place(string json, string says)
    {
        var error = Assert.Throws<FormatException>(() => TallyFormat.Read<ServiceTally>(Encoding.UTF8.GetBytes(json)));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    static BinaryTally OfBinary(int[] seeds, int limit)
    {
        var counter = new BinaryCounter(limit);
        foreach (var s in seeds) counter.Add(s % 5 == 0 ? null : s % 2 == 0, s % 7 == 0 ? null : s % 3 == 0, s % 11 == 0 ? double.NaN : Part(s, 20) / 20);
        return counter.ToTally();
    }

    static string Name(int seed) => new[] { "a", "b", "c", "d" }[Math.Abs(seed % 4)];

    static double Part(int seed, int modulus) => Math.Abs((long)seed) % modulus + Math.Abs((long)seed / 7) % 3 / 4.0;

    static T Reload<T>(T tally) where T : class => TallyFormat.Read<T>(TallyFormat.Write(tally));

    /// <summary>The documents agree member by member: whole numbers exactly, others to rounding.</summary>
    static bool Same(object a, object b)
    {
        using var left = System.Text.Json.JsonDocument.Parse(TallyFormat.Write(a));
        using var right = System.Text.Json.JsonDocument.Parse(TallyFormat.Write(b));
        return Same(left.RootElement, right.RootElement);
    }

    static bool Same(System.Text.Json.JsonElement a, System.Text.Json.JsonElement b) => a.ValueKind == b.ValueKind && a.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Object => a.EnumerateObject().Zip(b.EnumerateObject()).All(p => p.First.Name == p.Second.Name && Same(p.First.Value, p.Second.Value)),
        System.Text.Json.JsonValueKind.Array => a.GetArrayLength() == b.GetArrayLength() && a.EnumerateArray().Zip(b.EnumerateArray()).All(p => Same(p.First, p.Second)),
        System.Text.Json.JsonValueKind.Number => a.TryGetInt64(out var whole) && b.TryGetInt64(out var other) ? whole == other : Math.Abs(a.GetDouble() - b.GetDouble()) <= 1e-9 * Math.Max(1, Math.Abs(a.GetDouble())),
        _ => a.ToString() == b.ToString(),
    };
}
