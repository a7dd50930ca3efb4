namespace Drift;

/// <summary>
/// What is ordinary for a model, learnt from a reference with truth: its measures, how they vary over the reference's own chunks and from sample to
/// sample, and how to estimate them while the truth is unknown.
/// </summary>
public sealed record PerformanceReference
{
    /// <summary>How many sampling errors an estimate's interval reaches to each side.</summary>
    public const double Width = 3;

    /// <summary>What every estimate says about itself.</summary>
    public const string Assumption = "assumes no concept drift";

    /// <summary>Where the answers stand, with the positive class filled in.</summary>
    public required ModelColumns Columns { get; init; }

    /// <summary>The measures over the reference's chunks.</summary>
    public required IReadOnlyList<ChunkBaseline> Baselines { get; init; }

    /// <summary>Estimates a classifier's measures; null without scores.</summary>
    public ConfidenceEstimator? Confidence { get; init; }

    /// <summary>Estimates a regression's measures; null for other tasks.</summary>
    public LossEstimator? Loss { get; init; }

    /// <summary>Learns from a reference.</summary>
    /// <param name="table">The reference, with truth.</param>
    /// <param name="columns">Where the answers stand.</param>
    /// <param name="chunks">Its chunks, of the size that will be judged.</param>
    /// <param name="calibrate">Whether scores may be calibrated for estimates.</param>
    /// <exception cref="ArgumentException">A column is missing or cannot be what it should be.</exception>
    public static PerformanceReference Fit(Table table, ModelColumns columns, IReadOnlyList<Chunk> chunks, bool calibrate = true)
    {
        var outcomes = Outcomes.Of(table, columns);
        var errors = SamplingErrors.PerRow(outcomes);
        var baselines = ChunkBaseline.Of([.. chunks.Select(chunk => outcomes.Tally(chunk.Rows.Span))], outcomes.Tally())
            .Select(b => b with { ErrorPerRow = errors.GetValueOrDefault((b.Measure, b.Class), double.NaN) });
        return new()
        {
            Columns = outcomes.Columns,
            Baselines = [.. baselines],
            Confidence = outcomes switch
            {
                BinaryOutcomes { Columns.Scores.Count: > 0 } binary => ConfidenceEstimator.Fit(binary, calibrate),
                MulticlassOutcomes { Columns.Scores.Count: > 0 } classes => ConfidenceEstimator.Fit(classes, calibrate),
                _ => null,
            },
            Loss = outcomes is RegressionOutcomes regression ? LossEstimator.Fit(regression) : null,
        };
    }

    /// <summary>What is ordinary for so many rows: see <see cref="ChunkBaseline.ForRows"/>.</summary>
    /// <param name="rows">The rows that are judged together.</param>
    /// <param name="referenceRows">The rows of the reference; over its chunks they are a chunk's.</param>
    public PerformanceReference ForRows(long rows, long referenceRows) =>
        this with { Baselines = [.. Baselines.Select(b => b.ForRows(rows, (double)referenceRows / Math.Max(1, b.Chunks)))] };

    /// <summary>The realised measures of some rows, judged against the reference's chunks.</summary>
    public IReadOnlyList<Reading> Evaluate(Outcomes outcomes, ReadOnlySpan<int> rows, string segment = "") => PerformanceReadings.Of(outcomes.Tally(rows), Baselines, segment);

    /// <summary>
    /// The measures of some rows, estimated without their truth: the names begin with <c>estimated_</c>, the detail holds the interval of 3 sampling
    /// errors and the assumption. Empty when this reference cannot estimate.
    /// </summary>
    public IReadOnlyList<Reading> Estimate(Outcomes outcomes, ReadOnlySpan<int> rows, string segment = "")
        => outcomes switch
        {
            BinaryOutcomes binary when Confidence is not null => Estimated(Confidence.Estimate(binary, rows), segment),
            MulticlassOutcomes classes when Confidence is not null => Estimated(Confidence.Estimate(classes, rows), segment),
            RegressionOutcomes regression when Loss is not null => Estimated(Loss.Estimate(regression, rows), segment),
            _ => [],
        };

    /// <summary>Estimated values as readings: with their interval, judged against the reference's chunks.</summary>
    public IReadOnlyList<Reading> Estimated(IReadOnlyList<PerformanceValue> values, string segment = "")
    {
        var recipe = Columns.Task == PerformanceTask.Regression ? "dle" : "cbpe";
        var known = Baselines.ToDictionary(b => (b.Measure, b.Class));
        var named = values.Select(v => WithInterval(v, known.GetValueOrDefault((v.Measure, v.Class))) with { Measure = PerformanceReadings.Estimated + v.Measure });
        return [.. PerformanceReadings.Of(named, Baselines, segment).Select(r => r with { Detail = (r.Detail ?? new()) with { Recipe = recipe, Reason = r.Detail?.Reason ?? Assumption } })];
    }

    static PerformanceValue WithInterval(PerformanceValue value, ChunkBaseline? baseline)
    {
        if (baseline is null || double.IsNaN(baseline.ErrorPerRow) || value.Rows == 0) return value;
        var error = baseline.ErrorPerRow / Math.Sqrt(value.Rows);
        var (lower, upper) = ChunkBaseline.Range(value.Measure);
        return value with
        {
            Bounds = (Math.Max(lower, value.Value - Width * error), Math.Min(upper, value.Value + Width * error)),
            Numbers = [.. value.Numbers ?? [], new("sampling_error", error)],
        };
    }
}
