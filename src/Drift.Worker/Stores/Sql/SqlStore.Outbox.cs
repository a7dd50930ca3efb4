using System.Text;
using Drift.Alerts;

namespace Drift.Worker.Stores.Sql;

sealed partial class SqlStore
{
    public async ValueTask<IReadOnlyList<string>> ChannelsAsync(CancellationToken cancellation) => await GuardAsync(connection =>
        connection.Sql(null, "SELECT DISTINCT channel FROM outbox WHERE dead = 0").ListAsync(r => r.GetString(0), cancellation));

    /// <summary>The first waiting notice of each group, if it is due; the update takes it only from whoever saw the same due time.</summary>
    public async ValueTask<IReadOnlyList<OutboxItem>> LeaseAsync(string channel, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancellation) => await GuardAsync(async connection =>
    {
        var due = await connection.Sql(null, """
            SELECT o.seq, o.notice, o.failures, o.not_before FROM outbox o
            WHERE o.dead = 0 AND o.channel = @channel AND o.not_before <= @now
                AND NOT EXISTS (SELECT 1 FROM outbox f WHERE f.dead = 0 AND f.channel = o.channel AND f.group_key = o.group_key AND f.seq < o.seq)
            ORDER BY o.seq LIMIT @limit
            """, ("channel", channel), ("now", now.UtcTicks), ("limit", (long)limit))
            .ListAsync(r => (Item: new OutboxItem(r.GetInt64(0), AlertFormat.ReadNotice(Encoding.UTF8.GetBytes(r.GetString(1))), r.GetInt32(2)), Due: r.GetInt64(3)), cancellation);
        var taken = new List<OutboxItem>();
        foreach (var (item, notBefore) in due)
        {
            await using var command = connection.Sql(null, "UPDATE outbox SET not_before = @until WHERE seq = @seq AND not_before = @due AND dead = 0",
                ("until", (now + lease).UtcTicks), ("seq", item.Sequence), ("due", notBefore));
            if (await command.ExecuteNonQueryAsync(cancellation) == 1) taken.Add(item);
        }
        return (IReadOnlyList<OutboxItem>)taken;
    });

    public ValueTask DoneAsync(OutboxItem item, DateTimeOffset now, CancellationToken cancellation) => RunAsync(
        "DELETE FROM outbox WHERE seq = @seq", cancellation, ("seq", item.Sequence));

    public ValueTask RetryAsync(OutboxItem item, DateTimeOffset notBefore, string error, CancellationToken cancellation) => RunAsync(
        "UPDATE outbox SET not_before = @due, failures = failures + 1, error = @error WHERE seq = @seq AND dead = 0", cancellation,
        ("due", notBefore.UtcTicks), ("error", error), ("seq", item.Sequence));

    public ValueTask DeadAsync(OutboxItem item, string error, CancellationToken cancellation) => RunAsync(
        "UPDATE outbox SET dead = 1, error = @error WHERE seq = @seq", cancellation, ("error", error), ("seq", item.Sequence));

    async ValueTask RunAsync(string sql, CancellationToken cancellation, params (string, object?)[] parameters) => await GuardAsync(async connection =>
    {
        await using var command = connection.Sql(null, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    });
}
