using System.Diagnostics.Metrics;
using Drift.Worker.Stores;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Drift.Worker.Telemetry;

/// <summary>
/// The worker's telemetry for /metrics and OTLP: its spans, the process's own instruments, and gauges over what the store knows of the last windows and the alerts.
/// Series are bounded: of every model version only the worst columns stand by name.
/// </summary>
public sealed class WorkerTelemetry : IDisposable
{
    const string MeterName = "Drift.Worker.Store";
    static readonly TimeSpan freshness = TimeSpan.FromSeconds(1);

    static readonly double[] seconds = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];
    readonly IResultStore store;
    readonly Meter process;
    readonly TimeProvider time;
    readonly Meter meter = new(MeterName);
    readonly MeterProvider provider;
    readonly PrometheusExporter prometheus = new();
    readonly SemaphoreSlim refreshing = new(1, 1);
    readonly TracerProvider? tracing;
    readonly ITimer? timer;
    volatile StoreSnapshot snapshot = new();
    long refreshed = long.MinValue;

    /// <param name="store">Where windows and alerts are.</param>
    /// <param name="process">The process's own instruments.</param>
    /// <param name="time">The clock.</param>
    /// <param name="otlp">Where to push to, or null: gRPC, or what OTEL_EXPORTER_OTLP_PROTOCOL says.</param>
    public WorkerTelemetry(IResultStore store, Meter process, TimeProvider time, Uri? otlp = null)
    {
        (this.store, this.process, this.time) = (store, process, time);
        Instruments();
        var builder = Sdk.CreateMeterProviderBuilder().ConfigureResource(r => r.AddService("drift")).AddMeter(MeterName).AddMeter(process.Name)
            .AddView(StreamOf)
            .AddReader(new BaseExportingMetricReader(prometheus));
        if (otlp is not null)
        {
            builder.AddOtlpExporter((options, _) => options.Endpoint = otlp);
            tracing = Sdk.CreateTracerProviderBuilder().ConfigureResource(r => r.AddService("drift")).AddSource(process.Name).AddOtlpExporter(options => options.Endpoint = otlp).Build();
            timer = time.CreateTimer(_ => _ = RefreshAsync(CancellationToken.None), null, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }
        provider = builder.Build();
    }

    /// <summary>Another worker in the same process (tests, a demo beside) keeps its numbers to itself; seconds are told apart below one.</summary>
    MetricStreamConfiguration? StreamOf(Instrument instrument) =>
        instrument.Meter != meter && instrument.Meter != process ? MetricStreamConfiguration.Drop
        : instrument.Unit == "s" && instrument is Histogram<double> ? new ExplicitBucketHistogramConfiguration { Boundaries = seconds }
        : null;

    /// <summary>The text for Prometheus. While the store is away its last numbers stand, and drift_store_up is 0.</summary>
    public async Task<string> ScrapeAsync(CancellationToken cancel)
    {
        await RefreshAsync(cancel);
        return prometheus.Scrape();
    }

    async Task RefreshAsync(CancellationToken cancel)
    {
        await refreshing.WaitAsync(cancel);
        try
        {
            if (refreshed != long.MinValue && time.GetElapsedTime(refreshed) < freshness && snapshot.Reachable) return;
            snapshot = await StoreSnapshot.ReadAsync(store, cancel);
            refreshed = time.GetTimestamp();
        }
        catch (StoreException)
        {
            snapshot = snapshot with { Reachable = false };
        }
        finally
        {
            refreshing.Release();
        }
    }

    void Instruments()
    {
        Gauge("drift_store_up", "Whether the store answered when last asked.", () => [Real(snapshot.Reachable ? 1 : 0)]);
        Gauge("drift_window_rows", "Rows of the last judged window, by model and version.", () => snapshot.Last.Select(w => Real(w.Window.Rows, ("model", w.Window.Model), ("version", w.Window.Version))));
        Gauge("drift_window_end_seconds", "The end of the last judged window, in seconds since 1970.", () => snapshot.Last.Select(w => Real(w.Window.End.ToUnixTimeSeconds(), ("model", w.Window.Model), ("version", w.Window.Version))));
        Gauge("drift_columns", "Columns of the last judged window at each verdict.", () => snapshot.Verdicts().Select(v => Real(v.Columns, ("model", v.Window.Model), ("version", v.Window.Version), ("verdict", v.Verdict.ToString().ToLowerInvariant()))));
        Gauge("drift_column_value", "The drift measures of the columns that drifted most in the last judged window.", () => snapshot.Worst().Select(w => Real(w.Reading.Value, ("model", w.Window.Model), ("version", w.Window.Version), ("column", w.Reading.Column), ("measure", w.Reading.Measure))));
        Gauge("drift_alerts", "Alerts by model, state and severity.", () => snapshot.Alerts.GroupBy(a => (a.Model, a.Status, a.Severity)).Select(g => Real(g.Count(), ("model", g.Key.Model), ("state", g.Key.Status.ToString().ToLowerInvariant()), ("severity", g.Key.Severity.ToString().ToLowerInvariant()))));
        Gauge("drift_truths_waiting", "Truths whose prediction has not come.", () => [Real(snapshot.Truths.Waiting)]);
        meter.CreateObservableCounter("drift_truth_orphans_total", () => snapshot.Truths.Orphans, description: "Truths given up: their prediction never came within the horizon.");
        meter.CreateObservableCounter("drift_truth_duplicates_total", () => snapshot.Truths.Duplicates, description: "Truths of a prediction that had one already.");
    }

    void Gauge(string name, string help, Func<IEnumerable<Measurement<double>>> read) => meter.CreateObservableGauge(name, read, description: help);

    static Measurement<double> Real(double value, params (string Name, string Value)[] labels) => new(value, labels.Select(l => KeyValuePair.Create(l.Name, (object?)l.Value)));

    public void Dispose()
    {
        timer?.Dispose();
        tracing?.Dispose();
        provider.Dispose();
        meter.Dispose();
        refreshing.Dispose();
    }
}
