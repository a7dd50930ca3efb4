using System.Numerics;

namespace Drift;

/// <summary>How sure a classifier is, mergeable: confidence is the largest class probability of a row, entropy its uncertainty in nats.</summary>
public sealed record ConfidenceTally : IAdditionOperators<ConfidenceTally, ConfidenceTally, ConfidenceTally>
{
    /// <summary>The tally of nothing: the identity of +.</summary>
    public static ConfidenceTally Empty { get; } = new();

    /// <summary>The confidences.</summary>
    public Moments Confidence { get; init; } = Moments.Empty;

    /// <summary>The entropies.</summary>
    public Moments Entropy { get; init; } = Moments.Empty;

    /// <summary>The tally of rows of class probabilities, one span per class; rows are normalised, and passed over where that is not possible. One class means p and 1 - p.</summary>
    public static ConfidenceTally Of(params ReadOnlySpan<ReadOnlyMemory<double>> classes)
    {
        var rows = classes.IsEmpty ? 0 : classes[0].Length;
        var (confidence, entropy) = (new List<double>(rows), new List<double>(rows));
        var row = new double[Math.Max(2, classes.Length)];
        for (var i = 0; i < rows; i++)
        {
            double sum = 0, most = 0, nats = 0;
            for (var c = 0; c < classes.Length; c++) row[c] = classes[c].Span[i];
            if (classes.Length == 1) row[1] = 1 - row[0];
            foreach (var p in row) sum += p < 0 ? double.NaN : p;
            if (!(sum > 0) || !double.IsFinite(sum)) continue;
            foreach (var p in row)
            {
                most = Math.Max(most, p / sum);
                if (p > 0) nats -= p / sum * Math.Log(p / sum);
            }
            confidence.Add(most);
            entropy.Add(nats);
        }
        return new() { Confidence = Moments.Of([.. confidence]), Entropy = Moments.Of([.. entropy]) };
    }

    /// <summary>Both sides together.</summary>
    public static ConfidenceTally operator +(ConfidenceTally left, ConfidenceTally right) => new() { Confidence = left.Confidence + right.Confidence, Entropy = left.Entropy + right.Entropy };

    /// <summary>confidence_mean and entropy_mean.</summary>
    public IReadOnlyList<PerformanceValue> Values() =>
    [
        new("confidence_mean", Confidence.N == 0 ? double.NaN : Confidence.Mean, Confidence.N) { Reason = Confidence.N == 0 ? "no row has scores" : null },
        new("entropy_mean", Entropy.N == 0 ? double.NaN : Entropy.Mean, Entropy.N) { Reason = Entropy.N == 0 ? "no row has scores" : null },
    ];
}

/// <summary>How the service behaved, mergeable: latencies within 1 % (<see cref="QuantileSketch"/>), errors, rows.</summary>
public sealed record ServiceTally : IAdditionOperators<ServiceTally, ServiceTally, ServiceTally>
{
    /// <summary>The tally of nothing: the identity of +.</summary>
    public static ServiceTally Empty { get; } = new();

    /// <summary>Answers, with or without error.</summary>
    public long Rows { get; init; }

    /// <summary>Answers with an error.</summary>
    public long Errors { get; init; }

    /// <summary>Latencies in milliseconds.</summary>
    public QuantileSketch Latency { get; init; } = QuantileSketch.Empty;

    /// <summary>Both sides together.</summary>
    public static ServiceTally operator +(ServiceTally left, ServiceTally right) => new() { Rows = left.Rows + right.Rows, Errors = left.Errors + right.Errors, Latency = left.Latency + right.Latency };

    /// <summary>p50_ms, p95_ms, p99_ms, error_rate and throughput_rps; what was never recorded is left out.</summary>
    /// <param name="duration">How long the rows took to come; zero leaves the throughput out.</param>
    public IReadOnlyList<PerformanceValue> Values(TimeSpan duration)
    {
        var values = new List<PerformanceValue>();
        foreach (var percent in (int[])(Latency.N > 0 ? [50, 95, 99] : []))
        {
            var value = Latency.Quantile(percent / 100.0);
            values.Add(new($"p{percent}_ms", value, Latency.N) { Bounds = (value / (1 + QuantileSketch.RelativeError), value / (1 - QuantileSketch.RelativeError)) });
        }
        if (Rows > 0) values.Add(new("error_rate", (double)Errors / Rows, Rows));
        if (Rows > 0 && duration > TimeSpan.Zero) values.Add(new("throughput_rps", Rows / duration.TotalSeconds, Rows));
        return values;
    }
}

/// <summary>One of a record's own metrics (revenue, clicks), mergeable: mean, sum and percentiles within 1 %.</summary>
public sealed record MetricTally : IAdditionOperators<MetricTally, MetricTally, MetricTally>
{
    /// <summary>The tally of nothing: the identity of +.</summary>
    public static MetricTally Empty { get; } = new();

    /// <summary>The values' moments.</summary>
    public Moments Moments { get; init; } = Moments.Empty;

    /// <summary>The values' quantiles.</summary>
    public QuantileSketch Quantiles { get; init; } = QuantileSketch.Empty;

    /// <summary>The tally of a sample; values that are not finite are passed over.</summary>
    public static MetricTally Of(ReadOnlySpan<double> values) => new() { Moments = Moments.Of(values), Quantiles = QuantileSketch.Of(values) };

    /// <summary>Both sides together.</summary>
    public static MetricTally operator +(MetricTally left, MetricTally right) => new() { Moments = left.Moments + right.Moments, Quantiles = left.Quantiles + right.Quantiles };

    /// <summary>metric_NAME_mean, _sum, _p50, _p95 and _p99.</summary>
    public IReadOnlyList<PerformanceValue> Values(string name)
    {
        var n = Moments.N;
        if (n == 0) return [];
        return
        [
            new($"metric_{name}_mean", Moments.Mean, n),
            new($"metric_{name}_sum", Moments.Mean * n, n),
            .. ((int[])[50, 95, 99]).Select(p => new PerformanceValue($"metric_{name}_p{p}", Quantiles.Quantile(p / 100.0), n)),
        ];
    }
}
