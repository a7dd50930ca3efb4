using System.Data.Common;
using System.Text;
using Drift.Alerts;

namespace Drift.Worker.Stores.Sql;

sealed partial class SqlStore
{
    const string AuditColumns = "seq, at, actor, action, subject, detail, previous, hash";

    static AuditEntry Entry(DbDataReader row) => new(
        row.GetInt64(0), EventTime.ToInstant(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7));

    static Silence ReadSilence(DbDataReader row) =>
        SilenceFormat.Read(Encoding.UTF8.GetBytes(row.GetString(0)), out var errors) ?? throw new FormatException($"a stored silence cannot be read: {string.Join("; ", errors)}");

    public Task<IReadOnlyList<Silence>> SilencesAsync(CancellationToken cancel) => GuardAsync(async connection =>
        (IReadOnlyList<Silence>)await connection.Sql(null, "SELECT document FROM silence ORDER BY ends_at, id").ListAsync(ReadSilence, cancel));

    public Task<IReadOnlyList<AuditEntry>> AuditAsync(AuditQuery query, CancellationToken cancel) => GuardAsync(async connection =>
    {
        var rows = await connection.Sql(null, $"""
            SELECT {AuditColumns} FROM audit WHERE seq > @after AND at >= @from AND at < @to ORDER BY seq {(query.Newest ? "DESC" : "ASC")} LIMIT @limit
            """, ("after", query.After), ("from", query.From?.UtcTicks ?? 0L), ("to", query.To?.UtcTicks ?? long.MaxValue), ("limit", (long)query.Limit)).ListAsync(Entry, cancel);
        if (query.Newest) rows.Reverse();
        return (IReadOnlyList<AuditEntry>)rows;
    });

    sealed partial class SqlTransaction
    {
        AuditEntry? lastEntry;
        bool auditing;

        public IReadOnlyList<Silence> Silences(DateTimeOffset now) => store.Guard(() =>
            Sql("SELECT document FROM silence WHERE ends_at > @now ORDER BY ends_at, id", ("now", now.UtcTicks)).List(ReadSilence));

        public void SaveSilence(Silence silence) => store.Guard(() => Run(
            "INSERT INTO silence (id, ends_at, document) VALUES (@id, @ends, @document) ON CONFLICT (id) DO UPDATE SET ends_at = excluded.ends_at, document = excluded.document",
            ("id", silence.Id), ("ends", silence.Ends.UtcTicks), ("document", Encoding.UTF8.GetString(SilenceFormat.Write(silence)))));

        public bool RemoveSilence(string id) => store.Guard(() => Run("DELETE FROM silence WHERE id = @id", ("id", id)) > 0);

        public bool IsOnRecord(string action, string subject) => store.Guard(() =>
            Sql("SELECT 1 FROM audit WHERE action = @action AND subject = @subject LIMIT 1", ("action", action), ("subject", subject)).List(r => r.GetValue(0)).Count > 0);

        public void Audit(AuditEvent happened) => store.Guard(() =>
        {
            if (!auditing)
            {
                store.dialect.LockAudit(connection, transaction);
                lastEntry = Sql($"SELECT {AuditColumns} FROM audit ORDER BY seq DESC LIMIT 1").List(Entry).FirstOrDefault();
                auditing = true;
            }
            var entry = happened.After(lastEntry);
            Run($"INSERT INTO audit ({AuditColumns}) VALUES (@seq, @at, @actor, @action, @subject, @detail, @previous, @hash)",
                ("seq", entry.Sequence), ("at", entry.At.UtcTicks), ("actor", entry.Actor), ("action", entry.Action), ("subject", entry.Subject), ("detail", entry.Detail),
                ("previous", entry.Previous), ("hash", entry.Hash));
            lastEntry = entry;
            return true;
        });
    }
}
