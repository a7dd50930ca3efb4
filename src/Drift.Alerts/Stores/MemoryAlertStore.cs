namespace Drift.Alerts;

/// <summary>States and outbox in memory: for services that may forget alerts when they end, and for tests.</summary>
public sealed class MemoryAlertStore : IAlertStore
{
    sealed record Entry(OutboxItem Item, DateTimeOffset NotBefore);

    readonly Lock gate = new();
    readonly Dictionary<string, AlertStates> states = new(StringComparer.Ordinal);
    readonly SortedDictionary<long, Entry> waiting = [];
    readonly List<(Notice Notice, string Error)> dead = [];
    long last;

    /// <summary>The notices that were given up, with the reason.</summary>
    public IReadOnlyList<(Notice Notice, string Error)> Dead
    {
        get
        {
            lock (gate) return [.. dead];
        }
    }

    /// <summary>How many notices wait.</summary>
    public int Waiting
    {
        get
        {
            lock (gate) return waiting.Count;
        }
    }

    /// <summary>Puts notices into the outbox, in order.</summary>
    public void Add(IEnumerable<Notice> notices)
    {
        ArgumentNullException.ThrowIfNull(notices);
        lock (gate)
        {
            foreach (var notice in notices) waiting[++last] = new Entry(new OutboxItem(last, notice, 0), DateTimeOffset.MinValue);
        }
    }

    /// <inheritdoc/>
    public ValueTask<AlertStates> ReadAsync(string model, CancellationToken cancellation)
    {
        lock (gate) return ValueTask.FromResult(states.GetValueOrDefault(model, AlertStates.Empty));
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string model, Judgement judgement, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(judgement);
        lock (gate)
        {
            states[model] = judgement.States;
            Add(judgement.Notices);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ModelsAsync(CancellationToken cancellation)
    {
        lock (gate) return ValueTask.FromResult<IReadOnlyList<string>>([.. states.Keys.Order(StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ChannelsAsync(CancellationToken cancellation)
    {
        lock (gate) return ValueTask.FromResult<IReadOnlyList<string>>([.. waiting.Values.Select(e => e.Item.Notice.Channel).Distinct()]);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OutboxItem>> LeaseAsync(string channel, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancellation)
    {
        var taken = new List<OutboxItem>();
        var groups = new HashSet<string>(StringComparer.Ordinal);
        lock (gate)
        {
            foreach (var (sequence, entry) in waiting.ToList())
            {
                if (taken.Count == limit) break;
                if (entry.Item.Notice.Channel != channel || !groups.Add(entry.Item.Notice.GroupKey) || entry.NotBefore > now) continue;
                waiting[sequence] = entry with { NotBefore = now + lease };
                taken.Add(entry.Item);
            }
        }
        return ValueTask.FromResult<IReadOnlyList<OutboxItem>>(taken);
    }

    /// <inheritdoc/>
    public ValueTask DoneAsync(OutboxItem item, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        lock (gate) waiting.Remove(item.Sequence);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RetryAsync(OutboxItem item, DateTimeOffset notBefore, string error, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        lock (gate)
        {
            if (waiting.ContainsKey(item.Sequence)) waiting[item.Sequence] = new Entry(item with { Failures = item.Failures + 1 }, notBefore);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeadAsync(OutboxItem item, string error, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        lock (gate)
        {
            if (waiting.Remove(item.Sequence)) dead.Add((item.Notice, error));
        }
        return ValueTask.CompletedTask;
    }
}
