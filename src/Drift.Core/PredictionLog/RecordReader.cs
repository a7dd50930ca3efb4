using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Drift;

/// <summary>
/// Reads one native record: a JSON object with <c>ts</c>, <c>model</c> and <c>features</c>, and optionally <c>id</c>, <c>version</c>,
/// <c>prediction</c>, <c>scores</c>, <c>latency_ms</c>, <c>error</c>, <c>segments</c>, <c>metrics</c> and <c>truth</c>. It never throws for what a
/// message holds. The same name twice in one object: the last one counts. An absent feature is null; a value of another type than its column's is a
/// mismatched cell, not an invalid record. Not for several threads at once.
/// </summary>
public sealed partial class RecordReader
{
    readonly RecordLimits limits;
    readonly RecordLayouts layouts;
    readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> versions;
    byte[] id = new byte[64], ranked = [];
    int idLength, rankedLength;

    /// <summary>Creates a reader of the given models' records.</summary>
    public RecordReader(RecordLayouts layouts, RecordLimits? limits = null)
    {
        this.layouts = layouts;
        this.limits = limits ?? new RecordLimits();
        scan = new(layouts, this.limits, Row);
        versions = new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The layout of the last record's model; also given for an invalid record whose model could be read, else null.</summary>
    public RecordLayout? Layout { get; private set; }

    /// <summary>The last record's cells, valid until the next call.</summary>
    public RecordRow Row { get; } = new();

    /// <summary>The last record's event time in UTC ticks.</summary>
    public long Time { get; private set; }

    /// <summary>The last record's version, empty when it has none.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The last record's id, empty when it has none. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Id => id.AsSpan(0, idLength);

    /// <summary>The last record's <c>prediction</c> as it stands in the message, when it is a list (a ranking); else empty. Valid until the next call.</summary>
    public ReadOnlySpan<byte> RankedPrediction => ranked.AsSpan(0, rankedLength);

    /// <summary>Reads a message.</summary>
    /// <param name="message">Its value.</param>
    /// <param name="messageTime">When the message itself was made, in UTC ticks: a record may not be from much later.</param>
    public RecordOutcome Read(ReadOnlySpan<byte> message, long messageTime)
    {
        Layout = null;
        Version = "";
        Time = 0;
        (idLength, rankedLength) = (0, 0);
        if (message.Length > limits.MessageBytes) return RecordOutcome.Invalid(RecordReason.TooLarge);
        if (!Utf8.IsValid(message)) return RecordOutcome.Invalid(RecordReason.NotUtf8);
        if (TryScan(message, messageTime)) return RecordOutcome.Ok;
        (Version, idLength) = ("", 0);
        var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = limits.Depth });
        try
        {
            var members = new Members();
            var problem = Split(ref reader, ref members);
            return problem is null ? Decode(message, members, messageTime) : RecordOutcome.Invalid(problem);
        }
        catch (JsonException)
        {
            return RecordOutcome.Invalid(Depth(reader) >= limits.Depth ? RecordReason.TooDeep : RecordReason.NotJson);
        }
        catch (InvalidOperationException)
        {
            return RecordOutcome.Invalid(RecordReason.BadText);
        }
    }

    /// <summary>How many objects and arrays are open; the BCL does not count the one that has just begun.</summary>
    static int Depth(in Utf8JsonReader reader) => reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0);

    /// <summary>Where the known members stand in the message; an empty range: nowhere.</summary>
    ref struct Members
    {
        public Range Time, Id, Model, Version, Features, Prediction, Scores, Latency, Error, Segments, Metrics, Truth;
    }

    /// <summary>The first walk: the whole message is JSON, and the members are found whatever their order. The last of equal names stays.</summary>
    static string? Split(ref Utf8JsonReader reader, ref Members members)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            while (reader.Read()) { }
            return RecordReason.NotObject;
        }
        var nowhere = new Range();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ref var member = ref nowhere;
            if (reader.ValueTextEquals("ts"u8)) member = ref members.Time;
            else if (reader.ValueTextEquals("id"u8)) member = ref members.Id;
            else if (reader.ValueTextEquals("model"u8)) member = ref members.Model;
            else if (reader.ValueTextEquals("version"u8)) member = ref members.Version;
            else if (reader.ValueTextEquals("features"u8)) member = ref members.Features;
            else if (reader.ValueTextEquals("prediction"u8)) member = ref members.Prediction;
            else if (reader.ValueTextEquals("scores"u8)) member = ref members.Scores;
            else if (reader.ValueTextEquals("latency_ms"u8)) member = ref members.Latency;
            else if (reader.ValueTextEquals("error"u8)) member = ref members.Error;
            else if (reader.ValueTextEquals("segments"u8)) member = ref members.Segments;
            else if (reader.ValueTextEquals("metrics"u8)) member = ref members.Metrics;
            else if (reader.ValueTextEquals("truth"u8)) member = ref members.Truth;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            member = reader.TokenType == JsonTokenType.Null ? default : new Range(start, (int)reader.BytesConsumed);
        }
        while (reader.Read()) { } // nothing may follow the object
        return null;
    }

    RecordOutcome Decode(ReadOnlySpan<byte> message, in Members members, long messageTime)
    {
        if (ReadModel(message[members.Model]) is { } model) return model;
        if (ReadTime(message[members.Time], messageTime) is { } time) return time;
        if (ReadVersion(message[members.Version]) is { } version) return version;
        if (ReadId(message[members.Id]) is { } tooLong) return tooLong;
        Row.Reset(Layout!);
        if (ReadFeatures(message[members.Features]) is { } features) return features;
        ReadRest(message, members);
        return RecordOutcome.Ok;
    }

    RecordOutcome? ReadModel(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return RecordOutcome.Invalid(RecordReason.NoModel);
        var reader = Value(json);
        if (reader.TokenType != JsonTokenType.String || json.Length == 2) return RecordOutcome.Invalid(RecordReason.BadModel);
        if (json.Length > limits.TextBytes * 6) return RecordOutcome.Invalid(RecordReason.TooLong);
        var buffer = ArrayPool<byte>.Shared.Rent(json.Length);
        var length = reader.CopyString(buffer);
        Layout = layouts.Find(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        if (Layout is not null) return null;
        return length > limits.TextBytes ? RecordOutcome.Invalid(RecordReason.TooLong) : RecordOutcome.Skipped(RecordReason.UnknownModel);
    }

    RecordOutcome? ReadTime(ReadOnlySpan<byte> json, long messageTime)
    {
        if (json.IsEmpty) return RecordOutcome.Invalid(RecordReason.NoTime);
        var reader = Value(json);
        long ticks;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.TryGetInt64(out var number) && EventTime.TryFrom(number, limits.TimeUnit, out ticks): break;
            case JsonTokenType.String when ReadIso(ref reader, out ticks): break;
            default: return RecordOutcome.Invalid(RecordReason.BadTime);
        }
        Time = ticks;
        return ticks - messageTime > limits.Ahead.Ticks ? RecordOutcome.Invalid(RecordReason.Future) : null;
    }

    /// <summary>Writers like to escape the plus sign of an offset.</summary>
    static bool ReadIso(ref Utf8JsonReader reader, out long ticks)
    {
        if (!reader.ValueIsEscaped) return EventTime.TryParse(reader.ValueSpan, out ticks);
        ticks = 0;
        Span<byte> text = stackalloc byte[512];
        return reader.ValueSpan.Length <= text.Length && EventTime.TryParse(text[..reader.CopyString(text)], out ticks);
    }

    RecordOutcome? ReadVersion(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return null;
        var reader = Value(json);
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return null;
        if (json.Length > limits.TextBytes) return RecordOutcome.Invalid(RecordReason.TooLong);
        var bytes = ArrayPool<byte>.Shared.Rent(json.Length);
        var length = reader.TokenType == JsonTokenType.String ? reader.CopyString(bytes) : Copy(json, bytes);
        Version = Intern(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
        return null;
    }

    /// <summary>The one string of a version.</summary>
    string Intern(ReadOnlySpan<byte> version)
    {
        var chars = ArrayPool<char>.Shared.Rent(version.Length);
        var name = chars.AsSpan(0, Encoding.UTF8.GetChars(version, chars));
        name.Replace('\0', '\uFFFD'); // no database takes a NUL in a text
        if (!versions.TryGetValue(name, out var known))
        {
            // Only spares allocations; that versions of one model stay few is the pipeline's business.
            if (versions.Dictionary.Count > 10_000) versions.Dictionary.Clear();
            known = name.ToString();
            versions[name] = known;
        }
        ArrayPool<char>.Shared.Return(chars);
        return known;
    }

    RecordOutcome? ReadId(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return null;
        var reader = Value(json);
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number)) return null;
        if (json.Length > limits.TextBytes) return RecordOutcome.Invalid(RecordReason.TooLong);
        if (id.Length < json.Length) id = new byte[json.Length];
        idLength = reader.TokenType == JsonTokenType.String ? reader.CopyString(id) : Copy(json, id);
        return null;
    }

    static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }

    RecordOutcome? ReadFeatures(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return RecordOutcome.Invalid(RecordReason.NoFeatures);
        if (json[0] != '{') return RecordOutcome.Invalid(RecordReason.BadFeatures);
        var count = Each(json, Layout!.Features);
        return count > limits.Features ? RecordOutcome.Invalid(RecordReason.TooManyFeatures) : null;
    }

    /// <summary>What is no feature. It comes after the features, so that <c>prediction</c> wins over a feature of the prediction column's name.</summary>
    void ReadRest(ReadOnlySpan<byte> message, in Members members)
    {
        if (message[members.Scores] is [(byte)'{', ..] scores && Each(scores, Layout!.Scores) == 1 && Layout.OnlyScore >= 0) ReadOnlyScore(scores);
        if (message[members.Segments] is [(byte)'{', ..] segments) Each(segments, Layout!.Segments);
        if (message[members.Metrics] is [(byte)'{', ..] metrics) Each(metrics, Layout!.Metrics);
        if (message[members.Prediction] is [(byte)'[', ..] list)
        {
            if (ranked.Length < list.Length) ranked = new byte[list.Length];
            rankedLength = Copy(list, ranked);
        }
        One(message[members.Prediction], Layout!.Prediction);
        One(message[members.Truth], Layout.Truth);
        One(message[members.Latency], Layout.Latency);
        if (Layout.Error >= 0 && Layout.Columns[Layout.Error].Kind == ColumnKind.Numeric)
            Row.Set(Layout.Error, message[members.Error] is [] or [(byte)'f', ..] ? 0 : 1);
        else
            One(message[members.Error], Layout.Error);
    }

    /// <summary>Puts each member of an object into its column and returns how many there were.</summary>
    int Each(ReadOnlySpan<byte> json, Utf8Map columns)
    {
        var reader = Value(json);
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = Find(ref reader, columns);
            reader.Read();
            if (column >= 0) SetCell(column, ref reader);
            reader.Skip();
            count++;
        }
        return count;
    }

    /// <summary>One score in the record and one score column: they belong together whatever the class is called.</summary>
    void ReadOnlyScore(ReadOnlySpan<byte> json)
    {
        var reader = Value(json);
        reader.Read();
        reader.Read();
        SetCell(Layout!.OnlyScore, ref reader);
    }

    static int Find(ref Utf8JsonReader reader, Utf8Map columns)
    {
        if (!reader.ValueIsEscaped) return columns.Find(reader.ValueSpan);
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        var found = columns.Find(buffer.AsSpan(0, reader.CopyString(buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return found;
    }

    /// <summary>A lone value; a list (a ranked prediction) fills no column.</summary>
    void One(ReadOnlySpan<byte> json, int column)
    {
        if (json.IsEmpty || column < 0 || json[0] == '[') return;
        var reader = Value(json);
        SetCell(column, ref reader);
    }

    void SetCell(int column, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) Row.SetNull(column);
        else if (Layout!.Columns[column].Kind == ColumnKind.Numeric) SetNumber(column, ref reader);
        else SetCategory(column, ref reader);
    }

    void SetNumber(int column, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number: Row.Set(column, reader.GetDouble()); break;
            case JsonTokenType.String when reader.ValueTextEquals("NaN"u8): Row.Set(column, double.NaN); break;
            case JsonTokenType.String when reader.ValueTextEquals("Infinity"u8): Row.Set(column, double.PositiveInfinity); break;
            case JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8): Row.Set(column, double.NegativeInfinity); break;
            case JsonTokenType.True or JsonTokenType.False when Layout!.Columns[column].Type == ColumnType.Bool:
                Row.Set(column, reader.TokenType == JsonTokenType.True ? 1 : 0);
                break;
            default: Row.SetMismatched(column); break;
        }
    }

    void SetCategory(int column, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String: Row.Commit(column, reader.CopyString(Row.Reserve(reader.ValueSpan.Length))); break;
            case JsonTokenType.Number: Row.Set(column, reader.ValueSpan); break;
            case JsonTokenType.True: Row.Set(column, Layout!.Spell(column, true)); break;
            case JsonTokenType.False: Row.Set(column, Layout!.Spell(column, false)); break;
            default: Row.SetMismatched(column); break;
        }
    }

    /// <summary>A reader that stands on the first token of a value already known to be JSON.</summary>
    Utf8JsonReader Value(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = limits.Depth });
        reader.Read();
        return reader;
    }
}
