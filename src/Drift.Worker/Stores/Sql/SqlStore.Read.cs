using System.Text;
using Drift.Alerts;

namespace Drift.Worker.Stores.Sql;

sealed partial class SqlStore
{
    const string IsLatest = """
        w.revision = (SELECT MAX(n.revision) FROM judged_window n
            WHERE n.model = w.model AND n.version = w.version AND n.reference = w.reference AND n.start_at = w.start_at AND n.segment = w.segment)
        """;

    public Task PingAsync(CancellationToken cancel) => GuardAsync(connection => connection.Sql(null, "SELECT 1").ListAsync(r => r.GetValue(0), cancel));

    public Task<IReadOnlyList<ModelVersionSummary>> VersionsAsync(CancellationToken cancel) => GuardAsync(async connection =>
    {
        var counts = await connection.Sql(null, """
            SELECT model, version, COUNT(DISTINCT start_at), MAX(start_at) FROM judged_window WHERE segment = '' GROUP BY model, version
            """).ListAsync(r => (Model: r.GetString(0), Version: r.GetString(1), Windows: r.GetInt64(2), Last: r.GetInt64(3)), cancel);
        var found = new List<ModelVersionSummary>();
        foreach (var c in counts.OrderBy(c => c.Model, StringComparer.Ordinal).ThenBy(c => c.Version, StringComparer.Ordinal))
        {
            var last = (await connection.Sql(null, $"SELECT {SqlRows.HeadColumns} FROM judged_window w WHERE w.model = @m AND w.version = @v AND w.start_at = @s AND w.segment = '' AND {IsLatest}",
                ("m", c.Model), ("v", c.Version), ("s", c.Last)).ListAsync(SqlRows.Judged, cancel)).MaxBy(w => w.JudgedAt)!.Window;
            found.Add(new ModelVersionSummary(c.Model, c.Version, last.Reference, c.Windows, last));
        }
        return (IReadOnlyList<ModelVersionSummary>)found;
    });

    public Task<IReadOnlyList<JudgedWindow>> WindowsAsync(WindowQuery query, CancellationToken cancel) => GuardAsync(async connection =>
    {
        var rows = await connection.Sql(null, $"""
            SELECT {(query.Heads ? SqlRows.HeadColumns : SqlRows.WindowColumns)} FROM judged_window w
            WHERE w.model = @model AND w.segment = @segment AND w.start_at >= @from AND w.start_at < @to {(query.Version is null ? "" : "AND w.version = @version")} AND {IsLatest}
            ORDER BY w.start_at {(query.NewestFirst ? "DESC" : "ASC")}, w.version LIMIT @limit
            """,
            ("model", query.Model), ("segment", query.Segment), ("from", query.From?.UtcTicks ?? 0L), ("to", query.To?.UtcTicks ?? long.MaxValue), ("version", query.Version ?? ""),
            ("limit", (long)query.Limit)).ListAsync(SqlRows.Judged, cancel);
        return (IReadOnlyList<JudgedWindow>)rows;
    });

    public Task<JudgedWindow?> WindowAsync(string model, string version, DateTimeOffset start, string segment, int? revision, CancellationToken cancel) => GuardAsync(async connection =>
        (await connection.Sql(null, $"""
            SELECT {SqlRows.WindowColumns} FROM judged_window w
            WHERE w.model = @model AND w.version = @version AND w.start_at = @start AND w.segment = @segment AND {(revision is null ? IsLatest : "w.revision = @revision")}
            """, ("model", model), ("version", version), ("start", start.UtcTicks), ("segment", segment), ("revision", (long)(revision ?? 0)))
            .ListAsync(SqlRows.Judged, cancel)).OrderBy(w => w.JudgedAt).ThenBy(w => w.Window.Revision).LastOrDefault());

    public Task<IReadOnlyList<string>> VersionsOfAsync(string model, DateTimeOffset start, CancellationToken cancel) => GuardAsync(async connection =>
        (IReadOnlyList<string>)[.. (await connection.Sql(null, "SELECT DISTINCT version FROM judged_window WHERE model = @model AND start_at = @start", ("model", model), ("start", start.UtcTicks))
            .ListAsync(r => r.GetString(0), cancel)).Order(StringComparer.Ordinal)]);

    public Task<Profile?> ReferenceAsync(string id, CancellationToken cancel) => GuardAsync(async connection =>
        (await connection.Sql(null, "SELECT document FROM reference_profile WHERE id = @id", ("id", id)).ListAsync(r => r.Bytes(0), cancel)) is [var document] ? ProfileFormat.Read(document) : null);

    public Task<TruthTotals> TruthTotalsAsync(CancellationToken cancel) => GuardAsync(async connection => (await connection.Sql(null, SqlTruths.TotalsText).ListAsync(SqlTruths.Totals, cancel))[0]);

    public Task<IReadOnlyList<PartitionState>> SourcesAsync(CancellationToken cancel) => GuardAsync(async connection =>
        (IReadOnlyList<PartitionState>)[.. (await connection.Sql(null, $"SELECT {SqlRows.PartitionSummary} FROM source_partition").ListAsync(SqlRows.Partition, cancel))
            .OrderBy(p => p.Source.Topic, StringComparer.Ordinal).ThenBy(p => p.Source.Partition)]);

    public Task<IReadOnlyList<KeyValuePair<string, AlertStates>>> AlertStatesAsync(CancellationToken cancel) => GuardAsync(async connection =>
        (IReadOnlyList<KeyValuePair<string, AlertStates>>)[.. (await connection.Sql(null, "SELECT model, states FROM alert_state")
            .ListAsync(r => KeyValuePair.Create(r.GetString(0), AlertFormat.ReadStates(Encoding.UTF8.GetBytes(r.GetString(1)))), cancel)).OrderBy(s => s.Key, StringComparer.Ordinal)]);

    public Task<IReadOnlyList<Transition>> TransitionsAsync(string? key, int limit, CancellationToken cancel) => GuardAsync(async connection =>
        (IReadOnlyList<Transition>)await connection.Sql(null, $"""
            SELECT document, from_status, to_status, start_at, revision FROM alert_transition {(key is null ? "" : "WHERE alert = @alert")} ORDER BY seq DESC LIMIT @limit
            """, ("alert", key ?? ""), ("limit", (long)limit))
            .ListAsync(
                r => new Transition(
                    AlertFormat.ReadAlert(Encoding.UTF8.GetBytes(r.GetString(0))), Enum.Parse<AlertStatus>(r.GetString(1)), Enum.Parse<AlertStatus>(r.GetString(2)),
                    EventTime.ToInstant(r.GetInt64(3)), r.GetInt32(4)),
                cancel));
}
