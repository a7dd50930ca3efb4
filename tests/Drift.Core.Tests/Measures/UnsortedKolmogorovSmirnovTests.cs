namespace Drift.Core.Tests.Measures;

/// <summary>Finding the largest distance without sorting gives what sorting gives, to the last bit, whatever the samples are like.</summary>
public sealed class UnsortedKolmogorovSmirnovTests
{
    static readonly Dictionary<string, Func<Random, double>> laws = new()
    {
        ["normal"] = Normal,
        ["shifted normal"] = random => Normal(random) * 1.02 + 0.01,
        ["far away"] = random => Normal(random) + 1e6,
        ["cauchy"] = random => Math.Tan(Math.PI * (random.NextDouble() - 0.5)),
        ["lognormal"] = random => Math.Exp(3 * Normal(random)),
        ["heavier than any"] = random => Math.CopySign(Math.Exp(Math.Min(700, 1 / random.NextDouble())), random.NextDouble() - 0.5),
        ["few values"] = random => random.Next(5),
        ["mostly zero"] = random => random.Next(10) < 8 ? 0 : Normal(random),
        ["two clusters"] = random => (random.Next(2) == 0 ? 0 : 1e9) + Normal(random) * 1e-3,
        ["both zeros"] = random => random.Next(3) switch { 0 => 0.0, 1 => -0.0, _ => Normal(random) },
        ["dirty"] = random => random.Next(8) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => double.NegativeInfinity, _ => Normal(random) },
        ["extremes"] = random => random.Next(4) switch { 0 => double.MaxValue, 1 => double.MinValue, 2 => double.Epsilon, _ => random.NextDouble() },
        ["constant"] = _ => 0.25,
        ["no number"] = _ => double.NaN,
    };

    public static TheoryData<string> Laws() => [.. laws.Keys];

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());

    static double[] Draw(string law, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => laws[law](random))];
    }

    static TwoSampleTest Sorted(double[] x, double[] y, Alternative alternative)
    {
        double[] Clean(double[] sample) => [.. sample.Where(value => !double.IsNaN(value)).Order()];
        return KolmogorovSmirnov.TestSorted(Clean(x), Clean(y), alternative, PValueMethod.Asymptotic);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Any_pair_of_laws_and_sizes(string law)
    {
        foreach (var other in laws.Keys)
            foreach (var (n, m) in ((int, int)[])[(1500, 1100), (1500, 70), (5, 1024), (3000, 40)])
            {
                double[] x = Draw(law, n, n), y = Draw(other, m, m + 1);
                var prepared = PreparedSample.Of(x);
                foreach (var alternative in Enum.GetValues<Alternative>())
                {
                    var expected = Sorted(x, y, alternative);
                    Assert.Equal(expected, KolmogorovSmirnov.Test(x, y, alternative, PValueMethod.Asymptotic));
                    Assert.Equal(expected, KolmogorovSmirnov.Test(prepared, y, alternative, PValueMethod.Asymptotic));
                }
            }
    }

    [Fact]
    public void Empty_sides_have_no_distance()
    {
        var prepared = PreparedSample.Of([1, 2, 3]);
        Assert.Equal(TwoSampleTest.NotApplicable, KolmogorovSmirnov.Test(prepared, []));
        Assert.Equal(TwoSampleTest.NotApplicable, KolmogorovSmirnov.Test(PreparedSample.Of([]), [1]));
        Assert.Equal(TwoSampleTest.NotApplicable, KolmogorovSmirnov.Test(new double[5000], []));
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void A_grid_never_decreases_and_vectors_agree_with_single_values(string law)
    {
        var sample = Draw(law, 1000, 3).Where(x => !double.IsNaN(x)).Order().ToArray();
        if (sample.Length == 0) return;
        foreach (var cells in (int[])[2, 256, 4096])
        {
            var grid = SampleGrid.For(sample, cells);
            double[] probes = [.. laws.Keys.SelectMany(other => Draw(other, 100, 7)).Where(x => !double.IsNaN(x)).Order()];
            var found = new ushort[probes.Length];
            grid.CellsOf(probes, found);
            for (var i = 0; i < probes.Length; i++)
            {
                Assert.Equal(grid.CellOf(probes[i]), found[i]);
                Assert.InRange((int)found[i], i == 0 ? 0 : found[i - 1], cells - 1);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Radix_sort_sorts(string law)
    {
        foreach (var n in (int[])[0, 1, 2, 3, 7, 8, 9, 50, 95, 96, 97, 511, 512, 3000])
        {
            var sample = Draw(law, n, n + 5).Where(x => !double.IsNaN(x)).ToArray();
            var expected = sample.Order().ToArray();
            RadixSort.Sort(sample);
            Assert.Equal(expected, sample);
        }
    }
}
