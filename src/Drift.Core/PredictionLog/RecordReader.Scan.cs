namespace Drift;

public sealed unsafe partial class RecordReader
{
    readonly RecordScan scan;
    byte[] versionText = [];
    string lastVersion = "";

    /// <summary>Whether the quick way is tried before the strict one; both give the same, which the tests compare.</summary>
    internal bool ScanFirst { get; init; } = true;

    /// <summary>How many records the quick way has read.</summary>
    internal long Scanned { get; set; }

    /// <summary>The quick way: true where the message is a row that it could read whole; else nothing is decided.</summary>
    bool TryScan(ReadOnlySpan<byte> message, long messageTime)
    {
        RecordScan.Found found = default;
        fixed (byte* start = message)
        {
            if (!ScanFirst || !scan.TryRead(start, start + message.Length, ref found, out var layout)) return false;
            if (!TryTime(found.Time, out var ticks) || ticks - messageTime > limits.Ahead.Ticks) return false;
            if (!TryVersion(found.Version) || !TryId(found.Id)) return false;
            (Layout, Time) = (layout, ticks);
            Scanned++;
            return true;
        }
    }

    bool TryTime(in JsonValue value, out long ticks)
    {
        ticks = 0;
        if (value.Kind == JsonKind.Text) return EventTime.TryParse(value.Bytes, out ticks);
        return value.Kind == JsonKind.Number && System.Buffers.Text.Utf8Parser.TryParse(value.Bytes, out long number, out var used) && used == value.Bytes.Length
            && EventTime.TryFrom(number, limits.TimeUnit, out ticks);
    }

    /// <summary>Versions come in runs: only a new one needs the dictionary, which the strict way keeps.</summary>
    bool TryVersion(in JsonValue value)
    {
        if (value.Kind is JsonKind.None or JsonKind.Null)
        {
            Version = "";
            return true;
        }
        if (value.Kind is not (JsonKind.Text or JsonKind.Number) || value.Bytes.Length + 2 > limits.TextBytes) return false;
        if (!value.Bytes.SequenceEqual(versionText))
        {
            lastVersion = Intern(value.Bytes);
            versionText = value.Bytes.ToArray();
        }
        Version = lastVersion;
        return true;
    }

    bool TryId(in JsonValue value)
    {
        idLength = 0;
        if (value.Kind is JsonKind.None or JsonKind.Null) return true;
        if (value.Kind is not (JsonKind.Text or JsonKind.Number) || value.Bytes.Length + 2 > limits.TextBytes) return false;
        if (id.Length < value.Bytes.Length) id = new byte[value.Bytes.Length];
        idLength = Copy(value.Bytes, id);
        return true;
    }
}
