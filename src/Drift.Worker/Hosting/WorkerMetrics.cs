using System.Diagnostics;
using System.Diagnostics.Metrics;
using Drift.Worker.Stores;

namespace Drift.Worker.Hosting;

/// <summary>The worker's own instruments. Counters count what this process has committed, never what it has merely seen; labels are topics, reasons and models.</summary>
public sealed class WorkerMetrics : IDisposable
{
    public const string MeterName = "Drift.Worker";

    readonly Meter meter = new(MeterName);
    readonly Counter<long> records, invalid, late, judged, notices, commits, fenced;
    readonly Histogram<double> commitSeconds;
    volatile IReadOnlyList<(PartitionState State, long? Lag)> partitions = [];

    public WorkerMetrics()
    {
        records = meter.CreateCounter<long>("drift_records_total", null, "Messages read and committed.");
        invalid = meter.CreateCounter<long>("drift_invalid_records_total", null, "Messages that could not be read, by reason.");
        late = meter.CreateCounter<long>("drift_late_records_total", null, "Records that came after their windows had closed.");
        judged = meter.CreateCounter<long>("drift_windows_judged_total", null, "Windows judged, revisions included.");
        notices = meter.CreateCounter<long>("drift_notices_total", null, "Notices sent to channels, by outcome.");
        commits = meter.CreateCounter<long>("drift_commits_total", null, "Transactions committed.");
        fenced = meter.CreateCounter<long>("drift_fenced_total", null, "Partitions lost to another owner at commit.");
        commitSeconds = meter.CreateHistogram<double>("drift_commit_seconds", "s", "How long a commit takes, judging included.");
        meter.CreateObservableGauge("drift_lag_records", () => Partitions(p => p.Lag is { } lag ? (double)lag : null), null, "Messages not read yet.");
        meter.CreateObservableGauge("drift_watermark_seconds", () => Partitions(p => p.State.Watermark is { } w ? (w - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond : null), "s",
            "The watermark of a partition, in seconds since 1970.");
    }

    public void Committed(PartitionState before, PartitionState after)
    {
        var topic = new KeyValuePair<string, object?>("topic", after.Source.Topic);
        if (after.Records > before.Records) records.Add(after.Records - before.Records, topic);
        if (after.Late > before.Late) late.Add(after.Late - before.Late, topic);
        foreach (var (reason, count) in after.Invalid)
            if (count - before.Invalid.GetValueOrDefault(reason) is > 0 and var more) invalid.Add(more, topic, new("reason", reason));
    }

    public void Committed(TimeSpan took)
    {
        commits.Add(1);
        commitSeconds.Record(took.TotalSeconds);
    }

    public void Judged(IEnumerable<Judged> windows)
    {
        foreach (var window in windows) judged.Add(1, new KeyValuePair<string, object?>("model", window.All.Window.Model));
    }

    public void Fenced() => fenced.Add(1);

    public void Notice(string channel, string outcome) => notices.Add(1, new("channel", channel), new("outcome", outcome));

    /// <summary>How the owned partitions stand, and how far they are behind where that is known.</summary>
    public void Stand(IReadOnlyList<(PartitionState State, long? Lag)> now) => partitions = now;

    public void Dispose() => meter.Dispose();

    IEnumerable<Measurement<double>> Partitions(Func<(PartitionState State, long? Lag), double?> value)
    {
        foreach (var p in partitions)
            if (value(p) is { } v) yield return new Measurement<double>(v, new TagList { { "topic", p.State.Source.Topic }, { "partition", p.State.Source.Partition } });
    }
}
