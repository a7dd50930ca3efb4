using FsCheck;
using FsCheck.Fluent;

namespace Drift.Core.Tests.Measures;

public sealed class DivergenceTests
{
    // Values by the definition, worked out on paper or by an independent program, not by this one.
    static readonly long[] Reference = [500, 300, 200, 0];
    static readonly long[] Current = [200, 150, 100, 50];

    [Fact]
    public void Laplace_smoothed_psi_has_the_published_value_when_half_becomes_one() =>
        Assert.Equal(0.4854551924626937, Divergence.Psi(Reference, Current, smoothing: 1), 14);

    [Fact]
    public void Default_smoothing_adds_half_an_observation_to_every_cell_and_renormalises()
    {
        double expected = 0;
        for (var i = 0; i < 4; i++)
        {
            double p = (Reference[i] + 0.5) / 1002, q = (Current[i] + 0.5) / 502;
            expected += (p - q) * Math.Log(p / q);
        }
        Assert.Equal(expected, Divergence.Psi(Reference, Current), 14);
        Assert.Equal(expected, Divergence.Kl(Reference, Current) + Divergence.Kl(Current, Reference), 14);
    }

    [Fact]
    public void Unsmoothed_divergences_are_infinite_where_one_side_is_empty()
    {
        Assert.Equal(double.PositiveInfinity, Divergence.Psi(Reference, Current, 0));
        Assert.Equal(double.PositiveInfinity, Divergence.Kl(Current, Reference, 0));
        Assert.Equal(0.5 * Math.Log(0.5 / 0.4) + 0.3 * Math.Log(1) + 0.2 * Math.Log(1), Divergence.Kl(Reference, Current, 0), 15);
    }

    [Fact]
    public void Js_and_hellinger_have_the_published_values()
    {
        Assert.Equal(0.2324129365435581, Divergence.Js(Reference, Current), 14);
        Assert.Equal(0.22975292054736118, Divergence.Hellinger(Reference, Current), 14);
        Assert.Equal(0.19349646201204088 * 0.19349646201204088, Divergence.JsDivergence(Reference, Current, Math.E), 14);
    }

    [Fact]
    public void Sides_without_a_common_cell_are_at_the_far_end()
    {
        long[] left = [3, 0, 7, 0], right = [0, 2, 0, 1];
        Assert.Equal(1, Divergence.Js(left, right), 15);
        Assert.Equal(1, Divergence.Hellinger(left, right), 15);
        Assert.Equal(1, Divergence.TotalVariation(left, right), 15);
        Assert.Equal(0.7, Divergence.LInfinity(left, right), 15);
        Assert.Equal(double.PositiveInfinity, Divergence.Bhattacharyya(left, right));
    }

    [Fact]
    public void Small_differences_keep_their_digits()
    {
        // p = (1 + e, 1 - e) / 2 against (1, 1) / 2 with e = 2^-30: JS = e^2 / 8 nats, Hellinger^2 = e^2 / 8, to first order.
        const double e = 1.0 / (1 << 30);
        double[] p = [(1 + e) / 2, (1 - e) / 2], q = [0.5, 0.5];
        Assert.Equal(1, Divergence.JsDivergence(q, p, Math.E) / (e * e / 8), 6);
        Assert.Equal(1, Divergence.Hellinger(q, p) / Math.Sqrt(e * e / 8), 6);
        Assert.Equal(1, Divergence.Bhattacharyya(q, p) / (e * e / 8), 6);
    }

    [Theory]
    [InlineData(new long[0], new long[0])]
    [InlineData(new long[] { 0, 0 }, new long[] { 1, 2 })]
    [InlineData(new long[] { 1, 2 }, new long[] { 0, 0 })]
    public void Undefined_shares_give_NaN(long[] reference, long[] current)
    {
        foreach (var distance in Distances) Assert.Equal(double.NaN, distance(reference, current));
        double[] shares = [0.5, double.NaN];
        Assert.Equal(double.NaN, Divergence.Psi(shares, [0.5, 0.5]));
        Assert.Equal(double.NaN, Divergence.Js([0.5, 0.5], shares));
        Assert.Equal(double.NaN, Divergence.Hellinger([1.5, -0.5], [0.5, 0.5]));
    }

    [Fact]
    public void Different_lengths_are_refused() => Assert.Throws<ArgumentException>(() => Divergence.Psi([1, 2], new long[] { 1 }));

    [Fact]
    public void Every_distance_obeys_its_laws() =>
        Prop.ForAll(Pairs, pair =>
        {
            var (r, c) = pair;
            long[] backwardsR = [.. r.Reverse()], backwardsC = [.. c.Reverse()];
            foreach (var distance in Distances)
            {
                var value = distance(r, c);
                if (!(value >= 0)) return false;
                if (!Near(distance(backwardsR, backwardsC), value)) return false;
                if (!Near(distance(r, r), 0)) return false;
            }
            foreach (var symmetric in Distances.Skip(1))
                if (!Near(symmetric(r, c), symmetric(c, r))) return false;
            double js = Divergence.Js(r, c), h = Divergence.Hellinger(r, c), tv = Divergence.TotalVariation(r, c), largest = Divergence.LInfinity(r, c);
            return js <= 1 && h <= 1 && tv <= 1 && largest <= tv + 1e-12 // no cell differs more than the best set of cells
                && h * h <= tv + 1e-12 && tv <= h * Math.Sqrt(2) + 1e-12 // Le Cam
                && tv <= Math.Sqrt(Divergence.Kl(r, c, 0) / 2) + 1e-9; // Pinsker
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Counts_and_their_shares_agree() =>
        Prop.ForAll(Pairs, pair =>
        {
            var (r, c) = pair;
            double[] p = [.. r.Select(x => (double)x / r.Sum())], q = [.. c.Select(x => (double)x / c.Sum())];
            return Near(Divergence.Psi(p, q), Divergence.Psi(r, c, 0)) && Near(Divergence.Kl(p, q), Divergence.Kl(r, c, 0))
                && Near(Divergence.Js(p, q), Divergence.Js(r, c)) && Near(Divergence.Hellinger(p, q), Divergence.Hellinger(r, c))
                && Near(Divergence.TotalVariation(p, q), Divergence.TotalVariation(r, c)) && Near(Divergence.LInfinity(p, q), Divergence.LInfinity(r, c))
                && Near(Divergence.Bhattacharyya(p, q), Divergence.Bhattacharyya(r, c));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_is_allocated()
    {
        var before = 0L;
        double sum = 0;
        for (var round = 0; round < 3; round++) // the first rounds pay for compilation
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) sum += Divergence.Psi(Reference, Current) + Divergence.Kl(Reference, Current) + Divergence.Js(Reference, Current);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sum > 0);
    }

    static readonly Func<long[], long[], double>[] Distances =
    [
        (r, c) => Divergence.Kl(r, c), (r, c) => Divergence.Psi(r, c), (r, c) => Divergence.Js(r, c), (r, c) => Divergence.Hellinger(r, c),
        (r, c) => Divergence.TotalVariation(r, c), (r, c) => Divergence.LInfinity(r, c), (r, c) => Divergence.Bhattacharyya(r, c),
    ];

    /// <summary>Zero exactly for equal shares, also of unequal sizes: every distance but the smoothed ones, whose half observation weighs more on the smaller side.</summary>
    [Fact]
    public void Only_equal_shares_are_at_distance_zero() =>
        Prop.ForAll(Pairs, pair =>
        {
            var (r, c) = pair;
            long[] threefold = [.. r.Select(x => 3 * x)];
            var differ = r.Zip(c).Any(cell => cell.First * c.Sum() != cell.Second * r.Sum());
            foreach (var distance in Distances.Skip(2))
                if (!Near(distance(r, threefold), 0) || differ && !(distance(r, c) > 0)) return false;
            return Divergence.Psi(r, threefold, 0) == 0 && Divergence.Kl(r, threefold, 0) == 0 && (!differ || Divergence.Psi(r, c, 0) > 0 && Divergence.Kl(r, c, 0) > 0);
        }).QuickCheckThrowOnFailure();

    /// <summary>A bias-corrected association is no distance: small differences are 0 too.</summary>
    [Fact]
    public void Cramers_v_is_symmetric_bounded_and_zero_on_equal_shares() =>
        Prop.ForAll(Pairs, pair =>
        {
            var (r, c) = pair;
            var v = Contingency.CramersV(r, c);
            return double.IsNaN(v) || v is >= 0 and <= 1 && Near(v, Contingency.CramersV(c, r)) && Near(v, Contingency.CramersV([.. r.Reverse()], [.. c.Reverse()])) && Contingency.CramersV(r, [.. r.Select(x => 2 * x)]) == 0;
        }).QuickCheckThrowOnFailure();

    static readonly Arbitrary<(long[], long[])> Pairs = (
        from length in Gen.Choose(1, 40)
        from r in Gen.Choose(0, 5000).Select(x => (long)x).ArrayOf(length)
        from c in Gen.Choose(0, 50).Select(x => (long)x).ArrayOf(length)
        where r.Sum() > 0 && c.Sum() > 0
        select (r, c)).ToArbitrary();

    static bool Near(double a, double b) => a.Equals(b) || Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Abs(b));

    [Fact]
    public void Three_in_one_pass_are_the_three()
    {
        var random = new Random(11);
        for (var length = 1; length < 70; length++)
        {
            long[] Counts() => [.. Enumerable.Range(0, length).Select(_ => random.Next(4) == 0 ? 0L : random.NextInt64(1, 1L << random.Next(1, 40)))];
            var (reference, current) = (Counts(), Counts());
            if (random.Next(5) == 0) current = [.. reference.Select(count => count + (count > 1000 ? 1 : 0))]; // nearly equal
            (reference[0], current[0]) = (1, 1);
            var (psi, kl, js) = Divergence.PsiKlJs(reference, current);
            Near(Divergence.Psi(reference, current), psi);
            Near(Divergence.Kl(current, reference), kl);
            Near(Divergence.Js(reference, current), js);
        }
        Assert.Equal((double.NaN, double.NaN, double.NaN), Divergence.PsiKlJs([], []));
        Assert.Equal((double.NaN, double.NaN, double.NaN), Divergence.PsiKlJs([0, 0], [1, 0]));
        Assert.Equal(1, Divergence.PsiKlJs([5, 0], [0, 7]).Js, 15);
        Assert.Equal((0, 0, 0), Divergence.PsiKlJs([3, 0, 4], [3, 0, 4]));
        Assert.Throws<ArgumentException>(() => Divergence.PsiKlJs([1], [1, 2]));

        static void Near(double wanted, double got) => Assert.Equal(wanted, got, 1e-13 + wanted * 1e-12);
    }
}
