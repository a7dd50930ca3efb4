namespace Drift;

/// <summary>
/// The quick way to read a native record: one walk, no tokens. It takes only what producers write all day (no escapes, no lists, no name twice at the
/// top, features before what overrides them) and says no to everything else; then the strict reader decides. Where it says yes, it has
/// set exactly what the strict reader would have set.
/// </summary>
sealed unsafe class RecordScan(RecordLayouts layouts, RecordLimits limits, RecordRow row)
{
    const int Time = 0, Id = 1, Model = 2, Version = 3, Features = 4, Prediction = 5, Scores = 6, Latency = 7, Error = 8, Segments = 9, Metrics = 10, Truth = 11;

    static readonly string[] names = ["ts", "id", "model", "version", "features", "prediction", "scores", "latency_ms", "error", "segments", "metrics", "truth"];

    readonly Members top = new(new Utf8Map(names.Select(KeyValuePair.Create)), names.Length);
    readonly Dictionary<RecordLayout, LayoutMembers> known = [];
    LayoutMembers? learned;

    /// <summary>The names of one layout's objects.</summary>
    sealed class LayoutMembers(RecordLayout layout)
    {
        public RecordLayout Layout => layout;

        public Members Features { get; } = new(layout.Features, layout.Columns.Count);

        public Members Scores { get; } = new(layout.Scores, layout.Columns.Count);

        public Members Segments { get; } = new(layout.Segments, layout.Columns.Count);

        public Members Metrics { get; } = new(layout.Metrics, layout.Columns.Count);
    }

    /// <summary>The simple members as they stand in the message; they are set when all else is.</summary>
    public struct Found
    {
        public JsonValue Time, Id, Model, Version, Prediction, Latency, Error, Truth;
        public int Seen;
    }

    /// <summary>Reads a message that is known to be UTF-8 into the row. False: nothing is said about the message or the row.</summary>
    /// <param name="start">Its first byte.</param>
    /// <param name="end">Behind its last one.</param>
    /// <param name="found">The simple members; those not in the message have the kind none, like those that are null.</param>
    /// <param name="layout">The model's layout.</param>
    public bool TryRead(byte* start, byte* end, ref Found found, out RecordLayout? layout)
    {
        layout = null;
        while (end > start && end[-1] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') end--;
        if (end - start < 2 || *start != '{' || end[-1] != '}' || limits.Depth is 1) return false;
        var cursor = new JsonCursor(start + 1, end);
        var member = Members.Start;
        while (true)
        {
            member = cursor.Next(top, member);
            if (member == JsonCursor.Closed) break;
            if (member == JsonCursor.Unusual || !TryMember(member, ref cursor, ref found)) return false;
        }
        const int Needed = 1 << Time | 1 << Model | 1 << Features;
        if (!cursor.AtEnd || (found.Seen & Needed) != Needed) return false;
        layout = learned!.Layout;
        SetSimple(layout, found);
        return true;
    }

    bool TryMember(int member, ref JsonCursor cursor, ref Found found)
    {
        if (member == Members.Unknown) return cursor.TryValue(out _);
        if ((found.Seen & 1 << member) != 0) return false;
        found.Seen |= 1 << member;
        switch (member)
        {
            case Time: return cursor.TryValue(out found.Time);
            case Id: return cursor.TryValue(out found.Id);
            case Model: return cursor.TryValue(out found.Model) && TryModel(found);
            case Version: return cursor.TryValue(out found.Version);
            case Prediction: return cursor.TryValue(out found.Prediction);
            case Latency: return cursor.TryValue(out found.Latency);
            case Error: return cursor.TryValue(out found.Error);
            case Truth: return cursor.TryValue(out found.Truth);
        }
        if (learned is null) return false;
        if (member == Features)
        {
            // Where the features come first, they are taken for the model of the record before, and the name proves it later.
            row.Reset(learned.Layout);
            return TryColumns(ref cursor, learned.Features, out var count, out _) && count <= limits.Features;
        }
        if ((found.Seen & 1 << Features) == 0 || !cursor.IsAt((byte)'{')) return false;
        if (member != Scores) return TryColumns(ref cursor, member == Segments ? learned.Segments : learned.Metrics, out _, out _);
        if (!TryColumns(ref cursor, learned.Scores, out var scores, out var first)) return false;
        if (scores == 1 && learned.Layout.OnlyScore >= 0) Set(learned.Layout, learned.Layout.OnlyScore, first);
        return true;
    }

    bool TryModel(in Found found)
    {
        var name = found.Model;
        if (name.Kind != JsonKind.Text || name.Bytes.Length + 2 > limits.TextBytes) return false;
        if (learned is not null && name.Bytes.SequenceEqual(learned.Layout.ModelText)) return true;
        if ((found.Seen & 1 << Features) != 0 || layouts.Find(name.Bytes) is not { } layout) return false;
        if (!known.TryGetValue(layout, out learned)) known.Add(layout, learned = new(layout));
        return true;
    }

    /// <summary>Puts each member of an object into its column.</summary>
    bool TryColumns(ref JsonCursor cursor, Members members, out int count, out JsonValue first)
    {
        count = 0;
        first = default;
        if (!cursor.IsAt((byte)'{')) return false;
        cursor.Skip();
        var numeric = learned!.Layout.Numeric;
        var column = Members.Start;
        while (true)
        {
            if (count > 0) column = cursor.Numbers(members, column, numeric, row.Numbers, row.Cells, ref count);
            column = cursor.Next(members, column);
            if (column == JsonCursor.Closed) return true;
            if (column == JsonCursor.Unusual) return false;
            count++;
            if (column >= 0 && numeric[column] && count > 1 && cursor.TryNumber(out var number)) row.Set(column, number);
            else if (!cursor.TryValue(out var value)) return false;
            else
            {
                if (count == 1) first = value;
                if (column >= 0) Set(learned.Layout, column, value);
            }
        }
    }

    void SetSimple(RecordLayout layout, in Found found)
    {
        One(layout, layout.Prediction, found.Prediction);
        One(layout, layout.Truth, found.Truth);
        One(layout, layout.Latency, found.Latency);
        if (layout.Error >= 0 && layout.Numeric[layout.Error]) row.Set(layout.Error, found.Error.Kind is JsonKind.None or JsonKind.Null or JsonKind.False ? 0 : 1);
        else One(layout, layout.Error, found.Error);
    }

    /// <summary>A null outside the features is as good as absent.</summary>
    void One(RecordLayout layout, int column, in JsonValue value)
    {
        if (column >= 0 && value.Kind is not (JsonKind.None or JsonKind.Null)) Set(layout, column, value);
    }

    void Set(RecordLayout layout, int column, in JsonValue value)
    {
        if (value.Kind == JsonKind.Null) row.SetNull(column);
        else if (layout.Numeric[column]) SetNumber(layout, column, value);
        else SetCategory(layout, column, value);
    }

    void SetNumber(RecordLayout layout, int column, in JsonValue value)
    {
        if (value.Kind == JsonKind.Number) row.Set(column, value.Number);
        else if (value.Kind != JsonKind.Text)
        {
            if (layout.Columns[column].Type == ColumnType.Bool) row.Set(column, value.Kind == JsonKind.True ? 1.0 : 0.0);
            else row.SetMismatched(column);
        }
        else if (value.Bytes.SequenceEqual("NaN"u8)) row.Set(column, double.NaN);
        else if (value.Bytes.SequenceEqual("Infinity"u8)) row.Set(column, double.PositiveInfinity);
        else if (value.Bytes.SequenceEqual("-Infinity"u8)) row.Set(column, double.NegativeInfinity);
        else row.SetMismatched(column);
    }

    void SetCategory(RecordLayout layout, int column, in JsonValue value) =>
        row.Set(column, value.Kind is JsonKind.True or JsonKind.False ? layout.Spell(column, value.Kind == JsonKind.True) : value.Bytes);
}
