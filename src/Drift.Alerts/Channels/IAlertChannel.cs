namespace Drift.Alerts;

/// <summary>A way by which notices reach people or machines.</summary>
public interface IAlertChannel
{
    /// <summary>The name under which routes speak of it.</summary>
    string Name { get; }

    /// <summary>Sends a notice once. Returning means that the other side has it; anything else throws, and <see cref="Delivery"/> decides what follows.</summary>
    /// <exception cref="ChannelException">It was not taken; the exception says whether to try again and when.</exception>
    Task SendAsync(Notice notice, CancellationToken cancellation);
}

/// <summary>What a failed sending means for the next.</summary>
public enum ChannelFault
{
    /// <summary>Try again later.</summary>
    Retry,

    /// <summary>This notice will never be taken.</summary>
    Refused,

    /// <summary>The destination says that it no longer exists (410): nothing more is to be sent to it.</summary>
    Gone,
}

/// <summary>A channel could not deliver a notice.</summary>
public sealed class ChannelException : Exception
{
    /// <summary>Creates the exception. The message must not hold secrets: it is stored and shown.</summary>
    public ChannelException(string message, ChannelFault fault = ChannelFault.Retry, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner)
    {
        Fault = fault;
        RetryAfter = retryAfter;
    }

    /// <summary>Whether to try again.</summary>
    public ChannelFault Fault { get; }

    /// <summary>How long the destination asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; }
}
