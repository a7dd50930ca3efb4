using System.Collections.Concurrent;

namespace Drift.Alerts;

/// <summary>What became of one sending.</summary>
public enum DeliveryOutcome
{
    /// <summary>The destination has it.</summary>
    Delivered,

    /// <summary>It will be sent again.</summary>
    Retried,

    /// <summary>It will never be sent again: the last retry failed, or the destination refuses it or is gone.</summary>
    Dead,
}

/// <summary>How a <see cref="Delivery"/> works.</summary>
public sealed record DeliveryOptions
{
    /// <summary>When failed sendings are repeated.</summary>
    public RetrySchedule Retries { get; init; } = new();

    /// <summary>For how long a notice belongs to one sender; longer than any sending may take. After a crash in the middle of a sending it leaves again when this is over.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How often the outbox is looked at when nobody calls <see cref="Delivery.Wake"/>.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many groups of one channel are sent to at a time.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>The longest that one sending may take, whatever the channel does.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>Told of every sending: notice, what became of it, the error or an empty text. For metrics and logs.</summary>
    public Action<Notice, DeliveryOutcome, string>? Report { get; init; }

    /// <summary>Random numbers from 0 to 1 for the jitter; null: the process's.</summary>
    public Func<double>? Random { get; init; }
}

/// <summary>Takes notices out of the outbox and through their channels: at least once, in order within a group, each channel by itself, so that a dead or slow one holds back nothing else.</summary>
public sealed class Delivery
{
    readonly IOutbox outbox;
    readonly Func<string, IAlertChannel?> channels;
    readonly TimeProvider time;
    readonly DeliveryOptions options;
    readonly ConcurrentDictionary<string, string> gone = new(StringComparer.Ordinal);
    volatile TaskCompletionSource wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Creates a delivery.</summary>
    /// <param name="outbox">Where notices wait.</param>
    /// <param name="channels">Finds a channel by name, at every sending anew: after a policy's reload the new one counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">How it works; null: the defaults.</param>
    public Delivery(IOutbox outbox, Func<string, IAlertChannel?> channels, TimeProvider? time = null, DeliveryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        ArgumentNullException.ThrowIfNull(channels);
        this.outbox = outbox;
        this.channels = channels;
        this.time = time ?? TimeProvider.System;
        this.options = options ?? new DeliveryOptions();
    }

    /// <summary>The channels whose destination said that it is gone, with what it said.</summary>
    public IReadOnlyDictionary<string, string> Disabled => gone;

    /// <summary>Sends to a channel again, after its policy has changed.</summary>
    public void Enable(string channel) => gone.TryRemove(channel, out _);

    /// <summary>Says that there may be something in the outbox.</summary>
    public void Wake() => wake.TrySetResult();

    /// <summary>Delivers until cancelled. While the outbox itself cannot be reached it goes on trying, more slowly.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var running = new Dictionary<string, Task<int>>(StringComparer.Ordinal);
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var (channel, task) in running.ToList())
                if (task.IsCompleted) running.Remove(channel);
            try
            {
                foreach (var channel in await outbox.ChannelsAsync(cancellation).ConfigureAwait(false))
                    if (!running.ContainsKey(channel)) running[channel] = SafelyAsync(channel, cancellation);
                await Task.WhenAny(wake.Task, Task.Delay(options.Poll, time, cancellation)).ConfigureAwait(false);
                // Renewed before the next look, so that what comes after it wakes again.
                if (wake.Task.IsCompleted) wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (Exception) when (!cancellation.IsCancellationRequested)
            {
                // The store is away: what waits in it stays there. Whoever owns the store says so; here only the pace slows.
                await Task.Delay(options.Poll * 4, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
        await Task.WhenAll(running.Values).ConfigureAwait(false);
    }

    async Task<int> SafelyAsync(string channel, CancellationToken cancellation)
    {
        try
        {
            return await ChannelAsync(channel, cancellation).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The lease ends by itself, and another round begins where this one broke.
            return 0;
        }
    }

    /// <summary>Sends everything that is due now, each channel by itself, and returns how many sendings were tried.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellation = default)
    {
        var names = await outbox.ChannelsAsync(cancellation).ConfigureAwait(false);
        var counts = await Task.WhenAll(names.Select(name => ChannelAsync(name, cancellation))).ConfigureAwait(false);
        return counts.Sum();
    }

    async Task<int> ChannelAsync(string channel, CancellationToken cancellation)
    {
        for (var sent = 0; ;)
        {
            var items = await outbox.LeaseAsync(channel, time.GetUtcNow(), options.Lease, options.Parallel, cancellation).ConfigureAwait(false);
            if (items.Count == 0) return sent;
            await Task.WhenAll(items.Select(item => OneAsync(item, cancellation))).ConfigureAwait(false);
            sent += items.Count;
        }
    }

    async Task OneAsync(OutboxItem item, CancellationToken cancellation)
    {
        var name = item.Notice.Channel;
        if (gone.TryGetValue(name, out var why))
        {
            await DeadAsync(item, $"{name} is disabled: {why}").ConfigureAwait(false);
            return;
        }
        if (await TryAsync(item, cancellation).ConfigureAwait(false) is not { } failure)
        {
            // Marked even while stopping: what has arrived must not leave again.
            await outbox.DoneAsync(item, time.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);
            options.Report?.Invoke(item.Notice, DeliveryOutcome.Delivered, "");
            return;
        }
        if (failure.Fault == ChannelFault.Gone) gone[name] = failure.Message;
        var pause = failure.Fault == ChannelFault.Retry ? options.Retries.After(item.Failures + 1, failure.RetryAfter, options.Random?.Invoke() ?? Random.Shared.NextDouble()) : null;
        if (pause is not { } span)
        {
            await DeadAsync(item, failure.Message).ConfigureAwait(false);
            return;
        }
        await outbox.RetryAsync(item, time.GetUtcNow() + span, failure.Message, CancellationToken.None).ConfigureAwait(false);
        options.Report?.Invoke(item.Notice, DeliveryOutcome.Retried, failure.Message);
    }

    async Task DeadAsync(OutboxItem item, string error)
    {
        await outbox.DeadAsync(item, error, CancellationToken.None).ConfigureAwait(false);
        options.Report?.Invoke(item.Notice, DeliveryOutcome.Dead, error);
    }

    // Null: delivered. A stop is no failure: the lease ends, and the notice leaves again under the same id.
    async Task<ChannelException?> TryAsync(OutboxItem item, CancellationToken cancellation)
    {
        if (channels(item.Notice.Channel) is not { } channel) return new ChannelException($"there is no channel '{item.Notice.Channel}'");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = time.CreateTimer(_ => limit.Cancel(), null, options.Longest, Timeout.InfiniteTimeSpan);
        try
        {
            await channel.SendAsync(item.Notice, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (ChannelException e)
        {
            return e;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return new ChannelException($"{item.Notice.Channel}: {e.GetType().Name}", inner: e);
        }
    }
}
