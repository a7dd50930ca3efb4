namespace Drift.Worker.Stores.Sql;

/// <summary>The tables, version by version. A version that was ever released is never changed; what comes later is a further one. Times are UTC ticks.</summary>
static class SqlSchema
{
    public static int Latest => versions.Length;

    /// <summary>The statements that lead from version <paramref name="version"/> - 1 to it.</summary>
    public static string To(int version, ISqlDialect dialect) =>
        versions[version - 1].Replace("{identity}", dialect.Identity, StringComparison.Ordinal).Replace("{bytes}", dialect.Bytes, StringComparison.Ordinal);

    static readonly string[] versions =
    [
        """
        CREATE TABLE source_partition (
            topic TEXT NOT NULL, part BIGINT NOT NULL, epoch BIGINT NOT NULL, owner TEXT NOT NULL, next_offset BIGINT, watermark BIGINT, watermark_set_at BIGINT,
            records BIGINT NOT NULL, row_count BIGINT NOT NULL, late BIGINT NOT NULL, gaps BIGINT NOT NULL, invalid TEXT NOT NULL, skipped TEXT NOT NULL,
            quiet_since BIGINT, quiet_checked_at BIGINT, ended BIGINT NOT NULL, PRIMARY KEY (topic, part));

        CREATE TABLE pane (
            model TEXT NOT NULL, version TEXT NOT NULL, reference TEXT NOT NULL, length BIGINT NOT NULL, start_at BIGINT NOT NULL, missed BIGINT NOT NULL,
            segment TEXT NOT NULL, topic TEXT NOT NULL, part BIGINT NOT NULL, row_count BIGINT NOT NULL, invalid BIGINT NOT NULL, late BIGINT NOT NULL,
            is_open BIGINT NOT NULL, settled BIGINT NOT NULL, counts {bytes} NOT NULL,
            PRIMARY KEY (model, version, reference, length, start_at, missed, segment, topic, part));
        CREATE INDEX pane_open ON pane (topic, part) WHERE is_open = 1;
        CREATE INDEX pane_unsettled ON pane (model) WHERE settled <> row_count;

        CREATE TABLE late_count (
            model TEXT NOT NULL, version TEXT NOT NULL, start_at BIGINT NOT NULL, topic TEXT NOT NULL, part BIGINT NOT NULL, late BIGINT NOT NULL,
            PRIMARY KEY (model, version, start_at, topic, part));

        CREATE TABLE reference_profile (id TEXT NOT NULL PRIMARY KEY, model TEXT NOT NULL, document {bytes} NOT NULL);

        CREATE TABLE judged_window (
            model TEXT NOT NULL, version TEXT NOT NULL, reference TEXT NOT NULL, start_at BIGINT NOT NULL, segment TEXT NOT NULL, revision BIGINT NOT NULL,
            end_at BIGINT NOT NULL, row_count BIGINT NOT NULL, closed_by TEXT NOT NULL, partitions BIGINT NOT NULL, tags TEXT NOT NULL, policy TEXT NOT NULL,
            judged_at BIGINT NOT NULL, readings {bytes} NOT NULL, counts {bytes} NOT NULL,
            PRIMARY KEY (model, start_at, version, reference, segment, revision));

        CREATE TABLE breach (
            model TEXT NOT NULL, version TEXT NOT NULL, reference TEXT NOT NULL, start_at BIGINT NOT NULL, revision BIGINT NOT NULL, rule TEXT NOT NULL, alert TEXT NOT NULL,
            column_name TEXT NOT NULL, segment TEXT NOT NULL, measure TEXT NOT NULL, severity TEXT NOT NULL, value DOUBLE PRECISION);
        CREATE INDEX breach_of ON breach (model, start_at);

        CREATE TABLE alert_state (model TEXT NOT NULL PRIMARY KEY, states TEXT NOT NULL);
        CREATE TABLE alert_transition (
            seq {identity}, alert TEXT NOT NULL, from_status TEXT NOT NULL, to_status TEXT NOT NULL, start_at BIGINT NOT NULL, revision BIGINT NOT NULL, document TEXT NOT NULL);
        CREATE INDEX alert_transition_of ON alert_transition (alert, seq);

        CREATE TABLE outbox (
            seq {identity}, channel TEXT NOT NULL, group_key TEXT NOT NULL, notice TEXT NOT NULL, not_before BIGINT NOT NULL, failures BIGINT NOT NULL,
            error TEXT NOT NULL, dead BIGINT NOT NULL);
        CREATE INDEX outbox_waiting ON outbox (channel, seq) WHERE dead = 0;
        """,
        """
        CREATE TABLE answer (
            model TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, reference TEXT NOT NULL, length BIGINT NOT NULL, start_at BIGINT NOT NULL, missed BIGINT NOT NULL,
            predicted TEXT, scores TEXT NOT NULL, segments TEXT NOT NULL, truth TEXT, duplicates BIGINT NOT NULL, fresh BIGINT NOT NULL, PRIMARY KEY (model, id));
        CREATE INDEX answer_of ON answer (model, start_at);
        CREATE INDEX answer_id ON answer (id);
        CREATE INDEX answer_fresh ON answer (fresh) WHERE fresh <> 0;
        CREATE TABLE truth (
            id TEXT NOT NULL PRIMARY KEY, truth TEXT NOT NULL, told_at BIGINT NOT NULL, duplicates BIGINT NOT NULL, joined BIGINT NOT NULL, fresh BIGINT NOT NULL);
        CREATE INDEX truth_fresh ON truth (fresh) WHERE fresh <> 0;
        CREATE INDEX truth_told ON truth (told_at);
        CREATE TABLE label (
            model TEXT NOT NULL, version TEXT NOT NULL, reference TEXT NOT NULL, length BIGINT NOT NULL, start_at BIGINT NOT NULL, missed BIGINT NOT NULL,
            labelled BIGINT NOT NULL, settled BIGINT NOT NULL, PRIMARY KEY (model, version, reference, length, start_at, missed));
        CREATE INDEX label_open ON label (model) WHERE labelled <> settled;
        CREATE TABLE truth_total (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL);
        """,
        """
        ALTER TABLE answer ADD COLUMN taken_at BIGINT NOT NULL DEFAULT 0;
        CREATE INDEX truth_waiting ON truth (joined) WHERE joined = 0;
        CREATE INDEX truth_twice ON truth (duplicates) WHERE duplicates > 0;
        """,
        """
        CREATE TABLE pane_id (
            topic TEXT NOT NULL, part BIGINT NOT NULL, model TEXT NOT NULL, version TEXT NOT NULL, reference TEXT NOT NULL, length BIGINT NOT NULL, start_at BIGINT NOT NULL,
            missed BIGINT NOT NULL, up_to BIGINT NOT NULL, hashes {bytes} NOT NULL, PRIMARY KEY (topic, part, model, version, reference, length, start_at, missed, up_to));
        """,
        """
        CREATE TABLE silence (id TEXT NOT NULL PRIMARY KEY, ends_at BIGINT NOT NULL, document TEXT NOT NULL);
        CREATE TABLE audit (
            seq BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,
            previous TEXT NOT NULL, hash TEXT NOT NULL);
        CREATE INDEX audit_at ON audit (at);
        """,
        """
        ALTER TABLE source_partition ADD COLUMN unanswered BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE source_partition ADD COLUMN crowded BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE source_partition ADD COLUMN waiting {bytes};
        """,
        """
        CREATE INDEX judged_window_age ON judged_window (judged_at);
        """,
        """
        CREATE TABLE answer_by_version (
            model TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, reference TEXT NOT NULL, length BIGINT NOT NULL, start_at BIGINT NOT NULL, missed BIGINT NOT NULL,
            predicted TEXT, scores TEXT NOT NULL, segments TEXT NOT NULL, truth TEXT, duplicates BIGINT NOT NULL, fresh BIGINT NOT NULL, taken_at BIGINT NOT NULL DEFAULT 0,
            PRIMARY KEY (model, id, version));
        INSERT INTO answer_by_version (model, id, version, reference, length, start_at, missed, predicted, scores, segments, truth, duplicates, fresh, taken_at)
            SELECT model, id, version, reference, length, start_at, missed, predicted, scores, segments, truth, duplicates, fresh, taken_at FROM answer;
        DROP TABLE answer;
        ALTER TABLE answer_by_version RENAME TO answer;
        CREATE INDEX answer_of ON answer (model, start_at);
        CREATE INDEX answer_id ON answer (id);
        CREATE INDEX answer_fresh ON answer (fresh) WHERE fresh <> 0;
        """,
        """
        ALTER TABLE source_partition ADD COLUMN invalid_run BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE source_partition ADD COLUMN invalid_since BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE source_partition ADD COLUMN invalid_last BIGINT NOT NULL DEFAULT 0;
        """,
    ];
}
