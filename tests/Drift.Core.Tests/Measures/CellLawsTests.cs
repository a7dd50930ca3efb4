using FsCheck;
using FsCheck.Fluent;

namespace Drift.Core.Tests.Measures;

/// <summary>What the measures on cells must obey from the rows on: the cells of a column of few values depend on their order alone.</summary>
public sealed class CellLawsTests
{
    static readonly string[] onCells = ["psi", "psi_corrected", "kl", "kl_reverse", "js", "hellinger", "total_variation", "linf", "bhattacharyya", "cramers_v", "chi2", "g_test"];

    static readonly Arbitrary<(double[], double[])> samples = (
        from r in Gen.Choose(-9, 9).Select(i => i / 4.0).ArrayOf(400)
        from c in Gen.Choose(-10, 12).Select(i => i / 8.0).ArrayOf(300)
        select (r, c)).ToArbitrary();

    static void ForAll(Func<double[], double[], bool> holds) =>
        Prop.ForAll(samples, pair => holds(pair.Item1, pair.Item2)).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    static Table Table(double[] values) => new([new NumericColumn(ColumnSpec.Numeric("x"), values)]);

    static (string, double, double?)[] Values(double[] r, double[] c) =>
        [.. Comparison.Compare(Table(r), Table(c), new() { Measures = onCells }).Select(reading => (reading.Measure, reading.Value, reading.PValue))];

    [Fact]
    public void Monotone_transforms_change_nothing() =>
        ForAll((r, c) => Values(r, c).SequenceEqual(Values([.. r.Select(x => Math.Exp(x) - 1e6)], [.. c.Select(x => Math.Exp(x) - 1e6)])));

    [Fact]
    public void The_order_of_rows_changes_nothing() => ForAll((r, c) => Values(r, c).SequenceEqual(Values([.. r.Reverse()], [.. c.OrderBy(x => Math.Sin(x * 37))])));

    /// <summary>Rows, their profiles, and the bare functions on the counts of the same cells.</summary>
    [Fact]
    public void Rows_counts_and_profiles_agree() => ForAll((r, c) =>
    {
        var reference = ProfileBuilder.ForReference(Table(r).Schema).Add("x", r).ToProfile();
        var window = ProfileBuilder.ForWindow(reference).Add("x", c).ToProfile();
        var fromProfiles = Comparison.Compare(reference, window, new() { Measures = onCells }).Select(reading => (reading.Measure, reading.Value, reading.PValue));
        var fromRows = Values(r, c);
        var cells = Cells.Of(reference.Columns[0].Histogram!, window.Columns[0].Histogram!);
        double Of(string measure) => fromRows.Single(value => value.Item1 == measure).Item2;
        return fromRows.SequenceEqual(fromProfiles)
            && Of("psi") == Divergence.Psi(cells.Reference, cells.Current) && Of("kl") == Divergence.Kl(cells.Current, cells.Reference) && Of("kl_reverse") == Divergence.Kl(cells.Reference, cells.Current)
            && Of("js") == Divergence.Js(cells.Reference, cells.Current) && Of("linf") == Divergence.LInfinity(cells.Reference, cells.Current) && Of("chi2") == Contingency.ChiSquare(cells.Reference, cells.Current).Statistic;
    });

    /// <summary>ks on rows lies between its bounds from cells; where every value is a cell both are the same number.</summary>
    [Fact]
    public void Ks_of_counts_encloses_ks_of_rows() => ForAll((r, c) =>
    {
        double[] known = [.. c.Select(x => Math.Clamp(Math.Floor(x * 4) / 4, r.Min(), r.Max()))];
        bool Encloses(double[] current, out bool exact)
        {
            var reference = ProfileBuilder.ForReference(Table(r).Schema).Add("x", r).ToProfile();
            var (lower, upper, _) = KolmogorovSmirnov.Bounds(reference.Columns[0].Histogram!, ProfileBuilder.ForWindow(reference).Add("x", current).ToProfile().Columns[0].Histogram!);
            var raw = KolmogorovSmirnov.Test(r, current).Statistic;
            exact = Math.Abs(raw - lower) < 1e-12;
            return lower <= raw + 1e-12 && raw <= upper + 1e-12;
        }
        return Encloses(c, out _) && (known.Except(r).Any() || Encloses(known, out var exact) && exact);
    });
}
