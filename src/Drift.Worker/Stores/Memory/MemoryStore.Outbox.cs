using Drift.Alerts;

namespace Drift.Worker.Stores.Memory;

public sealed partial class MemoryStore
{
    /// <summary>Where committed notices wait; it has its own lock.</summary>
    readonly MemoryAlertStore outbox = new();

    public ValueTask<IReadOnlyList<string>> ChannelsAsync(CancellationToken cancellation) => outbox.ChannelsAsync(cancellation);

    public ValueTask<IReadOnlyList<OutboxItem>> LeaseAsync(string channel, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancellation) =>
        outbox.LeaseAsync(channel, now, lease, limit, cancellation);

    public ValueTask DoneAsync(OutboxItem item, DateTimeOffset now, CancellationToken cancellation) => outbox.DoneAsync(item, now, cancellation);

    public ValueTask RetryAsync(OutboxItem item, DateTimeOffset notBefore, string error, CancellationToken cancellation) => outbox.RetryAsync(item, notBefore, error, cancellation);

    public ValueTask DeadAsync(OutboxItem item, string error, CancellationToken cancellation) => outbox.DeadAsync(item, error, cancellation);
}
