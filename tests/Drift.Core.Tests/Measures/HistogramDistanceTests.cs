using FsCheck;
using FsCheck.Fluent;

namespace Drift.Core.Tests.Measures;

public sealed class HistogramDistanceTests
{
    [Fact]
    public void Columns_of_few_values_have_the_exact_distance() =>
        Prop.ForAll(Few, pair =>
        {
            double[] r = [.. pair.Item1.Select(x => (double)x)], c = [.. pair.Item2.Select(x => (double)pair.Item1[x % pair.Item1.Length])]; // only values that the reference has
            return Math.Abs(FromCells(r, c) - Wasserstein.Distance(r, c)) < 1e-9;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_shift_of_a_continuous_column_is_about_its_size()
    {
        var random = new Random(1);
        var r = random.Normals(5000);
        double[] c = [.. r.Select(x => x + 0.7)];
        Assert.InRange(FromCells(r, c), 0.7 - 1e-9, 0.9); // never below the difference of the means; the wide outer cells of deciles exaggerate
    }

    [Fact]
    public void Spread_without_a_shift_is_close_to_the_exact_distance()
    {
        var random = new Random(2);
        double[] r = random.Normals(5000), c = random.Normals(5000, 0, 1.5);
        Assert.InRange(FromCells(r, c) / Wasserstein.Distance(r, c), 0.8, 1.2);
    }

    [Fact]
    public void Mass_outside_the_reference_reaches_to_where_it_lies()
    {
        double[] r = [.. Enumerable.Repeat(1.0, 100)], c = [.. Enumerable.Repeat(5.0, 100)];
        Assert.Equal(4, FromCells(r, c), 1e-9);
        Assert.Equal(0, FromCells(r, r), 1e-12);
        Assert.True(double.IsNaN(FromCells(r, [double.NaN])));
    }

    static double FromCells(double[] r, double[] c)
    {
        var binning = Binning.Default(r);
        return HistogramDistance.Wasserstein(Histogram.Of(binning, r), Histogram.Of(binning, c));
    }

    static readonly Arbitrary<(int[], int[])> Few = (
        from length in Gen.Choose(1, 80)
        from r in Gen.Choose(-6, 9).ArrayOf(length)
        from c in Gen.Choose(0, 1000).ArrayOf(50)
        select (r, c)).ToArbitrary();
}
