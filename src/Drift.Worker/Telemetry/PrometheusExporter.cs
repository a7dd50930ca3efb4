using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Drift.Worker.Telemetry;

/// <summary>OpenTelemetry's metrics as Prometheus text 0.0.4, collected when somebody asks: the official exporter has no stable release.</summary>
[ExportModes(ExportModes.Pull)]
sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    const int PatienceMilliseconds = 5_000;
    static readonly string[] first = ["model", "version", "topic", "channel", "column"];
    readonly StringBuilder text = new();
    readonly Lock gate = new();

    public Func<int, bool>? Collect { get; set; }

    public string Scrape()
    {
        lock (gate)
        {
            text.Clear();
            Collect!(PatienceMilliseconds);
            return text.ToString();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch) Write(metric);
        return ExportResult.Success;
    }

    void Write(Metric metric)
    {
        var kind = metric.MetricType switch
        {
            MetricType.Histogram => "histogram",
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            _ => "gauge",
        };
        text.Append("# HELP ").Append(metric.Name).Append(' ').Append(metric.Description.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(metric.Name).Append(' ').Append(kind).Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = Labels(point);
            if (kind == "histogram") WriteHistogram(metric.Name, labels, point);
            else WriteSample(metric.Name, labels, Value(metric.MetricType, point));
        }
    }

    static double Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    void WriteHistogram(string name, string labels, in MetricPoint point)
    {
        long cumulative = 0;
        var before = labels.Length > 0 ? labels + "," : "";
        foreach (var bucket in point.GetHistogramBuckets())
        {
            cumulative += bucket.BucketCount;
            WriteSample(name + "_bucket", $"{before}le=\"{Number(bucket.ExplicitBound)}\"", cumulative);
        }
        WriteSample(name + "_sum", labels, point.GetHistogramSum());
        WriteSample(name + "_count", labels, point.GetHistogramCount());
    }

    void WriteSample(string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    static string Labels(in MetricPoint point)
    {
        var labels = new StringBuilder();
        var sorted = new List<KeyValuePair<string, object?>>();
        foreach (var tag in point.Tags) sorted.Add(tag);
        // What a person looks for first stands first.
        foreach (var (name, value) in sorted.OrderBy(t => Array.IndexOf(first, t.Key) is var at and >= 0 ? at : first.Length)) labels.Append(labels.Length > 0 ? "," : "").Append(name).Append("=\"").Append(Escape(value?.ToString() ?? "")).Append('"');
        return labels.ToString();
    }

    static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    static string Number(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
