using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.Stores;
using Drift.Worker.Windows;

namespace Drift.Worker.Web;

/// <summary>A watched model as the configuration names it, so that it is listed before its first window.</summary>
/// <param name="Name">The model.</param>
/// <param name="Reference">The id of its reference.</param>
/// <param name="Window">The length of its windows.</param>
/// <param name="Tags">Team, owner, risk.</param>
public sealed record ModelInfo(string Name, string Reference, TimeSpan Window, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>How much each column matters; 1 for those not named.</summary>
    public IReadOnlyDictionary<string, double> Importance { get; init; } = new Dictionary<string, double>();
}

/// <summary>Everything that the HTTP interface reads from.</summary>
public sealed record WebContext
{
    public required WebConfig Config { get; init; }

    public required IResultStore Store { get; init; }

    /// <summary>The metrics as Prometheus reads them.</summary>
    public required Func<CancellationToken, Task<string>> Metrics { get; init; }

    /// <summary>What stands in the way of the worker's work, by part; the store is asked anyway.</summary>
    public Func<IReadOnlyDictionary<string, string>> Problems { get; init; } = () => new Dictionary<string, string>();

    /// <summary>The policy in force.</summary>
    public Func<Policy> Policy { get; init; } = () => Drift.Alerts.Policy.Default;

    /// <summary>How often the policy in force calls somebody, achieved beside expected; null: that is not known here.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<PageRate>>>? Pages { get; init; }

    /// <summary>What can be changed; null: nothing.</summary>
    public IOperations? Operations { get; init; }

    /// <summary>Told of requests by key: the same request again within a minute is not told again.</summary>
    public Action<Access>? Accessed { get; init; }

    /// <summary>Waits until what was told is on record.</summary>
    public Func<CancellationToken, Task>? Recorded { get; init; }

    /// <summary>The kind of store, for people.</summary>
    public string StoreKind { get; init; } = "memory";

    /// <summary>The watched models; they change when the configuration is read anew.</summary>
    public Func<IReadOnlyList<ModelInfo>> WatchedModels { get; init; } = () => [];

    public IReadOnlyList<ModelInfo> Models
    {
        get => WatchedModels();
        init => WatchedModels = () => value;
    }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
