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

    /// <summary>All panes in one statement: arrays in, rows out.</summary>
    public void SavePanes(DbConnection connection, DbTransaction transaction, SourcePartition source, IReadOnlyList<PaneState> panes) => connection.Run(transaction, """
        INSERT INTO pane (model, version, reference, length, start_at, missed, segment, topic, part, row_count, invalid, late, is_open, settled, counts)
        SELECT model, version, reference, length, start_at, missed, segment, @topic, @part, row_count, invalid, late, is_open, -1, counts
        FROM unnest(@model, @version, @reference, @length, @start, @missed, @segment, @rows, @invalid, @late, @open, @counts)
            AS p (model, version, reference, length, start_at, missed, segment, row_count, invalid, late, is_open, counts)
        ON CONFLICT (model, version, reference, length, start_at, missed, segment, topic, part) DO UPDATE SET
            row_count = excluded.row_count, invalid = excluded.invalid, late = excluded.late, is_open = excluded.is_open, counts = excluded.counts
        """,
        ("topic", source.Topic), ("part", (long)source.Partition),
        ("model", Each(panes, p => p.Key.Model)), ("version", Each(panes, p => p.Key.Version)), ("reference", Each(panes, p => p.Key.Reference)),
        ("length", Each(panes, p => p.Key.Length)), ("start", Each(panes, p => p.Key.Start)), ("missed", Each(panes, p => (long)p.Key.Missed)),
        ("segment", Each(panes, p => p.Key.Segment)), ("rows", Each(panes, p => p.Rows)), ("invalid", Each(panes, p => p.Invalid)), ("late", Each(panes, p => p.Late)),
        ("open", Each(panes, p => p.Open ? 1L : 0L)), ("counts", Each(panes, p => p.Counts)));

    static T[] Each<T>(IReadOnlyList<PaneState> panes, Func<PaneState, T> value) => [.. panes.Select(value)];

    public bool Owns(Exception error) => error is NpgsqlException or TimeoutException or IOException or SocketException || error is InvalidOperationException { Source: "Npgsql" };

    public void Dispose() => source.Dispose();
}

static class PostgresStore
{
    /// <summary>The store in a database.</summary>
    public static IDriftStore At(string connectionString) => new SqlStore(new PostgresDialect(connectionString));
}
