using FsCheck;
using FsCheck.Fluent;

namespace Drift.Core.Tests.Performance.Contrast;

public sealed class DeLongTests
{
    [Fact]
    public void Variances_are_those_of_the_definition_over_all_pairs() => Prop.ForAll<int[]>(seeds =>
    {
        var positive = Array.ConvertAll(seeds, s => s % 2 == 0);
        double[] x = Array.ConvertAll(seeds, s => s / 2 % 7 / 7.0), y = Array.ConvertAll(seeds, s => s / 14 % 5 / 5.0);
        if (positive.Count(p => p) < 2 || positive.Count(p => !p) < 2) return true;
        var (a, b) = (Components(x, positive), Components(y, positive));
        var apart = Math.Sqrt(Variance(a, a) + Variance(b, b));
        var together = Math.Sqrt(Math.Max(0, Variance(a, a) + Variance(b, b) - 2 * Variance(a, b)));
        return Agrees(DeLong.Compare(ScoreTally.Of(x, positive), ScoreTally.Of(y, positive)), Variance(a, a) > 1e-12 && Variance(b, b) > 1e-12 ? apart : null)
            && Agrees(DeLong.ComparePaired(positive, x, y), together > 1e-6 ? together : null);
    }).QuickCheckThrowOnFailure();

    static bool Agrees(Difference d, double? error)
    {
        if (error is not { } e) return d.PValue is >= 0 and <= 1 && d.Upper > d.Lower;
        var half = Intervals.Quantile(0.95) * e;
        return Math.Abs(Math.Max(-1, d.Value - half) - d.Lower) < 1e-9 && Math.Abs(Math.Min(1, d.Value + half) - d.Upper) < 1e-9;
    }

    static (double[] Up, double[] Down) Components(double[] scores, bool[] positive)
    {
        double[] ups = [.. scores.Where((_, i) => positive[i])], downs = [.. scores.Where((_, i) => !positive[i])];
        static double Beats(double up, double down) => up > down ? 1 : up == down ? 0.5 : 0;
        return ([.. ups.Select(u => downs.Average(d => Beats(u, d)))], [.. downs.Select(d => ups.Average(u => Beats(u, d)))]);
    }

    static double Variance((double[] Up, double[] Down) a, (double[] Up, double[] Down) b) => Covariance(a.Up, b.Up) / a.Up.Length + Covariance(a.Down, b.Down) / a.Down.Length;

    static double Covariance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - a.Average()) * (y - b.Average())).Sum() / (a.Length - 1);

    [Fact]
    public void Perfect_orders_are_equal_with_p_1_and_never_a_point()
    {
        bool[] positive = [.. Enumerable.Range(0, 40).Select(i => i >= 20)];
        double[] perfect = [.. Enumerable.Range(0, 40).Select(i => i / 40.0)], inverted = [.. perfect.Select(s => 1 - s)];
        foreach (var same in (Difference[])[DeLong.ComparePaired(positive, perfect, perfect), DeLong.Compare(ScoreTally.Of(perfect, positive), ScoreTally.Of(perfect, positive))])
            Assert.True(same is { PValue: 1, Value: 0 } && same.Lower < 0 && same.Upper > 0);
        var opposite = DeLong.ComparePaired(positive, perfect, inverted);
        Assert.Equal(-1, opposite.Value);
        Assert.InRange(opposite.PValue, 0, 1e-6);
        Assert.True(opposite.Upper < 0 && opposite.Upper > -1);
    }

    [Fact]
    public void A_class_that_is_missing_leaves_the_difference_undefined() =>
        Assert.True(double.IsNaN(DeLong.Compare(ScoreTally.Of([0.1, 0.2], [true, true]), ScoreTally.Of([0.1, 0.2], [true, false])).PValue));
}
