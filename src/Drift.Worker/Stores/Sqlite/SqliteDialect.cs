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

    public void SavePanes(DbConnection connection, DbTransaction transaction, SourcePartition source, IReadOnlyList<PaneState> panes)
    {
        using var command = connection.Sql(transaction, """
            INSERT INTO pane (model, version, reference, length, start_at, missed, segment, topic, part, row_count, invalid, late, is_open, settled, counts)
            VALUES (@model, @version, @reference, @length, @start, @missed, @segment, @topic, @part, @rows, @invalid, @late, @open, -1, @counts)
            ON CONFLICT (model, version, reference, length, start_at, missed, segment, topic, part) DO UPDATE SET
                row_count = excluded.row_count, invalid = excluded.invalid, late = excluded.late, is_open = excluded.is_open, counts = excluded.counts
            """, ("topic", source.Topic), ("part", (long)source.Partition));
        foreach (var name in (ReadOnlySpan<string>)["model", "version", "reference", "length", "start", "missed", "segment", "rows", "invalid", "late", "open", "counts"])
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        command.Prepare();
        foreach (var pane in panes)
        {
            var k = pane.Key;
            object[] values = [k.Model, k.Version, k.Reference, k.Length, k.Start, (long)k.Missed, k.Segment, pane.Rows, pane.Invalid, pane.Late, pane.Open ? 1L : 0L, pane.Counts];
            for (var i = 0; i < values.Length; i++) command.Parameters[i + 2].Value = values[i];
            command.ExecuteNonQuery();
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
