using System.Diagnostics;
using System.Diagnostics.Metrics;
using Drift.Worker.Stores;
using Drift.Worker.Windows;

namespace Drift.Worker.Hosting;

/// <summary>The worker's own instruments. Counters count what this process has committed, never what it has merely seen; labels are topics, reasons and models.</summary>
public sealed class WorkerMetrics : IDisposable
{
    public const string MeterName = "Drift.Worker";

    readonly Meter meter = new(MeterName);
    readonly Counter<long> records, invalid, skipped, unanswered, crowded, dead, late, judged, notices, commits, fenced, policies;
    readonly Histogram<double> commitSeconds;
    volatile IReadOnlyList<(PartitionState State, long? Lag)> partitions = [];

    IReadOnlyList<string> topics = [];
    Func<bool> policyIsCurrent = () => true;
    Func<IReadOnlyList<PageRate>> rates = () => [];

    public WorkerMetrics()
    {
        records = meter.CreateCounter<long>("drift_records_total", null, "Messages read and committed.");
        invalid = meter.CreateCounter<long>("drift_invalid_records_total", null, "Messages that could not be read, by reason.");
        skipped = meter.CreateCounter<long>("drift_skipped_messages_total", null, "Messages that were not meant for the watched models or hold no prediction, by reason.");
        unanswered = meter.CreateCounter<long>("drift_unanswered_requests_total", null, "Requests that became rows without their response.");
        crowded = meter.CreateCounter<long>("drift_waiting_overflow_total", null, "Requests and responses that stopped waiting for each other because Limits.Waiting was reached.");
        dead = meter.CreateCounter<long>("drift_dead_letters_total", null, "Unreadable messages passed on to a dead-letter topic, by outcome.");
        late = meter.CreateCounter<long>("drift_late_records_total", null, "Records that came after their windows had closed.");
        judged = meter.CreateCounter<long>("drift_windows_judged_total", null, "Windows judged, revisions included.");
        notices = meter.CreateCounter<long>("drift_notices_total", null, "Notices sent to channels, by outcome.");
        commits = meter.CreateCounter<long>("drift_commits_total", null, "Transactions committed.");
        fenced = meter.CreateCounter<long>("drift_fenced_total", null, "Partitions lost to another owner at commit.");
        policies = meter.CreateCounter<long>("drift_policy_loads_total", null, "Contents of the policy file that were taken or refused.");
        meter.CreateObservableGauge("drift_policy_current", () => policyIsCurrent() ? 1 : 0, null, "1 while the policy file's content is in force, 0 while it is refused and the last good one stays.");
        meter.CreateObservableGauge("drift_pages_per_year", () => Rates(r => r.PagesPerYear), null, "What the policy in force calls out over the last windows, in a year.");
        meter.CreateObservableGauge("drift_expected_false_pages_per_year", () => Rates(r => r.ExpectedFalsePerYear), null, "What the policy in force would call out over windows drawn from the reference, in a year.");
        commitSeconds = meter.CreateHistogram<double>("drift_commit_seconds", "s", "How long a commit takes, judging included.");
        meter.CreateObservableGauge("drift_lag_records", () => Partitions(p => p.Lag is { } lag ? (double)lag : null), null, "Messages not read yet.");
        meter.CreateObservableGauge("drift_watermark_seconds", () => Partitions(p => p.State.Watermark is { } w ? (w - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond : null), "s",
            "The watermark of a partition, in seconds since 1970.");
    }

    /// <summary>These instruments, for a reader that must not mix them with another worker's in the same process.</summary>
    public Meter Meter => meter;

    /// <summary>Every series that is sure to come stands at zero from the start, so that an alarm on its rate has something to begin from. Once a reader listens: counters do not remember.</summary>
    public void Begin(IReadOnlyList<string> topics, IEnumerable<string> models, IEnumerable<string> channels)
    {
        this.topics = topics;
        foreach (var topic in topics)
        {
            var tag = new KeyValuePair<string, object?>("topic", topic);
            records.Add(0, tag);
            late.Add(0, tag);
            unanswered.Add(0, tag);
            crowded.Add(0, tag);
            invalid.Add(0, tag, new("reason", RecordReason.NotJson));
        }
        policies.Add(0, new KeyValuePair<string, object?>("outcome", "loaded"));
        policies.Add(0, new KeyValuePair<string, object?>("outcome", "refused"));
        foreach (var model in models) judged.Add(0, new KeyValuePair<string, object?>("model", model));
        foreach (var channel in channels)
        {
            notices.Add(0, new("channel", channel), new("outcome", "sent"));
            notices.Add(0, new("channel", channel), new("outcome", "failed"));
        }
    }

    public void Committed(PartitionState before, PartitionState after)
    {
        var topic = new KeyValuePair<string, object?>("topic", after.Source.Topic);
        if (after.Records > before.Records) records.Add(after.Records - before.Records, topic);
        if (after.Late > before.Late) late.Add(after.Late - before.Late, topic);
        if (after.Unanswered > before.Unanswered) unanswered.Add(after.Unanswered - before.Unanswered, topic);
        if (after.Crowded > before.Crowded) crowded.Add(after.Crowded - before.Crowded, topic);
        foreach (var (reason, count) in after.Skipped)
            if (count - before.Skipped.GetValueOrDefault(reason) is > 0 and var more) skipped.Add(more, topic, new("reason", reason));
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

    public void DeadLetter(string topic, string outcome) => dead.Add(1, new("topic", topic), new("outcome", outcome));

    public void Fenced() => fenced.Add(1);

    /// <summary>Where gauges ask whether the policy file is in force, and how often it calls somebody.</summary>
    public void Watch(Func<bool> policyIsCurrent, Func<IReadOnlyList<PageRate>> rates) => (this.policyIsCurrent, this.rates) = (policyIsCurrent, rates);

    IEnumerable<Measurement<double>> Rates(Func<PageRate, double> value) => rates().Select(r => new Measurement<double>(value(r), new KeyValuePair<string, object?>("model", r.Model)));

    public void PolicyLoaded(bool taken) => policies.Add(1, new KeyValuePair<string, object?>("outcome", taken ? "loaded" : "refused"));

    public void Notice(string channel, string outcome) => notices.Add(1, new("channel", channel), new("outcome", outcome));

    /// <summary>How the owned partitions stand, and how far they are behind where that is known.</summary>
    public void Stand(IReadOnlyList<(PartitionState State, long? Lag)> now) => partitions = now;

    public void Dispose() => meter.Dispose();

    IEnumerable<Measurement<double>> Partitions(Func<(PartitionState State, long? Lag), double?> value)
    {
        var now = partitions;
        var any = false;
        foreach (var p in now)
        {
            if (value(p) is not { } v) continue;
            any = true;
            yield return new Measurement<double>(v, new TagList { { "topic", p.State.Source.Topic }, { "partition", p.State.Source.Partition } });
        }
        if (any) yield break;
        foreach (var topic in topics) yield return new Measurement<double>(0, new TagList { { "topic", topic } });
    }
}
