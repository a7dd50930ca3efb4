using Drift.Alerts;

namespace Drift.Worker.Stores;

/// <summary>Something to be put on record: who did what to what.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">A key's name, <c>worker</c>, or <c>local</c> for whoever sits on this machine.</param>
/// <param name="Action">Such as <c>silence.create</c>, <c>alert.ack</c>, <c>policy.load</c>, <c>window.judge</c>, <c>api.read</c>.</param>
/// <param name="Subject">An alert's key, a policy's hash, a window, a route.</param>
/// <param name="Detail">Anything further, usually JSON.</param>
public sealed record AuditEvent(DateTimeOffset At, string Actor, string Action, string Subject, string Detail = "")
{
    /// <summary>As the entry that follows the last one. What no database can hold is replaced before it is hashed.</summary>
    public AuditEntry After(AuditEntry? last) => AuditChain.Append(last, At, Clean(Actor), Clean(Action), Clean(Subject), Clean(Detail));

    static string Clean(string text) => text.Replace('\0', '\uFFFD');
}

/// <summary>Which entries of the audit.</summary>
public sealed record AuditQuery
{
    /// <summary>The least time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The time from which on nothing is read.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only entries after this one.</summary>
    public long After { get; init; }

    public int Limit { get; init; } = 1000;

    /// <summary>Whether a limit keeps the newest.</summary>
    public bool Newest { get; init; }
}

/// <summary>What the checking of a stored audit found.</summary>
/// <param name="Entries">How many entries there are.</param>
/// <param name="Head">The hash of the last one: whoever keeps it elsewhere can later tell whether the end was cut off.</param>
/// <param name="Problem">The first entry that does not fit, or null.</param>
/// <param name="Holds">Whether one of the entries has the hash that was asked for.</param>
public sealed record AuditVerification(long Entries, string Head, AuditProblem? Problem, bool Holds)
{
    const int Page = 5000;

    /// <summary>Reads the whole chain, page by page.</summary>
    /// <param name="store">The store.</param>
    /// <param name="hash">A hash that some entry must have; null: none is asked for.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<AuditVerification> OfAsync(IResultStore store, string? hash, CancellationToken cancel)
    {
        var holds = hash is null or "" || hash == AuditChain.Origin;
        AuditEntry? last = null;
        var count = 0L;
        while (true)
        {
            var page = await store.AuditAsync(new AuditQuery { After = last?.Sequence ?? 0, Limit = Page }, cancel);
            if (AuditChain.Verify(page, last) is { } problem) return new(count, last?.Hash ?? AuditChain.Origin, problem, holds);
            count += page.Count;
            holds |= page.Any(e => string.Equals(e.Hash, hash, StringComparison.OrdinalIgnoreCase));
            if (page.Count > 0) last = page[^1];
            if (page.Count < Page) return new(count, last?.Hash ?? AuditChain.Origin, null, holds);
        }
    }
}
