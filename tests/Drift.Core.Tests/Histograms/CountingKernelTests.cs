namespace Drift.Core.Tests.Histograms;

/// <summary>The kernels are copies of the scalar rule: equal on every length, alignment and special value.</summary>
public sealed class CountingKernelTests
{
    static readonly double[] specials =
    [
        double.NaN, -double.NaN, BitConverter.Int64BitsToDouble(0x7FF0000000000001), double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0,
        double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 1e-310, 1, -1, 0.1, 0.5, 1e300, -1e300,
    ];

    static readonly double[][] edgeSets =
    [
        [0, 1], [0, double.Epsilon], [-1, 0, 1], [double.MinValue, 0, double.MaxValue],
        [.. Enumerable.Range(0, 11).Select(i => i / 10.0)],
        [.. Enumerable.Range(0, 21).Select(i => Math.Sinh(i - 10))],
        [.. Enumerable.Range(0, 33).Select(i => i * 1e-3 - 0.01)],
        [.. Enumerable.Range(0, 65).Select(i => (double)i * i)],
        [.. Enumerable.Range(0, 257).Select(i => Math.Cbrt(i - 100))],
        [.. Enumerable.Range(0, 4097).Select(i => i - 2048.0)],
    ];

    public static TheoryData<int> Sets() => [.. Enumerable.Range(0, edgeSets.Length)];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_and_offset_agrees_with_the_scalar_rule(int set)
    {
        var edges = edgeSets[set];
        var binning = Binning.Of(edges);
        var pool = Pool(edges, 600);
        for (var length = 0; length <= 256; length++)
            for (var offset = 0; offset < 9; offset += length < 40 ? 1 : 4)
                AssertEqual(binning, pool.AsSpan(offset, length));
        AssertEqual(binning, Pool(edges, 5000));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_edge_and_its_neighbours_fall_where_a_plain_search_says(int set)
    {
        var edges = edgeSets[set];
        var binning = Binning.Of(edges);
        foreach (var edge in edges)
            foreach (var x in (double[])[edge, Math.BitIncrement(edge), Math.BitDecrement(edge)])
                Assert.Equal(Naive(edges, x), binning.BinOf(x));
        foreach (var x in specials) Assert.Equal(Naive(edges, x), binning.BinOf(x));
    }

    /// <summary>The rule in its plainest words.</summary>
    static int Naive(double[] edges, double x)
    {
        if (double.IsNaN(x)) return Binning.NaN;
        if (double.IsPositiveInfinity(x)) return Binning.PositiveInfinity;
        if (double.IsNegativeInfinity(x)) return Binning.NegativeInfinity;
        if (x < edges[0]) return Binning.Below;
        if (x > edges[^1]) return Binning.Above;
        for (var i = 0; i < edges.Length - 2; i++)
            if (x < edges[i + 1]) return i;
        return edges.Length - 2;
    }

    static double[] Pool(double[] edges, int size)
    {
        var random = new Random(size + edges.Length);
        var (low, high) = (Math.Max(edges[0], -1e6), Math.Min(edges[^1], 1e6));
        return [.. Enumerable.Range(0, size).Select(_ => random.Next(10) switch
        {
            0 => specials[random.Next(specials.Length)],
            1 => edges[random.Next(edges.Length)],
            2 => Math.BitDecrement(edges[random.Next(edges.Length)]),
            _ => low + (high - low) * (random.NextDouble() * 1.2 - 0.1),
        })];
    }

    static void AssertEqual(Binning binning, ReadOnlySpan<double> values)
    {
        var (expected, actual) = (new long[binning.Count], new long[binning.Count]);
        Outside expectedOutside = default, actualOutside = default;
        CountingKernel.CountScalar(binning, values, expected, ref expectedOutside);
        CountingKernel.Count(binning, values, actual, ref actualOutside);
        Assert.Equal(expected, actual);
        Assert.Equal(expectedOutside, actualOutside);
    }
}
