using System.Data.Common;

namespace Drift.Worker.Stores.Sql;

/// <summary>The store over a relational database. The statements are the same for all; a dialect knows the rest.</summary>
sealed partial class SqlStore(ISqlDialect dialect) : IDriftStore
{
    readonly ISqlDialect dialect = dialect;

    public void Open() => Guard(() =>
    {
        dialect.Prepare();
        using var connection = dialect.Connect();
        using var transaction = dialect.Begin(connection);
        dialect.LockSchema(connection, transaction);
        connection.Run(transaction, "CREATE TABLE IF NOT EXISTS drift_schema (version BIGINT NOT NULL)");
        var version = connection.Sql(transaction, "SELECT version FROM drift_schema").List(r => r.GetInt32(0)).DefaultIfEmpty(0).Max();
        if (version > SqlSchema.Latest) throw new InputException($"the store has schema version {version}; this Drift knows up to {SqlSchema.Latest}: run the newer one");
        for (var next = version + 1; next <= SqlSchema.Latest; next++)
        {
            connection.Run(transaction, SqlSchema.To(next, dialect));
            connection.Run(transaction, next == 1 ? "INSERT INTO drift_schema (version) VALUES (@v)" : "UPDATE drift_schema SET version = @v", ("v", (long)next));
        }
        transaction.Commit();
        return true;
    });

    /// <summary>One statement raises the epoch: whoever commits with the old one hits no row from here on.</summary>
    public Claim Claim(SourcePartition source, string owner) => Guard(() =>
    {
        using var connection = dialect.Connect();
        using var transaction = dialect.Begin(connection);
        var state = connection.Sql(transaction, $"""
            INSERT INTO source_partition ({SqlRows.PartitionColumns}) VALUES (@topic, @part, 1, @owner, NULL, NULL, NULL, 0, 0, 0, 0, '{"{}"}', '{"{}"}', NULL, NULL, 0, 0, 0, NULL, 0, 0, 0)
            ON CONFLICT (topic, part) DO UPDATE SET epoch = source_partition.epoch + 1, owner = excluded.owner, quiet_since = NULL, quiet_checked_at = NULL
            RETURNING {SqlRows.PartitionColumns}
            """, ("topic", source.Topic), ("part", (long)source.Partition), ("owner", owner)).List(SqlRows.Partition)[0];
        var open = connection.Sql(transaction, $"SELECT {SqlRows.PaneColumns} FROM pane WHERE topic = @topic AND part = @part AND is_open = 1",
            ("topic", source.Topic), ("part", (long)source.Partition)).List(SqlRows.Pane);
        var ids = connection.Sql(transaction, "SELECT model, version, reference, start_at, length, missed, up_to, hashes FROM pane_id WHERE topic = @topic AND part = @part",
            ("topic", source.Topic), ("part", (long)source.Partition))
            .List(r => new PaneIds(new PaneKey(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt32(5)), r.GetInt64(6), r.Bytes(7)));
        transaction.Commit();
        return new Claim(state, open) { Ids = ids };
    });

    public IStoreTransaction Begin() => Guard(() =>
    {
        var connection = dialect.Connect();
        try
        {
            return new SqlTransaction(this, connection, dialect.Begin(connection));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    });

    public void SaveReference(string id, string model, byte[] document) => Guard(() =>
    {
        using var connection = dialect.Connect();
        return SaveReference(connection, null, id, model, document);
    });

    static int SaveReference(DbConnection connection, DbTransaction? transaction, string id, string model, byte[] document) =>
        connection.Run(transaction, "INSERT INTO reference_profile (id, model, document) VALUES (@id, @model, @document) ON CONFLICT (id) DO NOTHING",
            ("id", id), ("model", model), ("document", document));

    public void Dispose() => dialect.Dispose();

    T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (dialect.Owns(e))
        {
            throw new StoreException(e.Message, e);
        }
    }

    async Task<T> GuardAsync<T>(Func<DbConnection, Task<T>> work)
    {
        try
        {
            await using var connection = dialect.Connect();
            return await work(connection);
        }
        catch (Exception e) when (dialect.Owns(e))
        {
            throw new StoreException(e.Message, e);
        }
    }
}
