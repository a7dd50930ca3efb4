namespace Drift;

/// <summary>What a measure was over the reference's own chunks, and so what is ordinary: the mean and 3 standard deviations (ddof 0) to each side.</summary>
/// <remarks>
/// The limits are clipped to the measure's range (0 to 1 for shares and areas, at least 0 for errors, at most 1 for r2). They are two-sided: an
/// improvement is a change too. Chunks where the measure is not defined are left out. Fewer than 10 chunks are marked: their spread says little.
/// Source: NannyML's StandardDeviationThreshold.
/// </remarks>
/// <param name="Measure">The measure.</param>
/// <param name="Class">The class, for per-class measures.</param>
/// <param name="Mean">Its mean over the chunks.</param>
/// <param name="Deviation">Its standard deviation over the chunks, ddof 0.</param>
/// <param name="Chunks">The chunks that have a value.</param>
public sealed record ChunkBaseline(string Measure, string? Class, double Mean, double Deviation, int Chunks)
{
    /// <summary>How many standard deviations to each side are ordinary.</summary>
    public const double Width = 3;

    /// <summary>The number of chunks from which the spread is trusted.</summary>
    public const int Enough = 10;

    static readonly HashSet<string> shares = new(StringComparer.Ordinal)
    {
        "accuracy", "precision", "recall", "specificity", "f1", "auc", "aupr", "brier", "ece", "ndcg", "map", "mrr", "confidence_mean", "error_rate",
        "missing_rate", "nan_rate", "out_of_range_rate", "unseen_rate", "violation_rate", "duplicate_rate", "outlier_rate", "constant", "domain_auc",
        "js", "hellinger", "total_variation", "linf", "ks", "kuiper", "cramers_v",
    };

    static readonly HashSet<string> errors = new(StringComparer.Ordinal)
    {
        "mse", "rmse", "mae", "mape", "msle", "rmsle", "log_loss", "entropy_mean", "support",
        "psi", "kl", "kl_reverse", "bhattacharyya", "wasserstein", "wasserstein_norm", "energy", "cramer_von_mises", "mmd", "chi2", "g_test", "distinct", "reconstruction_error",
    };

    /// <summary>The measure over the whole reference: what <c>reference_value</c> shows. NaN when not known.</summary>
    public double Reference { get; init; } = double.NaN;

    /// <summary>The measure's standard error over one row; over n rows it is this divided by the root of n. NaN when not known.</summary>
    public double ErrorPerRow { get; init; } = double.NaN;

    /// <summary>How many standard deviations to each side are ordinary here; <see cref="Width"/> unless told otherwise.</summary>
    public double Widths { get; init; } = Width;

    /// <summary>Whether the limits rest on too few chunks to be trusted.</summary>
    public bool FewChunks => Chunks < Enough;

    /// <summary>The least that is ordinary; NaN when there is no chunk.</summary>
    public double Lower => Math.Max(Range(Measure).Lower, Mean - Widths * Deviation);

    /// <summary>The most that is ordinary; NaN when there is no chunk.</summary>
    public double Upper => Math.Min(Range(Measure).Upper, Mean + Widths * Deviation);

    /// <summary>
    /// What is ordinary for a window of so many rows. What varies from sample to sample is v(n) = <see cref="ErrorPerRow"/>^2 / n: chunks cannot truly vary less
    /// than v(chunk), however alike ten of them happen to be, so the variance is at least that; and a smaller window varies more, so v(rows) - v(chunk) is
    /// added. As measured where the error is not known. A measure that depends on the number of rows itself (support; ece, whose mean grows as rows fall) has
    /// limits at a chunk's size only.
    /// </summary>
    /// <param name="rows">The rows that are judged.</param>
    /// <param name="chunkRows">The rows of a chunk of the reference.</param>
    public ChunkBaseline ForRows(long rows, double chunkRows)
    {
        if (Chunks == 0 || !(chunkRows > 0)) return this;
        if (Measure is "ece" or "support") return Math.Abs(rows - chunkRows) <= 0.01 * chunkRows ? this : this with { Deviation = double.PositiveInfinity };
        if (rows <= 0) return this with { Deviation = double.PositiveInfinity };
        if (double.IsNaN(ErrorPerRow)) return this;
        var error = ErrorPerRow * ErrorPerRow;
        return this with { Deviation = Math.Sqrt(Math.Max(Deviation * Deviation, error / chunkRows) + Math.Max(0, error * (1.0 / rows - 1 / chunkRows))) };
    }

    /// <summary>Whether a value lies outside the limits; NaN never does.</summary>
    public bool IsOutside(double value) => value < Lower || value > Upper;

    /// <summary>The baseline of values, one per chunk; what is not finite is left out.</summary>
    public static ChunkBaseline Of(string measure, string? of, ReadOnlySpan<double> values)
    {
        var moments = Moments.Of(values);
        return new(measure, of, moments.N == 0 ? double.NaN : moments.Mean, moments.StandardDeviation, (int)moments.N);
    }

    /// <summary>The baselines of every measure of the chunks' tallies.</summary>
    /// <param name="chunks">One tally per chunk.</param>
    /// <param name="whole">The tally of the whole reference.</param>
    public static IReadOnlyList<ChunkBaseline> Of(IReadOnlyList<IPerformanceTally> chunks, IPerformanceTally whole)
    {
        var values = chunks.SelectMany(chunk => chunk.Values()).GroupBy(v => (v.Measure, v.Class)).ToDictionary(g => g.Key, g => g.Select(v => v.Value).ToArray());
        return [.. whole.Values().Select(v => Of(v.Measure, v.Class, values.GetValueOrDefault((v.Measure, v.Class), [])) with { Reference = v.Value })];
    }

    /// <summary>The values that a measure can have at all.</summary>
    internal static (double Lower, double Upper) Range(string measure)
    {
        foreach (var suffix in (string[])["_micro", "_weighted"])
            if (measure.EndsWith(suffix, StringComparison.Ordinal)) measure = measure[..^suffix.Length];
        if (shares.Contains(measure)) return (0, 1);
        return (errors.Contains(measure) ? 0 : double.NegativeInfinity, measure == "r2" ? 1 : double.PositiveInfinity);
    }
}
