using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Drift.Worker.Stores.Sql;
using Npgsql;

namespace Drift.Worker.Stores.Postgres;

/// <summary>
/// PostgreSQL: many workers. READ COMMITTED is enough: the row of a partition is locked by its fenced update until the commit, a judgement reads
/// watermarks before panes, and an advisory lock lets one worker judge at a time.
/// </summary>
sealed class PostgresDialect : ISqlDialect
{
    // Any two numbers do, as long as every Drift uses the same.
    const long SchemaLock = 0x4472696674_01, JudgingLock = 0x4472696674_02, AuditLock = 0x4472696674_03;

    readonly NpgsqlDataSource source;

    public PostgresDialect(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new InputException("Drift.Store.Postgres: this is not a connection string that Npgsql understands", e);
        }
        // A stop must not wait for a database that is away, and a lost answer is better known soon.
        if (!settings.ContainsKey("Timeout")) settings.Timeout = 5;
        if (!settings.ContainsKey("Command Timeout")) settings.CommandTimeout = 10;
        if (!settings.ContainsKey("Max Auto Prepare")) settings.MaxAutoPrepare = 50;
        settings.ApplicationName ??= "drift";
        source = NpgsqlDataSource.Create(settings);
    }

    public string Identity => "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";

    public string Bytes => "BYTEA";

    public DbConnection Connect() => source.OpenConnection();

    public void Prepare() { }

    public DbTransaction Begin(DbConnection connection) => connection.BeginTransaction(IsolationLevel.ReadCommitted);

    public void LockSchema(DbConnection connection, DbTransaction transaction) => connection.Run(transaction, $"SELECT pg_advisory_xact_lock({SchemaLock})");

    public void LockAudit(DbConnection connection, DbTransaction transaction) => connection.Run(transaction, $"SELECT pg_advisory_xact_lock({AuditLock})");

    public bool TryLockJudging(DbConnection connection, DbTransaction transaction) =>
        connection.Sql(transaction, $"SELECT pg_try_advisory_xact_lock({JudgingLock})").List(r => r.GetBoolean(0))[0];

    /// <summary>
    /// All partitions in one statement: arrays in, rows out. Rows are locked in one order first, so that two workers that both believe to own some never wait
    /// for each other in a circle; what another has claimed meanwhile is left out when its lock is free.
    /// </summary>
    public HashSet<SourcePartition> SavePartitions(DbConnection connection, DbTransaction transaction, IReadOnlyList<PartitionState> states) => connection.Sql(transaction, """
        WITH given AS (
            SELECT * FROM unnest(@topic, @part, @epoch, @next, @watermark, @set, @records, @rows, @late, @gaps, @invalid, @skipped, @quiet, @checked, @ended,
                @unanswered, @crowded, @waiting, @run, @run_since, @run_last)
            AS g (topic, part, epoch, next_offset, watermark, watermark_set_at, records, row_count, late, gaps, invalid, skipped, quiet_since, quiet_checked_at, ended,
                unanswered, crowded, waiting, invalid_run, invalid_since, invalid_last)),
        own AS (
            SELECT p.topic, p.part FROM source_partition p JOIN unnest(@topic, @part, @epoch) AS k (topic, part, epoch) ON p.topic = k.topic AND p.part = k.part AND p.epoch = k.epoch
            ORDER BY p.topic COLLATE "C", p.part FOR UPDATE OF p)
        UPDATE source_partition p SET next_offset = g.next_offset, watermark = g.watermark, watermark_set_at = g.watermark_set_at, records = g.records, row_count = g.row_count,
            late = g.late, gaps = g.gaps, invalid = g.invalid, skipped = g.skipped, quiet_since = g.quiet_since, quiet_checked_at = g.quiet_checked_at, ended = g.ended,
            unanswered = g.unanswered, crowded = g.crowded, waiting = g.waiting, invalid_run = g.invalid_run, invalid_since = g.invalid_since, invalid_last = g.invalid_last
        FROM own JOIN given g ON own.topic = g.topic AND own.part = g.part
        WHERE p.topic = own.topic AND p.part = own.part AND p.epoch = g.epoch
        RETURNING p.topic, p.part
        """,
        ("topic", Each(states, s => s.Source.Topic)), ("part", Each(states, s => (long)s.Source.Partition)), ("epoch", Each(states, s => s.Epoch)), ("next", Each(states, s => s.Position)),
        ("watermark", Each(states, s => s.Watermark)), ("set", Each(states, s => s.WatermarkSetAt)), ("records", Each(states, s => s.Records)), ("rows", Each(states, s => s.Rows)),
        ("late", Each(states, s => s.Late)), ("gaps", Each(states, s => s.Gaps)), ("invalid", Each(states, s => SqlRows.Text(s.Invalid))), ("skipped", Each(states, s => SqlRows.Text(s.Skipped))),
        ("quiet", Each(states, s => SqlRows.Ticks(s.QuietSince))), ("checked", Each(states, s => SqlRows.Ticks(s.QuietCheckedAt))), ("ended", Each(states, s => s.Ended ? 1L : 0L)),
        ("unanswered", Each(states, s => s.Unanswered)), ("crowded", Each(states, s => s.Crowded)), ("waiting", Each(states, s => s.Waiting)), ("run", Each(states, s => s.InvalidRun)),
        ("run_since", Each(states, s => s.InvalidSince)), ("run_last", Each(states, s => s.InvalidLast)))
        .List(r => new SourcePartition(r.GetString(0), r.GetInt32(1))).ToHashSet();

    /// <summary>All panes in one statement.</summary>
    public void SavePanes(DbConnection connection, DbTransaction transaction, IReadOnlyList<PaneState> panes) => connection.Run(transaction, """
        INSERT INTO pane (model, version, reference, length, start_at, missed, segment, topic, part, row_count, invalid, late, is_open, settled, counts)
        SELECT model, version, reference, length, start_at, missed, segment, topic, part, row_count, invalid, late, is_open, -1, counts
        FROM unnest(@model, @version, @reference, @length, @start, @missed, @segment, @topic, @part, @rows, @invalid, @late, @open, @counts)
            AS p (model, version, reference, length, start_at, missed, segment, topic, part, row_count, invalid, late, is_open, counts)
        ON CONFLICT (model, version, reference, length, start_at, missed, segment, topic, part) DO UPDATE SET
            row_count = excluded.row_count, invalid = excluded.invalid, late = excluded.late, is_open = excluded.is_open, counts = excluded.counts
        """,
        ("topic", Each(panes, p => p.Source.Topic)), ("part", Each(panes, p => (long)p.Source.Partition)),
        ("model", Each(panes, p => p.Key.Model)), ("version", Each(panes, p => p.Key.Version)), ("reference", Each(panes, p => p.Key.Reference)),
        ("length", Each(panes, p => p.Key.Length)), ("start", Each(panes, p => p.Key.Start)), ("missed", Each(panes, p => (long)p.Key.Missed)),
        ("segment", Each(panes, p => p.Key.Segment)), ("rows", Each(panes, p => p.Rows)), ("invalid", Each(panes, p => p.Invalid)), ("late", Each(panes, p => p.Late)),
        ("open", Each(panes, p => p.Open ? 1L : 0L)), ("counts", Each(panes, p => p.Counts)));

    static TValue[] Each<T, TValue>(IReadOnlyList<T> all, Func<T, TValue> value) => [.. all.Select(value)];

    public bool Owns(Exception error) => error is NpgsqlException or TimeoutException or IOException or SocketException || error is InvalidOperationException { Source: "Npgsql" };

    public void Dispose() => source.Dispose();
}

static class PostgresStore
{
    /// <summary>The store in a database.</summary>
    public static IDriftStore At(string connectionString) => new SqlStore(new PostgresDialect(connectionString));
}
