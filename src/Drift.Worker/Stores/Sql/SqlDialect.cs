using System.Data.Common;

namespace Drift.Worker.Stores.Sql;

/// <summary>What differs between the databases; every statement that they share is in <see cref="SqlStore"/>.</summary>
interface ISqlDialect : IDisposable
{
    /// <summary>How a table spells a growing key and bytes.</summary>
    string Identity { get; }

    string Bytes { get; }

    /// <summary>An open connection from the pool.</summary>
    DbConnection Connect();

    /// <summary>What the whole database needs once, before the tables.</summary>
    void Prepare();

    /// <summary>A transaction that writes.</summary>
    DbTransaction Begin(DbConnection connection);

    /// <summary>Keeps others from migrating until the transaction ends.</summary>
    void LockSchema(DbConnection connection, DbTransaction transaction);

    /// <summary>Waits until this transaction alone may append to the audit.</summary>
    void LockAudit(DbConnection connection, DbTransaction transaction);

    /// <summary>Whether this transaction alone judges from here to its end.</summary>
    bool TryLockJudging(DbConnection connection, DbTransaction transaction);

    /// <summary>Saves partitions whose epoch is the current one; returns these.</summary>
    HashSet<SourcePartition> SavePartitions(DbConnection connection, DbTransaction transaction, IReadOnlyList<PartitionState> states);

    void SavePanes(DbConnection connection, DbTransaction transaction, IReadOnlyList<PaneState> panes);

    /// <summary>Whether an exception is the database's: it is away, refuses, or broke off.</summary>
    bool Owns(Exception error);
}
