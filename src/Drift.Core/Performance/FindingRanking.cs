namespace Drift;

/// <summary>How much one column drifted over several windows.</summary>
/// <param name="Column">The column.</param>
/// <param name="Drift">Its drift measure in each window; NaN where it could not be computed.</param>
/// <param name="HasDrifted">Whether it was beyond its threshold in any of them.</param>
public sealed record ColumnDrift(string Column, IReadOnlyList<double> Drift, bool HasDrifted);

/// <summary>A column by how its drift goes together with the change in performance.</summary>
/// <param name="Rank">From 1: what to look at first.</param>
/// <param name="Column">The column.</param>
/// <param name="Correlation">Pearson's correlation of its drift with the distance of performance from the ordinary; NaN where either never changed.</param>
/// <param name="PValue">The two-sided p-value of "they have nothing to do with each other" (t with n - 2 degrees of freedom); NaN with the correlation.</param>
/// <param name="Windows">The windows in which both were known.</param>
/// <param name="HasDrifted">Whether it drifted at all.</param>
/// <param name="Weight">Its importance.</param>
public sealed record RankedColumn(int Rank, string Column, double Correlation, double PValue, int Windows, bool HasDrifted, double Weight);

/// <summary>Ranks findings: which drifting columns go together with the change in performance, realised or estimated.</summary>
/// <remarks>
/// The distance is |performance - ordinary|, so it says "changed", not "fell". Ranked by weight times correlation, greatest first; an unknown correlation comes
/// last, and names decide ties. It shows what moves together, not what causes it. Source: NannyML's CorrelationRanker; the weights are ours.
/// </remarks>
public static class FindingRanking
{
    /// <summary>Windows below which nothing is said about a column.</summary>
    public const int LeastWindows = 3;

    /// <summary>Ranks columns.</summary>
    /// <param name="columns">Their drift, window by window.</param>
    /// <param name="performance">The measure in the same windows; NaN where it is not known.</param>
    /// <param name="ordinary">What it is over the reference's chunks.</param>
    /// <param name="weights">Importance by column; 1 for those not named. Null: all alike.</param>
    /// <exception cref="ArgumentException">A column has more or fewer windows than the performance.</exception>
    public static IReadOnlyList<RankedColumn> ByCorrelation(
        IReadOnlyList<ColumnDrift> columns, IReadOnlyList<double> performance, double ordinary, IReadOnlyDictionary<string, double>? weights = null)
    {
        var found = columns.Select(column =>
        {
            if (column.Drift.Count != performance.Count) throw new ArgumentException($"column '{column.Column}' has {column.Drift.Count} windows, performance {performance.Count}", nameof(columns));
            var pairs = column.Drift.Zip(performance, (drift, value) => (Drift: drift, Change: Math.Abs(value - ordinary))).Where(p => double.IsFinite(p.Drift) && double.IsFinite(p.Change)).ToArray();
            var (correlation, p) = Pearson(pairs);
            return new RankedColumn(0, column.Column, correlation, p, pairs.Length, column.HasDrifted, weights?.GetValueOrDefault(column.Column, 1) ?? 1);
        });
        return [.. found.OrderBy(c => double.IsNaN(c.Correlation)).ThenByDescending(c => c.Weight * c.Correlation).ThenBy(c => c.Column, StringComparer.Ordinal).Select((c, i) => c with { Rank = i + 1 })];
    }

    static (double Correlation, double PValue) Pearson((double Drift, double Change)[] pairs)
    {
        if (pairs.Length < LeastWindows) return (double.NaN, double.NaN);
        double x = pairs.Average(p => p.Drift), y = pairs.Average(p => p.Change), xx = 0, yy = 0, xy = 0;
        foreach (var (drift, change) in pairs)
        {
            xx += (drift - x) * (drift - x);
            yy += (change - y) * (change - y);
            xy += (drift - x) * (change - y);
        }
        if (xx == 0 || yy == 0) return (double.NaN, double.NaN);
        var r = Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1);
        var degrees = pairs.Length - 2;
        return (r, Math.Abs(r) == 1 ? 0 : SpecialFunctions.StudentTwoSided(r * Math.Sqrt(degrees / (1 - r * r)), degrees));
    }
}
