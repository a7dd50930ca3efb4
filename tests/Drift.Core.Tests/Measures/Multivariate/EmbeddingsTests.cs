namespace Drift.Core.Tests.Measures.Multivariate;

public sealed class EmbeddingsTests
{
    static readonly CompareOptions options = new() { Vectors = [new("emb", "e")], Measures = ["ks"] };

    static Table Vectors(int rows, int components, long seed, double shift = 0, double scale = 1, double missing = 0)
    {
        var random = new SeededRandom(seed);
        var columns = Enumerable.Range(0, components).Select(_ => new double[rows]).ToArray();
        for (var row = 0; row < rows; row++)
            for (var c = 0; c < components; c++) columns[c][row] = random.NextDouble() < missing ? double.NaN : random.NextNormal() * scale + (c == 0 ? shift : 0);
        return new([.. columns.Select((values, c) => new NumericColumn(ColumnSpec.Numeric($"e{c}"), values)), new NumericColumn(ColumnSpec.Numeric("extra"), columns[0])]);
    }

    static Reading One(IReadOnlyList<Reading> readings, string measure) => readings.Single(r => r.Measure == measure && r.Column == "emb");

    [Fact]
    public void A_shift_is_seen_by_all_three_and_the_components_are_not_compared_one_by_one()
    {
        var readings = Comparison.Compare(Vectors(500, 12, 1), Vectors(400, 12, 2, shift: 2), options);
        Assert.Equal([("extra", "ks"), ("emb", "mmd"), ("emb", "mean_distance"), ("emb", "domain_auc")], readings.Select(r => (r.Column, r.Measure)));
        Assert.Equal(1 / 200.0, One(readings, "mmd").PValue);
        Assert.Equal(2, One(readings, "mean_distance").Value, 0.3);
        Assert.InRange(One(readings, "domain_auc").Value, 0.88, 0.96);
        Assert.Equal((400L, Verdict.None), (One(readings, "mmd").Rows, One(readings, "mmd").Verdict));
        Assert.Equal(Verdict.Warning, One(Comparison.Compare(Vectors(500, 12, 1), Vectors(400, 12, 2, shift: 2), options with { Threshold = ThresholdRule.Constant(0.7) }), "domain_auc").Verdict);
    }

    [Fact]
    public void A_wider_cloud_is_seen_by_mmd_alone()
    {
        var readings = Comparison.Compare(Vectors(400, 5, 3), Vectors(400, 5, 4, scale: 1.6), options);
        Assert.True(One(readings, "mmd").PValue < 0.01);
        Assert.InRange(One(readings, "mean_distance").Value, 0, 0.4);
        Assert.InRange(One(readings, "domain_auc").Value, 0.35, 0.62);
    }

    [Fact]
    public void The_same_law_is_not_called_drift_and_many_components_are_projected()
    {
        var readings = Comparison.Compare(Vectors(250, 200, 5), Vectors(250, 200, 6), options);
        Assert.True(One(readings, "mmd").PValue > 0.01);
        Assert.InRange(One(readings, "domain_auc").Value, 0.3, 0.7);
        Assert.InRange(One(Comparison.Compare(Vectors(250, 200, 5), Vectors(250, 200, 7, shift: 40), options), "domain_auc").Value, 0.95, 1);
    }

    [Fact]
    public void What_cannot_be_compared_is_said_and_broken_rows_are_counted()
    {
        var readings = Comparison.Compare(Vectors(300, 3, 8, missing: 0.1), Vectors(300, 3, 9), options);
        Assert.InRange(One(readings, "mmd").Detail!.Numbers.Single(n => n.Key == "left_out").Value, 50, 110);
        Assert.Equal(Verdict.Critical, One(Comparison.Compare(Vectors(50, 3, 1), Vectors(50, 4, 1), options), "violation_rate").Verdict);
        Assert.Contains("10 whole vectors", One(Comparison.Compare(Vectors(50, 3, 1), Vectors(5, 3, 1), options), "mmd").Detail!.Reason);
        Assert.Contains("neither side", One(Comparison.Compare(Vectors(50, 3, 1), Vectors(50, 3, 1), options with { Vectors = [new("emb", "vec")] }), "mmd").Detail!.Reason);
        var profile = ProfileBuilder.ForReference(Vectors(50, 3, 1).Schema).Add(Vectors(50, 3, 1)).ToProfile();
        Assert.Contains("rows of both", One(Comparison.Compare(profile, profile, options), "mmd").Detail!.Reason);
        Assert.Equal(5, Embeddings.MeanDistance([0, 0, 2, 2], [4, 5, 4, 5], 2));
        Assert.True(double.IsNaN(Embeddings.MeanDistance([], [1, 2], 2)));
        Assert.Throws<ArgumentException>(() => Embeddings.MeanDistance([1, 2, 3], [1, 2], 2));
    }
}
