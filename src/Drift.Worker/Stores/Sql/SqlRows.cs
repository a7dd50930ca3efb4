using System.Buffers;
using System.Data.Common;
using System.Text;
using System.Text.Json;

namespace Drift.Worker.Stores.Sql;

/// <summary>Rows to records and back.</summary>
static class SqlRows
{
    public const string PartitionColumns =
        "topic, part, epoch, owner, next_offset, watermark, watermark_set_at, records, row_count, late, gaps, invalid, skipped, quiet_since, quiet_checked_at, ended, unanswered, crowded, waiting, invalid_run, invalid_since, invalid_last";

    /// <summary>The same without the messages that wait: only an owner needs them.</summary>
    public static readonly string PartitionSummary = PartitionColumns.Replace(", waiting", ", NULL", StringComparison.Ordinal);

    public static PartitionState Partition(DbDataReader row) => new()
    {
        Source = new SourcePartition(row.GetString(0), row.GetInt32(1)), Epoch = row.GetInt64(2), Owner = row.GetString(3), Position = row.Whole(4), Watermark = row.Whole(5),
        WatermarkSetAt = row.Whole(6), Records = row.GetInt64(7), Rows = row.GetInt64(8), Late = row.GetInt64(9), Gaps = row.GetInt64(10), Invalid = Counts(row.GetString(11)),
        Skipped = Counts(row.GetString(12)), QuietSince = Time(row.Whole(13)), QuietCheckedAt = Time(row.Whole(14)), Ended = row.GetInt64(15) != 0,
        Unanswered = row.GetInt64(16), Crowded = row.GetInt64(17), Waiting = row.IsDBNull(18) ? [] : row.Bytes(18),
        InvalidRun = row.GetInt64(19), InvalidSince = row.GetInt64(20), InvalidLast = row.GetInt64(21),
    };

    public const string PaneColumns = "model, version, reference, start_at, length, missed, segment, row_count, invalid, late, is_open, counts, topic, part";

    public static PaneState Pane(DbDataReader row) => new(
        new PaneKey(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt32(5), row.GetString(6)),
        row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10) != 0, row.Bytes(11))
    {
        Source = new SourcePartition(row.GetString(12), row.GetInt32(13)),
    };

    /// <summary>With a window's late records up to the present.</summary>
    public const string WindowColumns = """
        w.model, w.version, w.reference, w.start_at, w.end_at, w.segment, w.revision, w.row_count, w.closed_by, w.partitions, w.tags, w.policy, w.judged_at, w.readings, w.counts,
        (SELECT CAST(COALESCE(SUM(l.late), 0) AS BIGINT) FROM late_count l WHERE l.model = w.model AND l.version = w.version AND l.start_at = w.start_at)
        """;

    /// <summary>The same without readings and counts, which are nearly all of it.</summary>
    public static readonly string HeadColumns = WindowColumns.Replace("w.readings, w.counts", "NULL, NULL", StringComparison.Ordinal);

    public static JudgedWindow Judged(DbDataReader row) => new()
    {
        Window = new Window
        {
            Model = row.GetString(0), Version = row.GetString(1), Reference = row.GetString(2), Start = EventTime.ToInstant(row.GetInt64(3)), End = EventTime.ToInstant(row.GetInt64(4)),
            Revision = row.GetInt32(6), Rows = row.GetInt64(7), ClosedBy = row.GetString(8), Partitions = row.GetInt32(9), Tags = Texts(row.GetString(10)), Late = row.GetInt64(15),
        },
        Segment = row.GetString(5), Policy = row.GetString(11), JudgedAt = EventTime.ToInstant(row.GetInt64(12)), Readings = row.IsDBNull(13) ? [] : Readings(row.Bytes(13)), Counts = row.IsDBNull(14) ? [] : row.Bytes(14),
    };

    public static long? Ticks(DateTimeOffset? time) => time?.UtcTicks;

    static DateTimeOffset? Time(long? ticks) => ticks is { } t ? EventTime.ToInstant(t) : null;

    public static byte[] Readings(IReadOnlyList<Reading> readings) => Json(writer => ReadingFormat.Write(writer, readings));

    static IReadOnlyList<Reading> Readings(byte[] utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        return ReadingFormat.ReadAll(ref reader);
    }

    public static string Text(IReadOnlyDictionary<string, long> counts) => Document(writer =>
    {
        foreach (var (name, count) in counts) writer.WriteNumber(name, count);
    });

    public static string Text(IReadOnlyDictionary<string, string> texts) => Document(writer =>
    {
        foreach (var (name, text) in texts) writer.WriteString(name, text);
    });

    static Dictionary<string, long> Counts(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetInt64());
    }

    static Dictionary<string, string> Texts(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString()!);
    }

    static string Document(Action<Utf8JsonWriter> members) => Encoding.UTF8.GetString(Json(writer =>
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    }));

    static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
