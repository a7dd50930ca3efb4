namespace Drift.Alerts;

/// <summary>Alerts inside a service: windows in, notices out, without the worker.</summary>
/// <example><code>
/// await using var engine = new AlertEngine(Policy.Default);
/// await engine.JudgeAsync(window, report.Readings);
/// await engine.DeliverAsync();
/// </code></example>
public sealed class AlertEngine : IAsyncDisposable
{
    readonly IAlertStore store;
    readonly TimeProvider time;
    readonly ChannelServices services;
    readonly ChannelHttp? owned;
    readonly IReadOnlyList<IAlertChannel> extra;
    readonly SemaphoreSlim gate = new(1);
    volatile Active active;

    // Policy and channels are swapped as one: a notice of a policy finds that policy's channels.
    sealed record Active(Policy Policy, IReadOnlyDictionary<string, IAlertChannel> Channels);

    /// <summary>Creates an engine.</summary>
    /// <param name="policy">The policy; null: the built-in one.</param>
    /// <param name="store">Where alerts live; null: in memory.</param>
    /// <param name="services">What channels need; null: clients of its own, secrets from the environment.</param>
    /// <param name="channels">Channels besides those of the policy; they take the place of one of the same name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="delivery">How notices are delivered.</param>
    public AlertEngine(
        Policy? policy = null, IAlertStore? store = null, ChannelServices? services = null, IEnumerable<IAlertChannel>? channels = null,
        TimeProvider? time = null, DeliveryOptions? delivery = null)
    {
        this.store = store ?? new MemoryAlertStore();
        this.time = time ?? TimeProvider.System;
        if (services is null) services = new ChannelServices { Http = owned = new ChannelHttp(), Time = this.time };
        this.services = services;
        extra = [.. channels ?? []];
        active = Activate(policy ?? Policy.Default);
        Delivery = new Delivery(this.store, name => active.Channels.GetValueOrDefault(name), this.time, delivery);
    }

    /// <summary>The policy in force; setting it takes effect with the next window.</summary>
    public Policy Policy
    {
        get => active.Policy;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            active = Activate(value);
            foreach (var channel in Delivery.Disabled.Keys) Delivery.Enable(channel);
        }
    }

    /// <summary>What takes notices to their channels.</summary>
    public Delivery Delivery { get; }

    /// <summary>Silences that hold besides those of the policy.</summary>
    public IReadOnlyList<Silence> Silences { get; set; } = [];

    Active Activate(Policy policy)
    {
        var all = new Dictionary<string, IAlertChannel>(ChannelFactory.Create(policy, services), StringComparer.Ordinal);
        foreach (var channel in extra) all[channel.Name] = channel;
        return new Active(policy, all);
    }

    /// <summary>Judges a window and puts what follows from it into the outbox.</summary>
    public Task<Judgement> JudgeAsync(Window window, IReadOnlyList<Reading> readings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(window);
        return UpdateAsync(window.Model, states => AlertMachine.Judge(active.Policy, window, readings, states, Context()), cancellation);
    }

    /// <summary>Lets time pass for every model: repeats, and what routes and silences held back.</summary>
    public async Task TickAsync(CancellationToken cancellation = default)
    {
        foreach (var model in await store.ModelsAsync(cancellation).ConfigureAwait(false))
            await UpdateAsync(model, states => AlertMachine.Tick(active.Policy, states, time.GetUtcNow(), Context()), cancellation).ConfigureAwait(false);
    }

    /// <summary>Acknowledges an alert of a model; false when there is none of that key.</summary>
    public async Task<bool> AcknowledgeAsync(string model, string key, Acknowledgement acknowledgement, CancellationToken cancellation = default)
    {
        var found = false;
        await UpdateAsync(model, states =>
        {
            found = states.Alerts.ContainsKey(key);
            return new Judgement { States = states.Acknowledge(key, acknowledgement) };
        }, cancellation).ConfigureAwait(false);
        return found;
    }

    /// <summary>The alerts of a model that are pending or firing.</summary>
    public async Task<IReadOnlyList<Alert>> AlertsAsync(string model, CancellationToken cancellation = default) =>
        [.. (await store.ReadAsync(model, cancellation).ConfigureAwait(false)).Current];

    /// <summary>Sends what is due, once.</summary>
    public Task<int> DeliverAsync(CancellationToken cancellation = default) => Delivery.RunOnceAsync(cancellation);

    /// <summary>Delivers, and lets time pass, until cancelled.</summary>
    public async Task RunAsync(TimeSpan tick, CancellationToken cancellation)
    {
        var delivering = Delivery.RunAsync(cancellation);
        using var timer = new PeriodicTimer(tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false)) await TickAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        await delivering.ConfigureAwait(false);
    }

    AlertContext Context() => new() { Now = time.GetUtcNow(), Silences = Silences };

    async Task<Judgement> UpdateAsync(string model, Func<AlertStates, Judgement> step, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var judgement = step(await store.ReadAsync(model, cancellation).ConfigureAwait(false));
            await store.WriteAsync(model, judgement, cancellation).ConfigureAwait(false);
            if (judgement.Notices.Count > 0) Delivery.Wake();
            return judgement;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        gate.Dispose();
        owned?.Dispose();
        return ValueTask.CompletedTask;
    }
}
