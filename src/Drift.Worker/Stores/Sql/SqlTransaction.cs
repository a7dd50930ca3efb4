using System.Data.Common;
using System.Text;
using Drift.Alerts;

namespace Drift.Worker.Stores.Sql;

sealed partial class SqlStore
{
    sealed partial class SqlTransaction(SqlStore store, DbConnection connection, DbTransaction transaction) : IStoreTransaction
    {
        public ITruthTable Truths { get; } = new SqlTruths(store, connection, transaction);

        DbCommand Sql(string text, params ReadOnlySpan<(string, object?)> parameters) => connection.Sql(transaction, text, parameters);

        int Run(string text, params ReadOnlySpan<(string, object?)> parameters) => connection.Run(transaction, text, parameters);

        public IReadOnlySet<SourcePartition> SavePartitions(IReadOnlyList<PartitionState> states) => store.Guard(() => states.Count == 0 ? [] : store.dialect.SavePartitions(connection, transaction, states));

        public void SavePanes(IReadOnlyList<PaneState> panes) => store.Guard(() =>
        {
            if (panes.Count > 0) store.dialect.SavePanes(connection, transaction, panes);
            return true;
        });

        public void SaveIds(SourcePartition source, IReadOnlyList<PaneIds> ids) => store.Guard(() => ids.Sum(i => Run("""
            INSERT INTO pane_id (topic, part, model, version, reference, length, start_at, missed, up_to, hashes)
            VALUES (@topic, @part, @model, @version, @reference, @length, @start, @missed, @upto, @hashes)
            """, ("topic", source.Topic), ("part", (long)source.Partition), ("model", i.Pane.Model), ("version", i.Pane.Version), ("reference", i.Pane.Reference),
            ("length", i.Pane.Length), ("start", i.Pane.Start), ("missed", (long)i.Pane.Missed), ("upto", i.UpTo), ("hashes", i.Hashes))));

        public void ForgetIds(SourcePartition source, IReadOnlyList<PaneKey> panes) => store.Guard(() => panes.Sum(p => Run("""
            DELETE FROM pane_id WHERE topic = @topic AND part = @part AND model = @model AND version = @version AND reference = @reference AND length = @length AND start_at = @start AND missed = @missed
            """, ("topic", source.Topic), ("part", (long)source.Partition), ("model", p.Model), ("version", p.Version), ("reference", p.Reference), ("length", p.Length), ("start", p.Start),
            ("missed", (long)p.Missed))));

        public void AddLate(SourcePartition source, IReadOnlyList<LateCount> counts) => store.Guard(() => counts.Sum(late => Run("""
            INSERT INTO late_count (model, version, start_at, topic, part, late) VALUES (@model, @version, @start, @topic, @part, @late)
            ON CONFLICT (model, version, start_at, topic, part) DO UPDATE SET late = late_count.late + excluded.late
            """, ("model", late.Model), ("version", late.Version), ("start", late.WindowStart), ("topic", source.Topic), ("part", (long)source.Partition), ("late", late.Count))));

        public bool TryLockJudging() => store.Guard(() => store.dialect.TryLockJudging(connection, transaction));

        public IReadOnlyList<PartitionState> Partitions() => store.Guard(() => Sql($"SELECT {SqlRows.PartitionSummary} FROM source_partition").List(SqlRows.Partition));

        public IReadOnlyList<PaneKey> Unsettled() => store.Guard(() =>
            Sql("SELECT DISTINCT model, version, reference, start_at, length, missed FROM pane WHERE settled <> row_count")
                .List(r => new PaneKey(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt32(5))));

        public IReadOnlyList<PaneState> Panes(PaneKey like, long from, long to) => store.Guard(() => Sql($"""
            SELECT {SqlRows.PaneColumns} FROM pane
            WHERE model = @model AND version = @version AND reference = @reference AND length = @length AND start_at >= @from AND start_at < @to
            ORDER BY segment, topic, part
            """, ("model", like.Model), ("version", like.Version), ("reference", like.Reference), ("length", like.Length), ("from", from), ("to", to)).List(SqlRows.Pane));

        /// <summary>Only as far as nothing was added since the rows were read: what another worker has added meanwhile stays unsettled.</summary>
        public void Settle(IReadOnlyList<PaneState> panes) => store.Guard(() => panes.Sum(p => Run("""
            UPDATE pane SET settled = @rows
            WHERE model = @model AND version = @version AND reference = @reference AND length = @length AND start_at = @start AND missed = @missed AND segment = @segment
                AND topic = @topic AND part = @part
            """,
            ("rows", p.Rows), ("model", p.Key.Model), ("version", p.Key.Version), ("reference", p.Key.Reference), ("length", p.Key.Length), ("start", p.Key.Start),
            ("missed", (long)p.Key.Missed), ("segment", p.Key.Segment), ("topic", p.Source.Topic), ("part", (long)p.Source.Partition))));

        public (int Revision, long Rows)? LatestRevision(string model, string version, string reference, long start) => store.Guard(() => Sql("""
            SELECT revision, row_count FROM judged_window
            WHERE model = @model AND version = @version AND reference = @reference AND start_at = @start AND segment = '' ORDER BY revision DESC LIMIT 1
            """, ("model", model), ("version", version), ("reference", reference), ("start", start))
            .List(r => ((int, long)?)(r.GetInt32(0), r.GetInt64(1))).FirstOrDefault());

        public (Window? Any, Window? WithRows) LastWindows(string model) => store.Guard(() => (Last(model, ""), Last(model, "AND row_count > 0")));

        // Versions are compared here: a database's collation may order them otherwise.
        Window? Last(string model, string and) => Sql($"""
            SELECT version, reference, start_at, end_at, row_count FROM judged_window
            WHERE model = @model AND segment = '' {and} AND start_at = (SELECT MAX(start_at) FROM judged_window WHERE model = @model AND segment = '' {and})
            """, ("model", model))
            .List(r => new Window { Model = model, Version = r.GetString(0), Reference = r.GetString(1), Start = EventTime.ToInstant(r.GetInt64(2)), End = EventTime.ToInstant(r.GetInt64(3)), Rows = r.GetInt64(4) })
            .MaxBy(w => w.Version, StringComparer.Ordinal);

        public IReadOnlyList<JudgedWindow> History(HistoryQuery q) => store.Guard(() => Sql($"""
            SELECT w.start_at, w.end_at, w.revision, w.row_count, w.counts FROM judged_window w
            WHERE w.model = @model AND w.version = @version AND w.reference = @reference AND w.segment = @segment AND w.row_count > 0
                AND w.start_at >= @from AND w.start_at < @to AND w.end_at <= @to AND (@anchor - w.start_at) % @every = 0
                AND w.revision = (SELECT MAX(l.revision) FROM judged_window l WHERE l.model = w.model AND l.start_at = w.start_at AND l.version = w.version AND l.reference = w.reference AND l.segment = w.segment)
            ORDER BY w.start_at DESC LIMIT @limit
            """, ("model", q.Like.Model), ("version", q.Like.Version), ("reference", q.Like.Reference), ("segment", q.Like.Segment), ("from", q.From), ("to", q.To),
            ("anchor", q.Anchor), ("every", q.Every), ("limit", (long)q.Limit))
            .List(r => new JudgedWindow
            {
                Window = new Window
                {
                    Model = q.Like.Model, Version = q.Like.Version, Reference = q.Like.Reference, Start = EventTime.ToInstant(r.GetInt64(0)), End = EventTime.ToInstant(r.GetInt64(1)),
                    Revision = r.GetInt32(2), Rows = r.GetInt64(3),
                },
                Segment = q.Like.Segment, Counts = r.Bytes(4),
            }));

        public void SaveReference(string id, string model, byte[] document) => store.Guard(() => SqlStore.SaveReference(connection, transaction, id, model, document));

        public AlertStates AlertStates(string model) => store.Guard(() =>
            Sql("SELECT states FROM alert_state WHERE model = @model", ("model", model)).List(r => AlertFormat.ReadStates(Encoding.UTF8.GetBytes(r.GetString(0)))) is [var states]
                ? states
                : Drift.Alerts.AlertStates.Empty);

        public byte[]? Reference(string id) => store.Guard(() => Sql("SELECT document FROM reference_profile WHERE id = @id", ("id", id)).List(r => r.Bytes(0)).FirstOrDefault());

        public void SaveJudgement(Judged judged) => store.Guard(() =>
        {
            SaveWindow(judged.All);
            foreach (var segment in judged.Segments) SaveWindow(segment);
            SaveBreaches(judged.All.Window, judged.Judgement);
            Alerts(judged.All.Window.Model, judged.Judgement);
            return true;
        });

        public void SaveAlerts(string model, Judgement judgement) => store.Guard(() =>
        {
            Alerts(model, judgement);
            return true;
        });

        void SaveWindow(JudgedWindow judged)
        {
            var w = judged.Window;
            Run("""
                INSERT INTO judged_window (model, version, reference, start_at, segment, revision, end_at, row_count, closed_by, partitions, tags, policy, judged_at, readings, counts)
                VALUES (@model, @version, @reference, @start, @segment, @revision, @end, @rows, @by, @partitions, @tags, @policy, @at, @readings, @counts)
                """,
                ("model", w.Model), ("version", w.Version), ("reference", w.Reference), ("start", w.Start.UtcTicks), ("segment", judged.Segment), ("revision", (long)w.Revision),
                ("end", w.End.UtcTicks), ("rows", w.Rows), ("by", w.ClosedBy), ("partitions", (long)w.Partitions), ("tags", SqlRows.Text(w.Tags)), ("policy", judged.Policy),
                ("at", judged.JudgedAt.UtcTicks), ("readings", SqlRows.Readings(judged.Readings)), ("counts", judged.Counts));
        }

        void SaveBreaches(Window window, Judgement judgement)
        {
            foreach (var breach in judgement.Breaches)
                Run("""
                    INSERT INTO breach (model, version, reference, start_at, revision, rule, alert, column_name, segment, measure, severity, value)
                    VALUES (@model, @version, @reference, @start, @revision, @rule, @alert, @column, @segment, @measure, @severity, @value)
                    """,
                    ("model", window.Model), ("version", window.Version), ("reference", window.Reference), ("start", window.Start.UtcTicks), ("revision", (long)window.Revision),
                    ("rule", breach.Rule), ("alert", breach.Key), ("column", breach.Column), ("segment", breach.Segment), ("measure", breach.Measure),
                    ("severity", breach.Severity == Severity.Critical ? "critical" : "warning"), ("value", double.IsFinite(breach.Value) ? breach.Value : null));
        }

        void Alerts(string model, Judgement judgement)
        {
            Run("INSERT INTO alert_state (model, states) VALUES (@model, @states) ON CONFLICT (model) DO UPDATE SET states = excluded.states",
                ("model", model), ("states", Encoding.UTF8.GetString(AlertFormat.Write(judgement.States))));
            foreach (var step in judgement.Transitions)
                Run("""
                    INSERT INTO alert_transition (alert, from_status, to_status, start_at, revision, document) VALUES (@alert, @from, @to, @start, @revision, @document)
                    """,
                    ("alert", step.Alert.Key), ("from", step.From.ToString()), ("to", step.To.ToString()), ("start", step.WindowStart.UtcTicks), ("revision", (long)step.Revision),
                    ("document", Encoding.UTF8.GetString(AlertFormat.Write(step.Alert))));
            Outbox(judgement.Notices);
        }

        public void Enqueue(IReadOnlyList<Notice> notices) => store.Guard(() =>
        {
            Outbox(notices);
            return true;
        });

        void Outbox(IReadOnlyList<Notice> notices)
        {
            foreach (var notice in notices)
                Run("INSERT INTO outbox (channel, group_key, notice, not_before, failures, error, dead) VALUES (@channel, @group, @notice, 0, 0, '', 0)",
                    ("channel", notice.Channel), ("group", notice.GroupKey), ("notice", Encoding.UTF8.GetString(AlertFormat.Write(notice))));
        }

        public void Commit() => store.Guard(() =>
        {
            transaction.Commit();
            return true;
        });

        public void Dispose()
        {
            try
            {
                transaction.Dispose();
                connection.Dispose();
            }
            catch (Exception e) when (store.dialect.Owns(e))
            {
                // A connection that is gone has nothing left to roll back.
            }
        }
    }
}
