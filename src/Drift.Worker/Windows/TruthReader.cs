using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Drift.Worker.References;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>Reads a truth message: <c>{"id":"r-1","ts":..,"truth":1}</c>. Other members are passed over; without <c>ts</c> it is as old as its message.</summary>
static class TruthReader
{
    public const string NoId = "no_id";
    public const string NoTruth = "no_truth";
    public const string BadTruth = "bad_truth";

    /// <summary>The truth, or the reason why there is none.</summary>
    /// <param name="message">The message.</param>
    /// <param name="messageTime">Its own time in UTC ticks.</param>
    /// <param name="limits">What it may at most be.</param>
    /// <param name="rankings">Whether a truth may be a list of relevant items or an object of their relevances.</param>
    public static (TruthMessage? Truth, string? Reason) Read(ReadOnlySpan<byte> message, long messageTime, RecordLimits limits, bool rankings = false)
    {
        if (message.Length > limits.MessageBytes) return (null, RecordReason.TooLarge);
        if (!Utf8.IsValid(message)) return (null, RecordReason.NotUtf8);
        try
        {
            var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = limits.Depth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed < message.Length && message[(int)reader.BytesConsumed..].ContainsAnyExcept(" \t\r\n"u8)) return (null, RecordReason.NotJson);
            return Read(document.RootElement, messageTime, limits, rankings);
        }
        catch (JsonException)
        {
            return (null, RecordReason.NotJson);
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair is JSON, but no text.
            return (null, RecordReason.BadText);
        }
    }

    static (TruthMessage?, string?) Read(JsonElement root, long messageTime, RecordLimits limits, bool rankings)
    {
        if (root.ValueKind != JsonValueKind.Object) return (null, RecordReason.NotObject);
        if (Text(root, "id") is not { Length: > 0 } id) return (null, NoId);
        if (!root.TryGetProperty("truth", out var value) || value.ValueKind == JsonValueKind.Null) return (null, NoTruth);
        var listed = rankings && RankedList.IsTruth(value);
        if ((listed ? value.GetRawText() : Text(root, "truth")) is not { } truth) return (null, BadTruth);
        if (id.Length > limits.TextBytes || !listed && truth.Length > limits.TextBytes) return (null, RecordReason.TooLong);
        var time = messageTime;
        if (root.TryGetProperty("ts", out var ts) && ts.ValueKind != JsonValueKind.Null)
        {
            var known = ts.ValueKind == JsonValueKind.Number
                ? ts.TryGetInt64(out var number) && EventTime.TryFrom(number, limits.TimeUnit, out time)
                : ts.ValueKind == JsonValueKind.String && EventTime.TryParse(System.Text.Encoding.UTF8.GetBytes(ts.GetString()!), out time);
            if (!known) return (null, RecordReason.BadTime);
        }
        return (new TruthMessage(id, truth, time), null);
    }

    /// <summary>A class or a number as text; numbers by their value, so that 1 and 1.0 are the same.</summary>
    static string? Text(JsonElement root, string name) => !root.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        // No database takes a NUL in a text.
        JsonValueKind.String => value.GetString()!.Replace('\0', '\uFFFD'),
        JsonValueKind.Number when name == "id" => value.GetRawText(),
        JsonValueKind.Number => (value.GetDouble() + 0.0).ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    /// <summary>Whether a message is a truth and no record: in a file both kinds have no topic to tell them apart.</summary>
    public static bool IsTruth(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("truth", out _) && root.TryGetProperty("id", out _) && !root.TryGetProperty("features", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
