namespace Drift.Worker.Sources.Formats;

/// <summary>One message as it came from a log.</summary>
public readonly ref struct LogMessage
{
    public static readonly IReadOnlyList<KeyValuePair<string, string>> NoHeaders = [];

    /// <param name="value">Its value.</param>
    /// <param name="time">The message's own time in UTC ticks: what its records happened at when they do not say.</param>
    /// <param name="headers">Its headers as text; null: none.</param>
    /// <param name="received">What its records may not be much later than; null: the message's own time.</param>
    public LogMessage(ReadOnlySpan<byte> value, long time, IReadOnlyList<KeyValuePair<string, string>>? headers = null, long? received = null)
    {
        Value = value;
        (Time, Headers, Received) = (time, headers ?? NoHeaders, received ?? time);
    }

    /// <summary>Whether a header may say what a message is: CloudEvents' attributes, and a request's id.</summary>
    public static bool IsEnvelope(string header) =>
        header.StartsWith("ce_", StringComparison.OrdinalIgnoreCase) || header.StartsWith("ce-", StringComparison.OrdinalIgnoreCase) || header.Equals("x-request-id", StringComparison.OrdinalIgnoreCase);

    public ReadOnlySpan<byte> Value { get; }

    public long Time { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    public long Received { get; }
}

/// <summary>How a log's messages are to be read, and what they may at most cost.</summary>
public sealed record LogOptions
{
    public static readonly LogOptions Default = new();

    /// <summary>The format of topics that name none of their own.</summary>
    public string Format { get; init; } = FormatNames.Auto;

    /// <summary>Topics with a format of their own.</summary>
    public IReadOnlyDictionary<string, string> Formats { get; init; } = new Dictionary<string, string>();

    /// <summary>The model of messages that name none; null: the only watched one.</summary>
    public string? Model { get; init; }

    /// <summary>How long, in event time, a request waits for its response.</summary>
    public TimeSpan PairWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many messages of a partition may wait for their other half.</summary>
    public int Waiting { get; init; } = 10_000;

    /// <summary>Rows per message.</summary>
    public int Rows { get; init; } = 10_000;

    /// <summary>Versions of a model that a partition tells apart at a time.</summary>
    public int Versions { get; init; } = 100;

    /// <summary>Panes of a partition that are open at a time.</summary>
    public int Windows { get; init; } = 10_000;

    public string FormatOf(string topic) => Formats.GetValueOrDefault(topic, Format);
}
