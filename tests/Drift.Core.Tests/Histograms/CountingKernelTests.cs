namespace Drift.Core.Tests.Histograms;

/// <summary>The kernels are copies of the scalar rule: equal on every length, alignment and special value.</summary>
public sealed class CountingKernelTests
{
    static readonly double[] specials =
    [
        double.NaN, -double.NaN, BitConverter.Int64BitsToDouble(0x7FF0000000000001), double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0,
        double.Epsilon, -double.Epsilon, -1e-310, double.MaxValue, double.MinValue, 1e-310, 1, -1, 0.1, 0.5, 1e300, -1e300,
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
        // Edges whose upper halves are equal: a few of them, and too many for a second step each.
        [-1e-320, -double.Epsilon, 0, double.Epsilon, 1e-320], [-1e-300, 0, 1e-300], [.. Enumerable.Range(0, 21).Select(i => i * 3e-7 - 3)],
        [1, Math.BitIncrement(1.0), 1 + 1e-15, 1 + 2e-15, 1 + 4e-15, 1 + 8e-15, 2],
        [0.5, Math.BitIncrement(0.5)], [-3, Math.BitIncrement(-3.0), 0, double.Epsilon, 7, Math.BitIncrement(7.0)],
        // The sizes at which the tree gets another level, and at which it ends.
        .. new[] { 14, 15, 16, 17, 30, 31, 61, 62, 63, 64 }.Select(count => (double[])[.. Enumerable.Range(0, count + 1).Select(i => Math.Pow(i - 5, 3) / 100)]),
        .. new[] { 1, 2, 10, 16, 17, 20, 63, 64, 65, 1000, 4096 }.Select(count => Binning.Uniform(-1, 2, count).Edges.ToArray()),
        // From 0 on with few cells per unit the formula would take negative numbers of the subnormals' size for zeros.
        Binning.Uniform(0, 1e9, 20).Edges.ToArray(), Binning.Uniform(0, 1e100, 20).Edges.ToArray(), Binning.Uniform(0, 1, 10).Edges.ToArray(), Binning.Uniform(1e15, 1e15 + 8, 4).Edges.ToArray(),
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
            for (var offset = 0; offset < 9; offset += length < 40 ? 1 : 5)
                AssertEqual(binning, pool.AsSpan(offset, length));
        AssertEqual(binning, Pool(edges, 5000));
        AssertEqual(binning, Pool(edges, 5000).Where(x => binning.BinOf(x) >= 0).ToArray());
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_constant_column_overflows_no_plane(int set)
    {
        var edges = edgeSets[set];
        var binning = Binning.Of(edges);
        foreach (var x in (double[])[edges[0], edges[^1], Math.BitDecrement(edges[^1]), Math.BitIncrement(edges[^1]), Math.BitDecrement(edges[0]), edges[edges.Length / 2], double.NaN])
        {
            var constant = new double[CellKernel.Block * 2 + 77];
            Array.Fill(constant, x);
            AssertEqual(binning, constant);
        }
    }

    /// <summary>Negative, whole, short and long edges, near and far from each other.</summary>
    [Theory]
    [InlineData("cubes")]
    [InlineData("tenths")]
    [InlineData("whole")]
    [InlineData("near")]
    [InlineData("wide")]
    [InlineData("points")]
    public void Any_number_of_cells_agrees_with_the_scalar_rule(string kind)
    {
        for (var count = 1; count <= 64; count++)
        {
            double[] edges = [.. Enumerable.Range(0, count + 1).Select(i => kind switch
            {
                "cubes" => Math.Pow(i - count / 2, 3) / 100,
                "tenths" => (i - count / 2) / 10.0 + i % 3 * 1e-3,
                "whole" => (i - count / 3) * (double)(i + 1 + count),
                "near" => 5 + i * (i + 9) * 1e-7,
                "wide" => Math.Sinh((i - count / 2) * 5.0),
                _ => i % 2 == 0 ? i - count / 2 : Math.BitIncrement((double)(i - 1 - count / 2)),
            })];
            var binning = Binning.Of(edges.Distinct().Order().ToArray() is { Length: > 1 } distinct ? distinct : [0, 1]);
            var pool = Pool(edges, 2000);
            AssertEqual(binning, pool);
            AssertEqual(binning, pool.AsSpan(1, 77));
            AssertEqual(binning, [.. pool.Select(x => Math.Round(x))]);
            AssertEqual(binning, Enumerable.Repeat(edges[edges.Length / 2], 500).ToArray());
            AssertEqual(binning, Enumerable.Repeat(-0.0, 500).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Floats_count_as_the_doubles_that_they_are(int set)
    {
        var binning = Binning.Of(edgeSets[set]);
        var floats = Pool(edgeSets[set], 5000).Select(x => (float)x).ToArray();
        for (var length = 0; length <= floats.Length; length += length < 260 ? 1 : 237)
        {
            var (expected, actual) = (new long[binning.Count], new long[binning.Count]);
            Outside expectedOutside = default, actualOutside = default;
            CountingKernel.CountScalar(binning, [.. floats[..length].Select(x => (double)x)], expected, ref expectedOutside);
            CountingKernel.Count(binning, floats.AsSpan(0, length), actual, ref actualOutside);
            if (!expected.AsSpan().SequenceEqual(actual)) Assert.Equal(expected, actual);
            Assert.Equal(expectedOutside, actualOutside);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_histogram_says_the_same_with_its_moments(int set)
    {
        var binning = Binning.Of(edgeSets[set]);
        foreach (var values in (double[][])[Pool(edgeSets[set], 4100), [.. Pool(edgeSets[set], 4100).Where(x => binning.BinOf(x) >= 0)], [-1e-310, .. new double[30]]])
        {
            var expected = new long[binning.Count];
            Outside outside = default;
            CountingKernel.CountScalar(binning, values, expected, ref outside);
            var histogram = Histogram.Of(binning, values);
            if (!histogram.Counts.SequenceEqual(expected)) Assert.Equal(expected, histogram.Counts.ToArray());
            Assert.Equal(outside, new() { Below = histogram.Below, Above = histogram.Above, NaN = histogram.NaN, NegativeInfinity = histogram.NegativeInfinity, PositiveInfinity = histogram.PositiveInfinity });
        }
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
            3 => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(edges[random.Next(edges.Length)]) ^ random.Next() >> random.Next(31)),
            _ => low + (high - low) * (random.NextDouble() * 1.2 - 0.1),
        })];
    }

    static void AssertEqual(Binning binning, ReadOnlySpan<double> values)
    {
        var (expected, actual) = (new long[binning.Count], new long[binning.Count]);
        Outside expectedOutside = default, actualOutside = default;
        CountingKernel.CountScalar(binning, values, expected, ref expectedOutside);
        CountingKernel.Count(binning, values, actual, ref actualOutside);
        if (!expected.AsSpan().SequenceEqual(actual)) Assert.Equal(expected, actual); // comparing spans is much faster, the assertion says where
        Assert.Equal(expectedOutside, actualOutside);
    }
}
