using System.Data.Common;
using Drift.Worker.Stores.Sql;
using Microsoft.Data.Sqlite;

namespace Drift.Worker.Stores.Sqlite;

/// <summary>
/// SQLite: one file, one writer at a time, readers beside it (write-ahead log). <c>synchronous=FULL</c>: at a few commits a second its few milliseconds
/// are nothing, and in exchange a power cut takes back no window that somebody has seen and no notice that has left.
/// </summary>
sealed class SqliteDialect : ISqlDialect
{
    readonly string connectionString;
    readonly string path;

    public SqliteDialect(string path)
    {
        SqliteLibrary.Use();
        this.path = path;
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }.ToString();
    }

    public string Identity => "INTEGER PRIMARY KEY AUTOINCREMENT";

    public string Bytes => "BLOB";

    public DbConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            connection.Run(null, "PRAGMA synchronous = FULL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Prepare()
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder)) throw new InputException($"Drift.Store.Sqlite: the folder {folder} does not exist");
        if (Directory.Exists(path)) throw new InputException($"Drift.Store.Sqlite: {path} is a directory; name a file");
        using var connection = Connect();
        connection.Run(null, "PRAGMA journal_mode = WAL");
    }

    /// <summary>Takes the write lock at once: a transaction that starts reading and then must write could find itself out of date.</summary>
    public DbTransaction Begin(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: false);

    public void LockSchema(DbConnection connection, DbTransaction transaction) { }

    public void LockAudit(DbConnection connection, DbTransaction transaction) { }

    public bool TryLockJudging(DbConnection connection, DbTransaction transaction) => true;

    public HashSet<SourcePartition> SavePartitions(DbConnection connection, DbTransaction transaction, IReadOnlyList<PartitionState> states)
    {
        using var command = connection.Sql(transaction, """
            UPDATE source_partition SET next_offset = @next, watermark = @watermark, watermark_set_at = @set, records = @records, row_count = @rows, late = @late, gaps = @gaps,
                invalid = @invalid, skipped = @skipped, quiet_since = @quiet, quiet_checked_at = @checked, ended = @ended,
                unanswered = @unanswered, crowded = @crowded, waiting = @waiting, invalid_run = @run, invalid_since = @run_since, invalid_last = @run_last
            WHERE topic = @topic AND part = @part AND epoch = @epoch
            """);
        var saved = new HashSet<SourcePartition>();
        foreach (var s in states)
        {
            Set(command, ("topic", s.Source.Topic), ("part", (long)s.Source.Partition), ("epoch", s.Epoch), ("next", s.Position), ("watermark", s.Watermark), ("set", s.WatermarkSetAt),
                ("records", s.Records), ("rows", s.Rows), ("late", s.Late), ("gaps", s.Gaps), ("invalid", SqlRows.Text(s.Invalid)), ("skipped", SqlRows.Text(s.Skipped)),
                ("quiet", SqlRows.Ticks(s.QuietSince)), ("checked", SqlRows.Ticks(s.QuietCheckedAt)), ("ended", s.Ended ? 1L : 0L), ("unanswered", s.Unanswered), ("crowded", s.Crowded),
                ("waiting", s.Waiting), ("run", s.InvalidRun), ("run_since", s.InvalidSince), ("run_last", s.InvalidLast));
            if (command.ExecuteNonQuery() == 1) saved.Add(s.Source);
        }
        return saved;
    }

    public void SavePanes(DbConnection connection, DbTransaction transaction, IReadOnlyList<PaneState> panes)
    {
        using var command = connection.Sql(transaction, """
            INSERT INTO pane (model, version, reference, length, start_at, missed, segment, topic, part, row_count, invalid, late, is_open, settled, counts)
            VALUES (@model, @version, @reference, @length, @start, @missed, @segment, @topic, @part, @rows, @invalid, @late, @open, -1, @counts)
            ON CONFLICT (model, version, reference, length, start_at, missed, segment, topic, part) DO UPDATE SET
                row_count = excluded.row_count, invalid = excluded.invalid, late = excluded.late, is_open = excluded.is_open, counts = excluded.counts
            """);
        foreach (var pane in panes)
        {
            var k = pane.Key;
            Set(command, ("model", k.Model), ("version", k.Version), ("reference", k.Reference), ("length", k.Length), ("start", k.Start), ("missed", (long)k.Missed), ("segment", k.Segment),
                ("topic", pane.Source.Topic), ("part", (long)pane.Source.Partition), ("rows", pane.Rows), ("invalid", pane.Invalid), ("late", pane.Late), ("open", pane.Open ? 1L : 0L),
                ("counts", pane.Counts));
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Other values for the same statement, which is prepared with its first ones.</summary>
    static void Set(DbCommand command, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (command.Parameters.Count == i) command.Parameters.Add(new SqliteParameter { ParameterName = values[i].Name });
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        }
    }

    public bool Owns(Exception error) => error is SqliteException;

    public void Dispose() => SqliteConnection.ClearPool(new SqliteConnection(connectionString));
}

static class SqliteStore
{
    /// <summary>The store in a file.</summary>
    public static IDriftStore At(string path) => new SqlStore(new SqliteDialect(path));
}
