using System.Threading.Channels;
using Drift.Worker.Stores;
using Microsoft.Extensions.Logging;

namespace Drift.Worker.Hosting;

/// <summary>
/// Puts on record what happens outside of the store's own transactions: access by key, policies, deliveries. Nobody waits for it; while the store is
/// away a bounded number of events waits, and what comes beyond it is counted and said.
/// </summary>
public sealed class AuditWriter(IDriftStore store, TimeProvider time, ILogger log)
{
    const int Most = 10_000;
    const int AtOnce = 500;
    static readonly TimeSpan pause = TimeSpan.FromSeconds(1);

    readonly Channel<object> queue = Channel.CreateBounded<object>(new BoundedChannelOptions(Most) { SingleReader = true });
    long lost;

    /// <summary>Puts something on record, soon.</summary>
    public void Write(string actor, string action, string subject, string detail = "")
    {
        if (!queue.Writer.TryWrite(new AuditEvent(time.GetUtcNow(), actor, action, subject, detail))) Interlocked.Increment(ref lost);
    }

    /// <summary>Waits until everything written so far is on record.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await queue.Writer.WriteAsync(reached, cancel);
        await reached.Task.WaitAsync(cancel);
    }

    /// <summary>Writes until told to end; what waits then is still written if the store answers.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var _ = stop.Register(() => queue.Writer.TryComplete());
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var events = new List<AuditEvent>();
            var waiting = new List<TaskCompletionSource>();
            while (events.Count < AtOnce && queue.Reader.TryRead(out var next))
            {
                if (next is AuditEvent one) events.Add(one);
                else waiting.Add((TaskCompletionSource)next);
            }
            while (!TrySave(events) && !stop.IsCancellationRequested) await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var one in waiting) one.TrySetResult();
        }
    }

    bool TrySave(List<AuditEvent> events)
    {
        if (events.Count == 0) return true;
        try
        {
            using var transaction = store.Begin();
            foreach (var one in events) transaction.Audit(one);
            if (Interlocked.Exchange(ref lost, 0) is > 0 and var n) transaction.Audit(new AuditEvent(time.GetUtcNow(), "worker", "audit.lost", $"{n} events"));
            transaction.Commit();
            return true;
        }
        catch (StoreException e)
        {
            log.LogWarning("the audit cannot be written: {Why}", e.Message);
            return false;
        }
    }
}
