namespace Drift.Core.Tests.Histograms;

/// <summary>Moments against sums in plain words, clean and with values that are not finite.</summary>
public sealed class MomentsTests
{
    static double[] Values(int n, int seed, double dirty)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() < dirty
            ? random.Next(3) switch { 0 => double.NaN, 1 => double.PositiveInfinity, _ => double.NegativeInfinity }
            : 1000 + random.NextDouble() * 10)];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(0.9)]
    [InlineData(1)]
    public void Every_length_agrees_with_decimal_sums(double dirty)
    {
        foreach (var n in (int[])[0, 1, 2, 7, 8, 31, 32, 33, 100, 1919, 1920, 1921, 5000])
        {
            var values = Values(n, n, dirty);
            var finite = values.Where(double.IsFinite).Select(x => (decimal)x).ToArray();
            var moments = Moments.Of(values);
            Assert.Equal(finite.Length, moments.N);
            if (finite.Length == 0) continue;
            var mean = finite.Sum() / finite.Length;
            Assert.Equal((double)mean, moments.Mean, 1e-11);
            Assert.Equal((double)finite.Sum(x => (x - mean) * (x - mean)), moments.M2, 1e-9 * Math.Max(1, moments.M2));
            Assert.Equal((values.Where(double.IsFinite).Min(), values.Where(double.IsFinite).Max()), (moments.Min, moments.Max));
        }
    }

    [Fact]
    public void The_width_of_the_vectors_does_not_change_a_bit()
    {
        for (var n = 1; n < 400; n++)
        {
            var values = Values(n, n, n % 3 * 0.1);
            Assert.Equal(MomentsKernel.Of<Lanes512>(values), MomentsKernel.Of<Lanes256>(values));
        }
    }

    [Fact]
    public void Sums_that_overflow_are_made_one_by_one()
    {
        var moments = Moments.Of([1.5e308, 1.5e308, double.NaN, 1.5e308]);
        Assert.Equal((3, 1.5e308, 1.5e308), (moments.N, moments.Min, moments.Max));
        Assert.Equal(1, moments.Mean / 1.5e308, 1e-14);
    }
}
