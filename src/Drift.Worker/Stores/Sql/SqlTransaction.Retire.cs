namespace Drift.Worker.Stores.Sql;

sealed partial class SqlStore
{
    sealed partial class SqlTransaction
    {
        /// <summary>What was captured from the stream is a reference of its own, whatever became of its windows.</summary>
        const string Captured = "captured/";

        public int Retire(DateTimeOffset before, IReadOnlyCollection<string> references, int limit) => store.Guard(() =>
        {
            // A window goes as a whole, once its newest revision is old enough.
            var old = Sql("""
                SELECT w.model, w.start_at, w.version, w.reference FROM judged_window w
                WHERE w.judged_at < @before AND w.segment = ''
                    AND NOT EXISTS (SELECT 1 FROM judged_window l WHERE l.model = w.model AND l.start_at = w.start_at AND l.version = w.version AND l.reference = w.reference AND l.judged_at >= @before)
                    AND w.start_at < (SELECT MAX(m.start_at) FROM judged_window m WHERE m.model = w.model AND m.segment = '')
                GROUP BY w.model, w.start_at, w.version, w.reference ORDER BY MIN(w.judged_at) LIMIT @limit
                """, ("before", before.UtcTicks), ("limit", (long)limit))
                .List(r => (Model: r.GetString(0), Start: r.GetInt64(1), Version: r.GetString(2), Reference: r.GetString(3)));
            if (old.Count == 0) return 0;
            foreach (var w in old)
            {
                (string, object?)[] names = [("model", w.Model), ("start", w.Start), ("version", w.Version), ("reference", w.Reference)];
                Run("DELETE FROM judged_window WHERE model = @model AND start_at = @start AND version = @version AND reference = @reference", names);
                Run("DELETE FROM breach WHERE model = @model AND start_at = @start AND version = @version AND reference = @reference", names);
                Run("DELETE FROM late_count WHERE model = @model AND start_at = @start AND version = @version", ("model", w.Model), ("start", w.Start), ("version", w.Version));
            }
            foreach (var model in old.GroupBy(w => w.Model, StringComparer.Ordinal)) RetirePanes(model.Key, model.Max(w => w.Start));
            foreach (var id in Sql("""
                SELECT id FROM reference_profile r WHERE NOT EXISTS (SELECT 1 FROM judged_window w WHERE w.reference = r.id AND w.model = r.model)
                    AND NOT EXISTS (SELECT 1 FROM pane p WHERE p.reference = r.id)
                """).List(r => r.GetString(0)))
                if (!references.Contains(id) && !id.StartsWith(Captured, StringComparison.Ordinal)) Run("DELETE FROM reference_profile WHERE id = @id", ("id", id));
            return old.Count;
        });

        /// <summary>Panes that no kept window holds and that no window is waiting for.</summary>
        void RetirePanes(string model, long upTo) => Run("""
            DELETE FROM pane WHERE model = @model AND start_at <= @upto AND is_open = 0 AND settled = row_count
                AND NOT EXISTS (SELECT 1 FROM judged_window w WHERE w.model = pane.model AND w.reference = pane.reference AND w.start_at <= pane.start_at AND w.end_at > pane.start_at)
            """, ("model", model), ("upto", upTo));
    }
}
