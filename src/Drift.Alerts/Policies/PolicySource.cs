using System.Security.Cryptography;

namespace Drift.Alerts;

/// <summary>How the last look at a policy file ended.</summary>
/// <param name="At">When the file's present content was judged.</param>
/// <param name="Error">Everything wrong with it on one line; empty when it is the policy in force.</param>
/// <param name="Loads">How many contents became the policy, the first included.</param>
/// <param name="Failures">How many contents were refused.</param>
public readonly record struct PolicyStatus(DateTimeOffset At, string Error, long Loads, long Failures)
{
    /// <summary>Whether the file holds the policy in force.</summary>
    public bool IsCurrent => Error.Length == 0;
}

/// <summary>A policy file that may change while it is used: read whole, checked whole, swapped at once. What is wrong never takes effect; the last good policy stays.</summary>
/// <remarks>It looks at the content, not at the file's name or time, so a swapped symbolic link is seen like a rewritten file. A content counts
/// when two looks in a row find it, so half of a file being written is not taken for a mistake.</remarks>
public sealed class PolicySource
{
    readonly Func<byte[]> read;
    readonly TimeProvider time;
    readonly Lock gate = new();
    volatile Policy current;
    byte[] settled;
    byte[]? candidate;
    PolicyStatus status;

    PolicySource(Func<byte[]> read, TimeProvider time, byte[] content, Policy policy)
    {
        this.read = read;
        this.time = time;
        current = policy;
        settled = SHA256.HashData(content);
        status = new PolicyStatus(time.GetUtcNow(), "", 1, 0);
    }

    /// <summary>The policy in force. Take it once for one piece of work.</summary>
    public Policy Current => current;

    /// <summary>How the last look ended.</summary>
    public PolicyStatus Status
    {
        get
        {
            lock (gate) return status;
        }
    }

    /// <summary>Told after every change of the policy, and after every content that was refused.</summary>
    public event Action<PolicyStatus>? Changed;

    /// <summary>Opens a policy file.</summary>
    /// <exception cref="FormatException">The file is wrong; the message is everything that is.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PolicySource Open(string path, TimeProvider? time = null) => Open(() => File.ReadAllBytes(path), time);

    /// <summary>Opens a policy from wherever the function reads it.</summary>
    /// <exception cref="FormatException">The document is wrong; the message is everything that is.</exception>
    public static PolicySource Open(Func<byte[]> read, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(read);
        var content = read();
        var check = PolicyFormat.Read(content);
        return new PolicySource(read, time ?? TimeProvider.System, content, check.Policy ?? throw new FormatException(check.ToString()));
    }

    /// <summary>Looks once; true when the policy changed.</summary>
    public bool Look()
    {
        PolicyStatus after;
        bool changed;
        lock (gate)
        {
            var (content, problem) = Content();
            var hash = SHA256.HashData(content);
            var twice = candidate is not null && hash.AsSpan().SequenceEqual(candidate);
            candidate = hash;
            // A first sight waits for its confirmation; what was judged already says nothing new.
            if (!twice || hash.AsSpan().SequenceEqual(settled)) return false;
            settled = hash;
            var check = problem is null ? PolicyFormat.Read(content) : null;
            changed = check?.Policy is { } found && found.Hash != current.Hash;
            var good = check?.Policy is not null;
            if (good) current = check!.Policy!;
            status = new PolicyStatus(time.GetUtcNow(), good ? "" : problem ?? check!.ToString(), status.Loads + (good ? 1 : 0), status.Failures + (good ? 0 : 1));
            after = status;
        }
        Changed?.Invoke(after);
        return changed;
    }

    // A file that cannot be read is a content of its own: its reason.
    (byte[] Content, string? Problem) Content()
    {
        try
        {
            return (read(), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (System.Text.Encoding.UTF8.GetBytes("\0" + e.Message), e.Message);
        }
    }

    /// <summary>Looks again and again until cancelled.</summary>
    public async Task RunAsync(TimeSpan interval, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false)) Look();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }
}
