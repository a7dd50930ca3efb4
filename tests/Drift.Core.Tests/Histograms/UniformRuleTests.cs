namespace Drift.Core.Tests.Histograms;

/// <summary>The published edges of uniform cells are the thresholds of their formula, to the last bit.</summary>
public sealed class UniformRuleTests
{
    public static TheoryData<double, double, int> Ranges() => new()
    {
        { 0, 1, 10 }, { 0, 1, 1 }, { -8, 8, 20 }, { 0, 1e9, 64 }, { -1, 1, 7 }, { 1e15, 1e15 + 100, 50 }, { -5e-200, 5e-200, 4 }, { 0.1, 0.3, 4096 }, { 3, 1000, 33 },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Formula_and_comparison_agree_around_every_edge(double min, double max, int count)
    {
        var binning = Binning.Uniform(min, max, count);
        Assert.True(binning.IsUniform);
        Assert.Equal((count, min, max), (binning.Count, binning.Edges[0], binning.Edges[^1]));
        foreach (var edge in binning.Edges)
            for (double x = edge, step = 0; step < 4; step++, x = Math.BitDecrement(x)) Agrees(binning, x);
        foreach (var edge in binning.Edges)
            for (double x = edge, step = 0; step < 4; step++, x = Math.BitIncrement(x)) Agrees(binning, x);
        var random = new Random(count);
        for (var i = 0; i < 20_000; i++) Agrees(binning, min + (max - min) * (random.NextDouble() * 1.2 - 0.1));
    }

    static void Agrees(Binning binning, double x)
    {
        var rule = binning.UniformRule!.Value;
        if (rule.MissesTinyNegatives && UniformRule.IsTinyNegative(x)) return;
        var cell = Math.Floor(rule.Position(x));
        var expected = binning.BinOf(x);
        if (expected == Binning.Below) Assert.True(cell < 0);
        else if (expected == Binning.Above) Assert.True(cell >= binning.Count);
        else Assert.True(cell == expected || cell == binning.Count && expected == binning.Count - 1, $"{x:R}: {cell} for {expected}");
    }

    [Fact]
    public void Edges_stay_within_rounding_of_equal_steps()
    {
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            double min = random.NextDouble() * 20 - 10, max = min + random.NextDouble() * 50 + 0.01;
            var binning = Binning.Uniform(min, max, 20);
            Assert.True(binning.IsUniform);
            for (var cell = 0; cell <= 20; cell++) Assert.Equal(min + cell * (max - min) / 20, binning.Edges[cell], 1e-13);
        }
    }

    [Fact]
    public void Stored_edges_are_recognised_and_one_bit_off_is_not()
    {
        var edges = Binning.Uniform(-3, 11, 20).Edges.ToArray();
        Assert.True(Binning.Of(edges).IsUniform);
        edges[7] = Math.BitIncrement(edges[7]);
        Assert.False(Binning.Of(edges).IsUniform);
        Assert.False(Binning.Of([0, 1, 4, 9]).IsUniform);
    }

    [Theory]
    [InlineData(-8.0, 8.0, 32)]
    [InlineData(0.0, 1.0, 10)]
    [InlineData(0.0, 1e6, 20)]
    [InlineData(-0.3, 77.7, 31)]
    public void Floats_fall_where_their_doubles_fall(double min, double max, int count)
    {
        var binning = Binning.Uniform(min, max, count);
        var rule = FloatRule.Fit(binning.UniformRule!.Value, binning.Edges)!.Value;
        var values = new List<float> { float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 0, -0f, float.Epsilon, -float.Epsilon };
        foreach (var edge in binning.Edges)
            for (float up = (float)edge, down = up, step = 0; step < 5; step++, up = MathF.BitIncrement(up), down = MathF.BitDecrement(down)) values.AddRange([up, down]);
        foreach (var x in values.Where(x => binning.BinOf(x) >= 0))
            Assert.InRange(MathF.Floor(rule.Position(x)), binning.BinOf(x), binning.BinOf(x) + 1);
        foreach (var x in values)
        {
            // One value many times: nothing else can make up for a wrong cell.
            var (expected, actual) = (new long[count], new long[count]);
            Outside expectedOutside = default, actualOutside = default;
            CountingKernel.CountScalar(binning, [.. Enumerable.Repeat((double)x, 300)], expected, ref expectedOutside);
            CountingKernel.Count(binning, [.. Enumerable.Repeat(x, 300)], actual, ref actualOutside);
            if (!expected.AsSpan().SequenceEqual(actual)) Assert.Equal(expected, actual);
            Assert.Equal(expectedOutside, actualOutside);
        }
    }

    [Fact]
    public void Floats_too_coarse_for_the_cells_have_no_formula()
    {
        var binning = Binning.Uniform(1e8, 1e8 + 10, 20);
        Assert.Null(FloatRule.Fit(binning.UniformRule!.Value, binning.Edges));
    }
}
