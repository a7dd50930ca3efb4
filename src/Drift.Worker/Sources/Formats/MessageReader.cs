using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Drift.Worker.Sources.Formats;

/// <summary>What a message that could be read holds.</summary>
enum MessageKind
{
    /// <summary>Rows: the first is in the record reader, the others follow by <see cref="MessageReader.NextRow"/>.</summary>
    Rows,

    /// <summary>A request whose response comes in another message.</summary>
    Request,

    /// <summary>A response whose request comes in another message.</summary>
    Response,

    /// <summary>A profile.</summary>
    Profile,
}

/// <summary>
/// Reads messages of every known format into rows. A native record is read as it is; another system's is turned into native records, one per row, so that
/// there is one rule for limits, types, times and names whatever the format. It never throws for what a message holds. Not for several threads at once.
/// </summary>
sealed class MessageReader(RecordLayouts layouts, RecordLimits limits, LogOptions options, string topic = "") : IDisposable
{
    /// <summary>Kafka clients that know a schema registry put this and four bytes of a schema's number before the value.</summary>
    const int SchemaPrefix = 5;

    static readonly Decoded nothing = new();

    readonly IReadOnlyList<IMessageFormat> formats = FormatNames.Of(options.FormatOf(topic));
    readonly bool native = FormatNames.TakesNative(options.FormatOf(topic));
    readonly Bodies bodies = new(options.Rows, limits.Features);
    readonly Dictionary<RecordLayout, ModelShape> shapes = [];
    readonly ArrayBufferWriter<byte> buffer = new(1024);
    readonly JsonWriterOptions unchecked_ = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    Incoming? request, response;
    Decoded current = nothing;
    Frame? answers;
    long time, received;
    int row;

    /// <summary>The current row, with its model, version, id and time.</summary>
    public RecordReader Record { get; } = new(layouts, limits);

    public MessageKind Kind { get; private set; }

    /// <summary>The model of the last message that was read, as far as it is known.</summary>
    public RecordLayout? Layout { get; private set; }

    /// <summary>The event time of a half or a profile, in UTC ticks.</summary>
    public long Time => time;

    /// <summary>What the two halves of a pair have in common.</summary>
    public string Id => current.Id ?? "";

    /// <summary>The profile of a profile message.</summary>
    public Profile? Profile { get; private set; }

    public string Version => current.Version;

    /// <summary>The number of the current row in its message.</summary>
    public int Row => row;

    public RecordOutcome Read(in LogMessage message)
    {
        Reset();
        var value = message.Value is [0, ..] && message.Value.Length > SchemaPrefix ? message.Value[SchemaPrefix..] : message.Value;
        if (native)
        {
            var outcome = Record.Read(value, message.Received);
            Layout = Record.Layout;
            if (outcome.Status != RecordStatus.Invalid || formats.Count == 0 || !MayBeForeign(outcome.Reason)) return outcome;
            return Foreign(value, message, outcome);
        }
        if (value.Length > limits.MessageBytes) return RecordOutcome.Invalid(RecordReason.TooLarge);
        if (!Utf8.IsValid(value)) return RecordOutcome.Invalid(RecordReason.NotUtf8);
        return Foreign(value, message, RecordOutcome.Invalid(RecordReason.UnknownFormat));
    }

    /// <summary>A record that says too little to be native.</summary>
    static bool MayBeForeign(string reason) => reason is RecordReason.NoModel or RecordReason.NoTime or RecordReason.NoFeatures or RecordReason.BadFeatures or RecordReason.BadModel or RecordReason.BadTime;

    /// <summary>A request that is a row without its response.</summary>
    public RecordOutcome ReadAlone(in LogMessage message)
    {
        var outcome = Read(message);
        return outcome.Status == RecordStatus.Ok && Kind == MessageKind.Request ? StartRows(null) : outcome;
    }

    /// <summary>A request and its response as rows; where they have not equally many, the request's alone.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="answered">The response.</param>
    /// <param name="differ">Whether they had not.</param>
    public RecordOutcome ReadPair(in LogMessage asked, in LogMessage answered, out bool differ)
    {
        differ = false;
        if (Read(answered) is { Status: not RecordStatus.Ok } wrong) return wrong;
        var (outputs, version) = (current.Outputs, current.Version);
        // The next message must not close the document that these rows are in.
        var kept = request;
        request = null;
        var outcome = Read(asked);
        response = kept;
        if (outcome.Status != RecordStatus.Ok || Kind != MessageKind.Request) return outcome;
        if (version.Length > 0) current = current with { Version = version };
        differ = outputs is null || outputs.Rows.Count != current.Inputs!.Rows.Count;
        return StartRows(differ ? null : outputs);
    }

    /// <summary>Goes on to the next row of the message; null: there is none.</summary>
    public RecordOutcome? NextRow()
    {
        if (current.Inputs is null || ++row >= current.Inputs.Rows.Count) return null;
        return ReadRow();
    }

    void Reset()
    {
        request?.Dispose();
        response?.Dispose();
        (request, response, answers, Layout, Profile) = (null, null, null, null, null);
        current = nothing;
        (row, Kind) = (0, MessageKind.Rows);
    }

    RecordOutcome Foreign(ReadOnlySpan<byte> value, in LogMessage message, RecordOutcome otherwise)
    {
        try
        {
            request = new Incoming(value, message.Headers, limits.Depth, bodies);
            foreach (var format in formats)
                if (format.Read(request) is { } decoded) return Take(decoded, value, message);
            return otherwise;
        }
        catch (JsonException)
        {
            return RecordOutcome.Invalid(RecordReason.NotJson);
        }
        catch (InvalidOperationException)
        {
            return RecordOutcome.Invalid(RecordReason.BadText);
        }
    }

    RecordOutcome Take(Decoded decoded, ReadOnlySpan<byte> value, in LogMessage message)
    {
        if (decoded.Outcome is { } outcome) return outcome;
        current = decoded;
        if ((decoded.Inputs?.Problem ?? decoded.Outputs?.Problem) is { } problem) return RecordOutcome.Invalid(problem);
        if (decoded.Native is { } record) return ReadNative(record, decoded, message);
        if (NameOf(decoded) is not { } name) return RecordOutcome.Invalid(RecordReason.NoModel);
        if (Encoding.UTF8.GetByteCount(name) > limits.TextBytes || decoded.Version.Length > limits.TextBytes || decoded.Id?.Length > limits.TextBytes) return RecordOutcome.Invalid(RecordReason.TooLong);
        Layout = layouts.Find(Encoding.UTF8.GetBytes(name));
        if (Layout is null) return RecordOutcome.Skipped(RecordReason.UnknownModel);
        if (decoded.IsProfile) return ReadProfile(value);
        (time, received) = (decoded.Time ?? message.Time, message.Received);
        if (time > received + limits.Ahead.Ticks) return RecordOutcome.Invalid(RecordReason.Future);
        if (decoded.Inputs is { } inputs && !ShapeOf(Layout).Fits(inputs)) return RecordOutcome.Invalid(RecordReason.WrongWidth);
        if (decoded.IsHalf && decoded.Id is { Length: > 0 })
        {
            Kind = decoded.Inputs is null ? MessageKind.Response : MessageKind.Request;
            return RecordOutcome.Ok;
        }
        if (decoded.Inputs is null) return RecordOutcome.Skipped(RecordReason.NoRequest);
        if (decoded.Outputs is { } outputs && outputs.Rows.Count != decoded.Inputs.Rows.Count) return RecordOutcome.Invalid(RecordReason.RowsDiffer);
        return StartRows(decoded.Outputs);
    }

    string? NameOf(Decoded decoded) =>
        decoded.Model ?? (decoded.PerhapsModel is { } perhaps && layouts.Find(Encoding.UTF8.GetBytes(perhaps)) is not null ? perhaps : options.Model ?? (layouts.All is [var only] ? only.Model : null));

    ModelShape ShapeOf(RecordLayout layout)
    {
        if (!shapes.TryGetValue(layout, out var shape)) shapes.Add(layout, shape = new ModelShape(layout));
        return shape;
    }

    RecordOutcome StartRows(Frame? outputs)
    {
        (Kind, row, answers) = (MessageKind.Rows, 0, outputs);
        return current.Inputs!.Rows.Count == 0 ? RecordOutcome.Skipped(RecordReason.NoRows) : ReadRow();
    }

    RecordOutcome ReadRow()
    {
        buffer.ResetWrittenCount();
        try
        {
            using var json = new Utf8JsonWriter(buffer, unchecked_);
            json.WriteStartObject();
            json.WriteString("ts", EventTime.Format(time));
            json.WriteString("model", Layout!.Model);
            if (current.Version.Length > 0) json.WriteString("version", current.Version);
            var rows = current.Inputs!.Rows;
            // Each row of a batch has a name of its own: what was asked, and which of the rows.
            if (current.Id is { Length: > 0 } id) json.WriteString("id", rows.Count == 1 ? id : $"{id}#{row}");
            ShapeOf(Layout).Write(json, rows[row], answers?.Rows[row]);
            json.WriteEndObject();
        }
        catch (InvalidOperationException)
        {
            return RecordOutcome.Invalid(RecordReason.BadText);
        }
        return Record.Read(buffer.WrittenSpan, received);
    }

    /// <summary>A native record in an envelope: its own members win.</summary>
    RecordOutcome ReadNative(JsonElement record, Decoded decoded, in LogMessage message)
    {
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, unchecked_))
        {
            json.WriteStartObject();
            if (!record.TryGetProperty("ts", out _)) json.WriteString("ts", EventTime.Format(decoded.Time ?? message.Time));
            if (!record.TryGetProperty("model", out _) && NameOf(decoded) is { } name) json.WriteString("model", name);
            if (!record.TryGetProperty("id", out _) && decoded.Id is { } id) json.WriteString("id", id);
            foreach (var member in record.EnumerateObject()) member.WriteTo(json);
            json.WriteEndObject();
        }
        var outcome = Record.Read(buffer.WrittenSpan, message.Received);
        Layout = Record.Layout;
        return outcome;
    }

    RecordOutcome ReadProfile(ReadOnlySpan<byte> value)
    {
        try
        {
            Profile = ProfileFormat.Read(value);
        }
        catch (FormatException)
        {
            return RecordOutcome.Invalid(RecordReason.BadBody);
        }
        if (Profile.Start is not { } start) return RecordOutcome.Invalid(RecordReason.NoTime);
        (time, Kind) = (start.UtcTicks, MessageKind.Profile);
        return Profile.Rows == 0 ? RecordOutcome.Skipped(RecordReason.NoRows) : RecordOutcome.Ok;
    }

    public void Dispose() => Reset();
}
