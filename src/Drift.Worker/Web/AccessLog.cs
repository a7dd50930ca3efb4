using System.Collections.Concurrent;

namespace Drift.Worker.Web;

/// <summary>Tells of access by key, once a minute for the same request: a dashboard that asks every second is one entry, not sixty.</summary>
sealed class AccessLog(WebContext context)
{
    const int Most = 10_000;

    readonly ConcurrentDictionary<Access, DateTimeOffset> last = new();

    public void Add(Access access)
    {
        if (context.Accessed is not { } accessed) return;
        var now = context.Time.GetUtcNow();
        if (last.TryGetValue(access, out var before) && now - before < TimeSpan.FromMinutes(1)) return;
        if (last.Count >= Most) last.Clear();
        last[access] = now;
        accessed(access);
    }
}
