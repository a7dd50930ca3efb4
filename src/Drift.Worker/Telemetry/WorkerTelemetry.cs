using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Drift.Worker.Stores;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Drift.Worker.Telemetry;

/// <summary>What the process runs on, so that metrics stand at zero before anything has happened.</summary>
public sealed record TelemetryNames(IReadOnlyList<string> Topics, IReadOnlyList<string> Models, IReadOnlyList<string> Channels);

/// <summary>The worker's metrics: OpenTelemetry instruments over the store's totals and what the process itself knows, for /metrics and OTLP.</summary>
public sealed class WorkerTelemetry : IDisposable
{
    public const string MeterName = "Drift.Worker";
    static readonly TimeSpan freshness = TimeSpan.FromSeconds(1);
    static readonly string[] outcomes = ["sent", "failed"];

    readonly IResultStore store;
    readonly TelemetryNames names;
    readonly TimeProvider time;
    readonly Meter meter = new(MeterName);
    readonly MeterProvider provider;
    readonly PrometheusExporter prometheus = new();
    readonly ConcurrentDictionary<(string Channel, string Outcome), long> notices = new();
    readonly SemaphoreSlim refreshing = new(1, 1);
    readonly ITimer? timer;
    volatile StoreSnapshot snapshot = new();
    long refreshed = long.MinValue;
    long lag;

    /// <param name="store">Where the totals are.</param>
    /// <param name="names">Topics, models and channels.</param>
    /// <param name="time">The clock.</param>
    /// <param name="otlp">Where to push to, or null.</param>
    public WorkerTelemetry(IResultStore store, TelemetryNames names, TimeProvider time, Uri? otlp = null)
    {
        (this.store, this.names, this.time) = (store, names, time);
        Instruments();
        var builder = Sdk.CreateMeterProviderBuilder().ConfigureResource(r => r.AddService("drift")).AddMeter(MeterName)
            // Another instance in the same process (tests, a demo beside) keeps its numbers to itself.
            .AddView(instrument => instrument.Meter == meter ? null : MetricStreamConfiguration.Drop)
            .AddReader(new BaseExportingMetricReader(prometheus));
        if (otlp is not null)
        {
            builder.AddOtlpExporter((options, _) => options.Endpoint = otlp);
            timer = time.CreateTimer(_ => _ = RefreshAsync(CancellationToken.None), null, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }
        provider = builder.Build();
    }

    /// <summary>Counts a notice that left, or did not (<c>sent</c>, <c>failed</c>).</summary>
    public void Noticed(string channel, string outcome) => notices.AddOrUpdate((channel, outcome), 1, (_, n) => n + 1);

    /// <summary>Records that wait in the log for this process.</summary>
    public void SetLag(long records) => Interlocked.Exchange(ref lag, records);

    /// <summary>The text for Prometheus. While the store is away the last totals stand, and drift_store_up is 0.</summary>
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
        Counter("drift_records_total", "Messages read, by topic.", () => Topics().Select(t => Of(t.Sum(s => s.Records), ("topic", t.Key))));
        Counter("drift_rows_total", "Records that became rows of a window, by topic.", () => Topics().Select(t => Of(t.Sum(s => s.Rows), ("topic", t.Key))));
        Counter("drift_late_records_total", "Records that came too late for every window, by topic.", () => Topics().Select(t => Of(t.Sum(s => s.Late), ("topic", t.Key))));
        Counter("drift_invalid_records_total", "Records that could not be read, by topic and reason.", () => Reasons(s => s.Invalid, RecordReason.NotJson));
        Counter("drift_skipped_records_total", "Messages that are not for this worker, by topic and reason.", () => Reasons(s => s.Skipped, RecordReason.UnknownModel));
        Counter("drift_gap_records_total", "Records that the log no longer had, by topic.", () => Topics().Select(t => Of(t.Sum(s => s.Gaps), ("topic", t.Key))));
        Counter("drift_windows_judged_total", "Windows judged, by model.", () => Models().Select(m => Of(m.Sum(v => v.Windows), ("model", m.Key))));
        Counter("drift_notices_total", "Notices to channels, by outcome.", () => Notices().Select(n => Of(n.Count, ("channel", n.Channel), ("outcome", n.Outcome))));
        Gauge("drift_lag_records", "Records that wait in the log for this worker.", () => [Real(Interlocked.Read(ref lag))]);
        Gauge("drift_watermark_seconds", "The least watermark of all partitions, in seconds since 1970.", () => [Real(snapshot.Watermark ?? 0)]);
        Gauge("drift_store_up", "Whether the store answered when last asked.", () => [Real(snapshot.Reachable ? 1 : 0)]);
        Gauge("drift_window_rows", "Rows of the last judged window, by model and version.", () => snapshot.Last.Select(w => Real(w.Window.Rows, ("model", w.Window.Model), ("version", w.Window.Version))));
        Gauge("drift_window_end_seconds", "The end of the last judged window, in seconds since 1970.", () => snapshot.Last.Select(w => Real(w.Window.End.ToUnixTimeSeconds(), ("model", w.Window.Model), ("version", w.Window.Version))));
        Gauge("drift_columns", "Columns of the last judged window at each verdict.", () => snapshot.Verdicts().Select(v => Real(v.Columns, ("model", v.Window.Model), ("version", v.Window.Version), ("verdict", v.Verdict.ToString().ToLowerInvariant()))));
        Gauge("drift_column_value", "The drift measures of the columns that drifted most in the last judged window.", () => snapshot.Worst().Select(w => Real(w.Reading.Value, ("model", w.Window.Model), ("version", w.Window.Version), ("column", w.Reading.Column), ("measure", w.Reading.Measure))));
        Gauge("drift_alerts", "Alerts by model, state and severity.", () => snapshot.Alerts.GroupBy(a => (a.Model, a.Status, a.Severity)).Select(g => Real(g.Count(), ("model", g.Key.Model), ("state", g.Key.Status.ToString().ToLowerInvariant()), ("severity", g.Key.Severity.ToString().ToLowerInvariant()))));
    }

    void Counter(string name, string help, Func<IEnumerable<Measurement<long>>> read) => meter.CreateObservableCounter(name, read, description: help);

    void Gauge(string name, string help, Func<IEnumerable<Measurement<double>>> read) => meter.CreateObservableGauge(name, read, description: help);

    static Measurement<long> Of(long value, params (string Name, string Value)[] labels) => new(value, labels.Select(l => KeyValuePair.Create(l.Name, (object?)l.Value)));

    static Measurement<double> Real(double value, params (string Name, string Value)[] labels) => new(value, labels.Select(l => KeyValuePair.Create(l.Name, (object?)l.Value)));

    IEnumerable<IGrouping<string, PartitionState>> Topics() =>
        names.Topics.Select(t => new PartitionState { Source = new SourcePartition(t, -1) }).Concat(snapshot.Sources).GroupBy(s => s.Source.Topic, StringComparer.Ordinal);

    /// <summary>Counts by topic and reason; every topic has at least one series, so that an alarm on its rate has something to begin from.</summary>
    IEnumerable<Measurement<long>> Reasons(Func<PartitionState, IReadOnlyDictionary<string, long>> counts, string always) => Topics().SelectMany(t => t
        .SelectMany(counts).Append(KeyValuePair.Create(always, 0L)).GroupBy(c => c.Key, StringComparer.Ordinal)
        .Select(r => Of(r.Sum(c => c.Value), ("topic", t.Key), ("reason", r.Key))));

    IEnumerable<IGrouping<string, ModelVersionSummary>> Models() =>
        names.Models.Select(m => new ModelVersionSummary(m, "", "", 0, null)).Concat(snapshot.Versions).GroupBy(v => v.Model, StringComparer.Ordinal);

    IEnumerable<(string Channel, string Outcome, long Count)> Notices() => names.Channels.SelectMany(c => outcomes.Select(o => (c, o)))
        .Concat(notices.Keys.Select(k => (k.Channel, k.Outcome))).Distinct().Select(k => (k.Item1, k.Item2, notices.GetValueOrDefault(k)));

    public void Dispose()
    {
        timer?.Dispose();
        provider.Dispose();
        meter.Dispose();
        refreshing.Dispose();
    }
}
