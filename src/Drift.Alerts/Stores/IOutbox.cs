namespace Drift.Alerts;

/// <summary>A notice that waits for its delivery.</summary>
/// <param name="Sequence">Its place: later notices have larger numbers.</param>
/// <param name="Notice">The notice.</param>
/// <param name="Failures">How often its sending failed.</param>
public sealed record OutboxItem(long Sequence, Notice Notice, int Failures);

/// <summary>Where notices wait. They come in within the transaction of the window that caused them and leave when a channel has taken them.</summary>
public interface IOutbox
{
    /// <summary>The channels for which something waits, due or not.</summary>
    ValueTask<IReadOnlyList<string>> ChannelsAsync(CancellationToken cancellation);

    /// <summary>Takes notices of a channel for a time. Of every group only the first that is not finished, and only when it is due and nobody else has it: so a group's notices leave in order.</summary>
    ValueTask<IReadOnlyList<OutboxItem>> LeaseAsync(string channel, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancellation);

    /// <summary>It was delivered.</summary>
    ValueTask DoneAsync(OutboxItem item, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>It failed and is due again at a later time.</summary>
    ValueTask RetryAsync(OutboxItem item, DateTimeOffset notBefore, string error, CancellationToken cancellation);

    /// <summary>It will not be delivered; kept for people to see. The next of its group may leave.</summary>
    ValueTask DeadAsync(OutboxItem item, string error, CancellationToken cancellation);
}

/// <summary>Where a library user's alerts live between windows.</summary>
public interface IAlertStore : IOutbox
{
    /// <summary>What is remembered of a model.</summary>
    ValueTask<AlertStates> ReadAsync(string model, CancellationToken cancellation);

    /// <summary>Keeps a judgement's states and puts its notices into the outbox, all or nothing.</summary>
    ValueTask WriteAsync(string model, Judgement judgement, CancellationToken cancellation);

    /// <summary>The models of which something is remembered.</summary>
    ValueTask<IReadOnlyList<string>> ModelsAsync(CancellationToken cancellation);
}
