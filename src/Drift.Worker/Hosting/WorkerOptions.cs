using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Drift.Worker.Hosting;

/// <summary>What a worker takes from its surroundings and tells them. All callbacks come from the worker's own threads, after the commit they speak of.</summary>
public sealed record WorkerOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Where console channels write; null: standard output.</summary>
    public TextWriter? Console { get; init; }

    /// <summary>Names this process among the owners of partitions.</summary>
    public string Owner { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>The policy; null: the configured file or the built-in one.</summary>
    public Policy? Policy { get; init; }

    /// <summary>How often the policy file is looked at.</summary>
    public TimeSpan PolicyLook { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long truths may wait for the next revision of their window.</summary>
    public TimeSpan RevisionAtLeast { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Reads the configuration anew; null: it never changes.</summary>
    public Func<DriftConfig>? Reread { get; init; }

    /// <summary>Windows that have just been judged, in order.</summary>
    public Action<IReadOnlyList<Judged>>? OnJudged { get; init; }

    /// <summary>Each attempt to send a notice: the notice, what became of it, the error.</summary>
    public Action<Notice, DeliveryOutcome, string>? OnDelivery { get; init; }
}
