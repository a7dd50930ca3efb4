using FsCheck;
using FsCheck.Fluent;

namespace Drift.Core.Tests.Performance;

public sealed class ScoreTallyTests
{
    [Fact]
    public void Cells_give_bounds_that_hold_the_exact_areas() => Prop.ForAll<int[]>(seeds =>
    {
        var scores = Array.ConvertAll(seeds, s => (s & 1023) / 1023.0 / 100);
        var classes = Array.ConvertAll(seeds, s => s / 1024 % 3 == 0);
        var (exact, cells) = (ScoreTally.Of(scores, classes), ScoreTally.Of(scores, classes, 0));
        return (Holds(cells.Auc(), exact.Auc().Value) && Holds(cells.Aupr(), exact.Aupr().Value)).Label($"{exact.Auc()} {cells.Auc()} {exact.Aupr()} {cells.Aupr()}");
    }).QuickCheckThrowOnFailure();

    static bool Holds(BoundedValue bounded, double exact) => double.IsNaN(exact) ? double.IsNaN(bounded.Value) : bounded.Lower <= exact + 1e-12 && exact <= bounded.Upper + 1e-12;

    [Fact]
    public void Auc_is_the_share_of_ordered_pairs_ties_half() => Prop.ForAll<int[]>(seeds =>
    {
        var scores = Array.ConvertAll(seeds, s => (double)(s % 6));
        var classes = Array.ConvertAll(seeds, s => s / 6 % 2 == 0);
        double ordered = 0, pairs = 0;
        for (var i = 0; i < seeds.Length; i++)
            for (var j = 0; j < seeds.Length; j++)
                if (classes[i] && !classes[j]) (ordered, pairs) = (ordered + (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0), pairs + 1);
        var auc = ScoreTally.Of(scores, classes).Auc();
        return pairs == 0 ? double.IsNaN(auc.Value) : auc.IsExact && Math.Abs(auc.Value - ordered / pairs) < 1e-15;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Scores_outside_the_unit_interval_and_infinities_join_the_ends_and_NaN_is_passed_over()
    {
        double[] scores = [double.NegativeInfinity, -3, 0.5, 7, double.PositiveInfinity, double.NaN];
        bool[] classes = [false, false, true, false, true, true];
        var exact = ScoreTally.Of(scores, classes);
        Assert.Equal((2, 3), (exact.Positives, exact.Negatives));
        Assert.Equal(5 / 6.0, exact.Auc().Value, 1e-15);
        var cells = ScoreTally.Of(scores, classes, 2);
        Assert.False(cells.IsExact);
        Assert.True(Holds(cells.Auc(), 5 / 6.0));
        Assert.Equal(5, cells.Positives + cells.Negatives);
    }

    [Fact]
    public void Two_hundred_thousand_scores_in_cells_miss_the_area_by_less_than_a_thousandth()
    {
        var random = new Random(7);
        var scores = new double[200_000];
        var classes = new bool[scores.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            classes[i] = random.Next(10) == 0;
            scores[i] = 1 / (1 + Math.Exp(-random.NextDouble() * 4 + (classes[i] ? 1 : 3)));
        }
        var (exact, cells) = (ScoreTally.Of(scores, classes).Auc().Value, ScoreTally.Of(scores, classes, 10_000).Auc());
        Assert.InRange(cells.Upper - cells.Lower, 1e-9, 1e-3);
        Assert.InRange(Math.Abs(cells.Value - exact), 0, (cells.Upper - cells.Lower) / 2);
    }

    [Fact]
    public void Quantiles_are_within_one_percent_of_the_order_statistic() => Prop.ForAll<int[]>(seeds =>
    {
        if (seeds.Length == 0) return double.IsNaN(QuantileSketch.Empty.Quantile(0.5));
        var values = Array.ConvertAll(seeds, s => s % 5 == 0 ? 0 : s % 3 == 0 ? s * 1e7 : s / 1e5);
        var sketch = QuantileSketch.Of(values);
        Array.Sort(values);
        return new[] { 0, 0.01, 0.5, 0.95, 0.99, 1 }.All(q => Math.Abs(sketch.Quantile(q) - values[(int)Math.Floor(q * (values.Length - 1))]) <= 0.0100001 * Math.Abs(values[(int)Math.Floor(q * (values.Length - 1))]));
    }).QuickCheckThrowOnFailure();
}
