namespace Drift;

public sealed partial class Measure
{
    static IEnumerable<Measure> Distances()
    {
        yield return Drift("psi", "population stability index, smoothed, in nats", pair => pair.Psi(corrected: false));
        yield return Drift("psi_corrected", "psi above what sampling alone explains", pair => pair.Psi(corrected: true), testOf: "psi");
        yield return Distance("kl", "Kullback-Leibler divergence of current from reference, smoothed, in nats", cells => Divergence.Kl(cells.Current, cells.Reference));
        yield return Distance("kl_reverse", "Kullback-Leibler divergence of reference from current, smoothed, in nats", cells => Divergence.Kl(cells.Reference, cells.Current));
        yield return Distance("js", "Jensen-Shannon distance, base 2", cells => Divergence.Js(cells.Reference, cells.Current));
        yield return Distance("hellinger", "Hellinger distance", cells => Divergence.Hellinger(cells.Reference, cells.Current));
        yield return Distance("total_variation", "total variation distance", cells => Divergence.TotalVariation(cells.Reference, cells.Current));
        yield return Distance("linf", "largest difference of a cell's share", cells => Divergence.LInfinity(cells.Reference, cells.Current));
        yield return Distance("bhattacharyya", "Bhattacharyya distance", cells => Divergence.Bhattacharyya(cells.Reference, cells.Current));
        yield return Distance("cramers_v", "Cramer's V, bias-corrected", cells => Contingency.CramersV(cells.Reference, cells.Current));
        yield return Drift("wasserstein", "Wasserstein's W1, in units of the column", pair => pair.Wasserstein(normalised: false), ColumnKind.Numeric);
        yield return Drift("wasserstein_norm", "W1 divided by the reference's standard deviation", pair => pair.Wasserstein(normalised: true), ColumnKind.Numeric);
    }

    static IEnumerable<Measure> Tests()
    {
        yield return Drift("ks", "Kolmogorov and Smirnov's distance", pair => pair.Ks(), ColumnKind.Numeric);
        yield return Drift("chi2", "Pearson's chi-square of both sides", pair => pair.OnCells((r, c, effect) => Contingency.ChiSquare(r, c, effect)));
        yield return Drift("g_test", "likelihood-ratio test of both sides", pair => pair.OnCells(Contingency.GTest));
    }

    static IEnumerable<Measure> Rates()
    {
        yield return Quality("missing_rate", "share of rows without a value", pair => pair.Rate(pair.Reference.Null, pair.Current.Null));
        yield return Quality("nan_rate", "share of rows that are NaN", pair => pair.Rate(pair.Reference.Histogram!.NaN, pair.Current.Histogram!.NaN), ColumnKind.Numeric);
        yield return Quality("out_of_range_rate", "share of rows outside the reference's cells, infinities included",
            pair => pair.Rate(Outside(pair.Reference.Histogram!), Outside(pair.Current.Histogram!)), ColumnKind.Numeric);
        yield return Quality("unseen_rate", "share of rows with a category that the reference never saw",
            pair => pair.Rate(Math.Min(pair.ReferenceRows, Cells.UnseenOf(pair.Reference.Categories!)), pair.Current.Categories!.Unseen), ColumnKind.Categorical);
        yield return Quality("outlier_rate", "share of rows beyond the reference's 0.1 and 99.9 % points", pair => pair.Outliers(), ColumnKind.Numeric);
        yield return Quality("violation_rate", "share of rows that break the signature", pair => pair.Violations());
        yield return Fact("constant", "1 when all values are one", pair => pair.Constant());
        yield return Fact("distinct", "how many different values there are", pair => pair.Distinct());
    }

    static long Outside(Histogram side) => side.Below + side.Above + side.NegativeInfinity + side.PositiveInfinity;

    static Measure Drift(string name, string summary, Func<ColumnPair, Outcome> compute, ColumnKind? only = null, string? testOf = null) =>
        new(name, ReadingKind.Drift, summary, compute) { Only = only, TestOf = testOf };

    static Measure Distance(string name, string summary, Func<Cells, double> distance) =>
        new(name, ReadingKind.Drift, summary, pair => new(distance(pair.Cells)));

    static Measure Quality(string name, string summary, Func<ColumnPair, Outcome> compute, ColumnKind? only = null) =>
        new(name, ReadingKind.Quality, summary, compute) { Only = only };

    /// <summary>A rate of the whole sides, which no column computes.</summary>
    internal static Measure Whole(string name, string summary) => Quality(name, summary, _ => new(double.NaN));

    static Measure Fact(string name, string summary, Func<ColumnPair, Outcome> compute) => new(name, ReadingKind.Quality, summary, compute) { IsFact = true };
}
