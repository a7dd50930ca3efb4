namespace Drift.Core.Tests.Measures;

public sealed class PowerTests
{
    [Theory]
    [InlineData(10, 0.05, 15.65)]
    [InlineData(10, 0.01, 21.43)]
    [InlineData(10, 0.001, 28.80)]
    [InlineData(20, 0.05, 20.56)]
    [InlineData(20, 0.01, 27.65)]
    [InlineData(20, 0.001, 36.44)]
    public void Non_centrality_for_80_percent_power(int cells, double alpha, double expected) =>
        Assert.Equal(expected, Power.NonCentrality(cells - 1, alpha), 2);

    [Theory]
    [InlineData(0.05, 1.3581)]
    [InlineData(0.01, 1.6276)]
    [InlineData(0.001, 1.9495)]
    public void Critical_distances_of_ks(double alpha, double c) =>
        Assert.Equal(c * Math.Sqrt((300.0 + 700) / (300.0 * 700)), Power.KsCritical(300, 700, alpha), 4);

    [Fact]
    public void Enough_data_by_the_letter()
    {
        // B = 10, floor 0.1: k <= 0.1 / 21.43 = 0.004666, so n = m needs 2 / 0.004666 = 428.6.
        Assert.False(Power.Enough(428, 428, 10));
        Assert.True(Power.Enough(429, 429, 10));
        Assert.False(Power.Enough(10_000_000, 199, 2)); // never under 200
        Assert.True(Power.Enough(10_000_000, 200, 2));
        Assert.False(Power.Enough(10_000_000, 274, 55, floor: 1)); // never under 5 per cell
        Assert.True(Power.Enough(10_000_000, 275, 55, floor: 1));
        Assert.False(Power.Enough(10_000, 1000, 10, designEffect: 5));
        Assert.False(Power.Enough(0, 1000, 10));
    }

    [Fact]
    public void The_rows_needed_are_the_least_that_are_enough()
    {
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            var (n, cells, floor, effect) = (random.NextInt64(1, 20_000), random.Next(1, 60), random.NextDouble() * 0.4 + 0.01, 1 + random.NextDouble() * 4);
            if (Power.RowsNeeded(n, cells, floor, effect) is { } rows)
            {
                Assert.True(Power.Enough(n, rows, cells, floor, effect));
                Assert.False(Power.Enough(n, rows - 1, cells, floor, effect));
            }
            else Assert.True(Power.LeastFloor(n, cells, effect) > floor * 0.999);
        }
    }

    [Fact]
    public void A_reference_too_small_for_any_window_says_the_floor_that_it_can_judge()
    {
        Assert.Null(Power.RowsNeeded(200, 10));
        Assert.Equal(21.43 / 200, Power.LeastFloor(200, 10), 3);
        Assert.Equal(double.PositiveInfinity, Power.LeastFloor(0, 10));
    }

    [Fact]
    public void A_drift_of_the_size_of_the_floor_is_found_in_80_percent_of_windows()
    {
        // Shares p and q with psi 0.1 over 10 cells, n = 50,000 and m as the rule demands.
        double[] p = [.. Enumerable.Repeat(0.1, 10)], q = new double[10];
        double low = 0, high = 0.09;
        for (var i = 0; i < 60; i++)
        {
            var shift = (low + high) / 2;
            for (var cell = 0; cell < 10; cell++) q[cell] = 0.1 + (cell % 2 == 0 ? shift : -shift);
            if (Divergence.Psi(p, q) < 0.1) low = shift;
            else high = shift;
        }
        var m = (int)Power.RowsNeeded(50_000, 10)!.Value;
        var random = new Random(11);
        var found = 0;
        const int Windows = 1000;
        for (var window = 0; window < Windows; window++)
        {
            var (r, c) = (Sampling.Multinomial(random, p, 50_000), Sampling.Multinomial(random, q, m));
            if (PsiLaw.PValue(Divergence.Psi(r, c), 50_000, m, 10) < 0.01) found++;
        }
        Assert.InRange(found / (double)Windows, 0.75, 0.85);
    }
}
