using System.Collections.Concurrent;

namespace Drift.Worker.Hosting;

/// <summary>What <c>/health/ready</c> tells: whether the worker can do its work now, and if not, why. Written by the loops, read by anyone.</summary>
public sealed class WorkerHealth(TimeProvider time)
{
    readonly ConcurrentDictionary<string, string> problems = new(StringComparer.Ordinal);

    /// <summary>What stands in the way now: <c>store</c>, <c>kafka</c>, <c>policy</c> or a partition, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Problems => problems;

    public bool IsReady => problems.IsEmpty;

    /// <summary>When the last transaction committed; null before the first.</summary>
    public DateTimeOffset? LastCommit { get; private set; }

    public void Bad(string part, string why) => problems[part] = why;

    public void Good(string part) => problems.TryRemove(part, out _);

    public void Committed()
    {
        LastCommit = time.GetUtcNow();
        Good("store");
    }
}
