using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Drift.Alerts;

/// <summary>One entry of the audit: who did what to what, when, and the hash that ties it to the entry before.</summary>
/// <param name="Sequence">Its number, from 1 without gaps.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who: a key's name, or the process itself.</param>
/// <param name="Action">What: <c>silence.create</c>, <c>alert.ack</c>, <c>policy.load</c>, <c>window.judge</c>, ..</param>
/// <param name="Subject">To what: an alert's key, a policy's hash, a window.</param>
/// <param name="Detail">Anything further, usually JSON.</param>
/// <param name="Previous">The hash of the entry before; 64 zeros for the first.</param>
/// <param name="Hash">SHA-256 over everything above.</param>
public sealed record AuditEntry(long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, string Detail, string Previous, string Hash);

/// <summary>What is wrong with an audit: the first entry that does not fit, and why.</summary>
/// <param name="Sequence">The entry's number, or the number that is missing.</param>
/// <param name="Message">Why.</param>
public readonly record struct AuditProblem(long Sequence, string Message);

/// <summary>An append-only record in which every entry carries the hash of the one before: a changed, removed or reordered entry is found. Entries cut off at the end are not, unless the caller knows the last hash.</summary>
public static class AuditChain
{
    /// <summary>What the first entry names as its predecessor.</summary>
    public static readonly string Origin = new('0', 64);

    /// <summary>The entry that follows the last one (null: the first of all).</summary>
    public static AuditEntry Append(AuditEntry? last, DateTimeOffset at, string actor, string action, string subject, string detail = "")
    {
        var entry = new AuditEntry((last?.Sequence ?? 0) + 1, at.ToUniversalTime(), actor, action, subject, detail, last?.Hash ?? Origin, "");
        return entry with { Hash = HashOf(entry) };
    }

    /// <summary>Checks entries in their order; null when all fit.</summary>
    /// <param name="entries">The entries from some entry on.</param>
    /// <param name="before">The entry before the first of them; null when they begin at the first of all.</param>
    public static AuditProblem? Verify(IEnumerable<AuditEntry> entries, AuditEntry? before = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var (sequence, hash) = (before?.Sequence ?? 0, before?.Hash ?? Origin);
        foreach (var entry in entries)
        {
            if (entry.Sequence != sequence + 1) return new AuditProblem(sequence + 1, $"entry {sequence + 1} is missing: {entry.Sequence} follows {sequence}");
            if (entry.Previous != hash) return new AuditProblem(entry.Sequence, $"entry {entry.Sequence} does not continue entry {sequence}");
            if (entry.Hash != HashOf(entry)) return new AuditProblem(entry.Sequence, $"entry {entry.Sequence} was changed");
            (sequence, hash) = (entry.Sequence, entry.Hash);
        }
        return null;
    }

    // Every part with its length before it, so that no text can pass for two others.
    static string HashOf(AuditEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ReadOnlySpan<string> parts =
        [
            entry.Sequence.ToString(CultureInfo.InvariantCulture), entry.At.UtcTicks.ToString(CultureInfo.InvariantCulture), entry.Actor, entry.Action, entry.Subject, entry.Detail, entry.Previous,
        ];
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
