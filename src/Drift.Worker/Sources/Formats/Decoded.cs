using System.Text.Json;

namespace Drift.Worker.Sources.Formats;

/// <summary>What a format made of a message: where it belongs, and rows of requests, of responses, or of both.</summary>
sealed record Decoded
{
    /// <summary>What the message says the model is called; null: it does not.</summary>
    public string? Model { get; init; }

    /// <summary>A name that counts only when a watched model is called so.</summary>
    public string? PerhapsModel { get; init; }

    public string Version { get; init; } = "";

    public string? Id { get; init; }

    /// <summary>UTC ticks; null: the message's own time.</summary>
    public long? Time { get; init; }

    public Frame? Inputs { get; init; }

    public Frame? Outputs { get; init; }

    /// <summary>Whether a message with only inputs or only outputs has its other half in another message of the same id.</summary>
    public bool IsHalf { get; init; }

    /// <summary>A native record in an envelope that may say what the record does not.</summary>
    public JsonElement? Native { get; init; }

    /// <summary>A profile document: rows that were counted elsewhere.</summary>
    public bool IsProfile { get; init; }

    /// <summary>Why it is no prediction.</summary>
    public RecordOutcome? Outcome { get; init; }

    public static Decoded Invalid(string reason) => new() { Outcome = RecordOutcome.Invalid(reason) };

    public static Decoded Skipped(string reason) => new() { Outcome = RecordOutcome.Skipped(reason) };
}

/// <summary>Another system's way of writing predictions down.</summary>
interface IMessageFormat
{
    /// <summary>Reads a message; null: it is not in this format.</summary>
    Decoded? Read(Incoming message);
}
