namespace Drift;

/// <summary>Anderson and Darling's two-sample test in the midrank form of Scholz and Stephens: like Cramer-von Mises, with more weight in the tails.</summary>
/// <remarks>
/// A2 = (N-1)/N sum over sides of 1/n_i sum_j l_j/N (N M_ij - n_i B_j)^2 / (B_j (N - B_j) - N l_j/4), standardised by its null mean (1) and deviation:
/// about 0 when nothing changed, no upper limit. The p-value is the published table's log-quadratic interpolation and says no more
/// than 0.001 to 0.25 (scipy's anderson_ksamp does the same); it assumes independent draws. Few distinct values double its false alarms, so with ties among
/// at most 256 distinct values <see cref="PValueMethod.Auto"/> takes p from the law given the ties, and on up to 200 values a side the larger of both. NaN values are left out. Fewer than
/// four values in all, an empty side or a single distinct value give NaN. Source: F. Scholz and M. Stephens 1987, equation 7 and table 2.
/// Default threshold: p &lt; 0.01.
/// </remarks>
public static class AndersonDarling
{
    const double LeastTabled = 0.325;
    const double GreatestTabled = 6.546;

    /// <summary>Tests two raw samples.</summary>
    /// <param name="x">The first sample.</param>
    /// <param name="y">The second sample.</param>
    /// <param name="method">Asymptotic: always the table, as scipy. Auto: the law given the ties where they matter.</param>
    public static TwoSampleTest Test(ReadOnlySpan<double> x, ReadOnlySpan<double> y, PValueMethod method = PValueMethod.Auto)
    {
        using var a = SortedSample.Of(x);
        using var b = SortedSample.Of(y);
        return TestSorted(a.Values, b.Values, method);
    }

    internal static TwoSampleTest TestSorted(ReadOnlySpan<double> x, ReadOnlySpan<double> y, PValueMethod method)
    {
        double n = x.Length, m = y.Length, all = n + m;
        if (x.IsEmpty || y.IsEmpty || all < 4) return TwoSampleTest.NotApplicable;
        CompensatedSum first = new(), second = new();
        var distinct = 0;
        foreach (var tie in new Ties(x, y))
        {
            distinct++;
            double l = tie.Count, b = tie.Below + l / 2, weight = l / all / (b * (all - b) - all * l / 4);
            double one = all * (tie.FirstBelow + tie.First / 2.0) - b * n, two = all * (tie.SecondBelow + tie.Second / 2.0) - b * m;
            first.Add(one * one * weight);
            second.Add(two * two * weight);
        }
        if (distinct < 2) return TwoSampleTest.NotApplicable;
        var a2 = (first.Value / n + second.Value / m) * (all - 1) / all;
        var statistic = (a2 - 1) / Math.Sqrt(Variance(n, m));
        if (method == PValueMethod.Auto && distinct < all && TiedRanks.Groups(x, y) is { } groups)
        {
            var tied = TiedRanks.Survival(groups, n, m, tie => Weight(tie, n, m));
            return new(statistic, Math.Max(n, m) > TiedRanks.PublishedUpTo ? tied : Math.Max(tied, PValue(statistic)));
        }
        return new(statistic, PValue(statistic));
    }

    static double Weight(Tie tie, double n, double m)
    {
        double all = n + m, b = tie.Below + tie.Count / 2.0;
        return (all - 1) / all * (1 / n + 1 / m) * tie.Count / all / (b * (all - b) - all * tie.Count / 4.0);
    }

    // Scholz and Stephens, equation 4, for two samples.
    static double Variance(double n, double m)
    {
        var all = n + m;
        CompensatedSum harmonic = new(), g = new();
        for (var i = 1; i < all - 1; i++)
        {
            harmonic.Add(1 / (all - i));
            g.Add(harmonic.Value / (i + 1));
        }
        double h = harmonic.Value + 1, sides = 1 / n + 1 / m;
        var a = 4 * g.Value - 6 + (10 - 6 * g.Value) * sides;
        var b = (2 * g.Value - 4) * 4 + 16 * h + (2 * g.Value - 14 * h - 4) * sides - 8 * h + 4 * g.Value - 6;
        var c = (6 * h + 2 * g.Value - 2) * 4 + (4 * h - 4 * g.Value + 6) * 2 + (2 * h - 6) * sides + 4 * h;
        var d = (2 * h + 6) * 4 - 8 * h;
        return (((a * all + b) * all + c) * all + d) / ((all - 1) * (all - 2) * (all - 3));
    }

    // Least-squares parabola of ln p over the seven critical values of two samples: .325 1.226 1.961 2.718 3.752 4.592 6.546 at
    // p = .25 .1 .05 .025 .01 .005 .001.
    static double PValue(double statistic) =>
        statistic < LeastTabled ? 0.25
        : statistic > GreatestTabled ? 0.001
        : Math.Exp((0.01819809457411126 * statistic - 1.0082265644652506) * statistic - 1.0777702798204873);
}
