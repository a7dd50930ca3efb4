using Drift.Alerts;
using Microsoft.Extensions.Logging;

namespace Drift.Worker.Hosting;

/// <summary>
/// The policy in force with the channels that it describes. A policy file is looked at again and again: what is right as a whole takes effect with the
/// next window, what is wrong never does, and the health tells. Each window is judged by one policy, whose hash is stored with it.
/// </summary>
sealed class ActivePolicy
{
    readonly PolicySource? source;
    readonly Policy? given;
    readonly ChannelServices services;
    readonly Func<ChannelSpec, IAlertChannel?> own;
    readonly WorkerHealth health;
    readonly ILogger log;
    volatile Tuple<Policy, IReadOnlyDictionary<string, IAlertChannel>> active;

    /// <param name="path">The policy file; null: none.</param>
    /// <param name="given">A policy in its place.</param>
    /// <param name="services">What channels need.</param>
    /// <param name="health">Told while the file is wrong.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told of every change.</param>
    /// <param name="own">Makes the channels of kinds that only the worker can make.</param>
    /// <exception cref="InputException">The file is wrong, or a channel cannot be made: its secret is missing, for one.</exception>
    public ActivePolicy(string? path, Policy? given, ChannelServices services, WorkerHealth health, TimeProvider time, ILogger log, Func<ChannelSpec, IAlertChannel?>? own = null)
    {
        (this.services, this.health, this.log, this.own) = (services, health, log, own ?? (_ => null));
        this.given = given ?? (path is null ? Policy.Default : null);
        if (this.given is null) source = Open(path!, time);
        active = Make(this.given ?? source!.Current);
        if (source is not null) source.Changed += Changed;
    }

    /// <summary>The policy in force. Take it once for one window.</summary>
    public Policy Current => active.Item1;

    /// <summary>The channel of that name, or null.</summary>
    public IAlertChannel? Channel(string name) => active.Item2.GetValueOrDefault(name);

    /// <summary>Looks at the file until cancelled; returns at once where there is none.</summary>
    public Task RunAsync(TimeSpan look, CancellationToken stop) => source?.RunAsync(look, stop) ?? Task.CompletedTask;

    /// <summary>Whether the file's content is in force; true where there is no file.</summary>
    public bool IsCurrent => !health.Problems.ContainsKey("policy");

    /// <summary>Told of every content of the file, after it took effect or was refused: the hash in force, and why it was refused or an empty text.</summary>
    public event Action<string, string>? Looked;

    static PolicySource Open(string path, TimeProvider time)
    {
        PolicyFile.Load(path); // says all that is wrong with it as bad input
        return PolicySource.Open(path, time);
    }

    void Changed(PolicyStatus status)
    {
        var why = status.Error;
        if (status.IsCurrent)
        {
            try
            {
                active = Make(source!.Current);
                health.Good("policy");
                log.LogInformation("the policy is now {Hash}", active.Item1.Hash);
                Looked?.Invoke(active.Item1.Hash, "");
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Right as a document, but a channel cannot be made here: the last good policy stays with its channels.
                why = e.Message;
            }
        }
        health.Bad("policy", $"{why}; {active.Item1.Hash} stays in force");
        log.LogWarning("the policy file is not taken: {Why}", why);
        Looked?.Invoke(active.Item1.Hash, why);
    }

    Tuple<Policy, IReadOnlyDictionary<string, IAlertChannel>> Make(Policy policy)
    {
        var channels = new Dictionary<string, IAlertChannel>(ChannelFactory.Create(policy, services), StringComparer.Ordinal);
        foreach (var spec in policy.Channels)
            if (!channels.ContainsKey(spec.Name) && own(spec) is { } made) channels[spec.Name] = ChannelFactory.Adopt(spec, made);
        return Tuple.Create<Policy, IReadOnlyDictionary<string, IAlertChannel>>(policy, channels.ToDictionary(c => c.Key, c => (IAlertChannel)new FailpointChannel(c.Value), StringComparer.Ordinal));
    }
}
