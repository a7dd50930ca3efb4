using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Drift.Worker.Stores.Sql;

sealed partial class SqlStore
{
    /// <summary>
    /// Answers and truths in tables. A row's <c>fresh</c> says where it stands: 1 has come, 2 is being joined, 3 has just got its truth, 0 is done. Each
    /// statement of the join sees only rows that were there when the first one marked them: two that come at the same moment meet the next time.
    /// </summary>
    sealed class SqlTruths(SqlStore store, DbConnection connection, DbTransaction transaction) : ITruthTable
    {
        const int AtOnce = 50;
        const char Between = '\u001f';

        int Run(string text, params ReadOnlySpan<(string, object?)> parameters) => connection.Run(transaction, text, parameters);

        public void Save(IReadOnlyList<Answer> answers) => store.Guard(() =>
        {
            // One row per key in a statement: PostgreSQL touches none twice.
            var first = answers.GroupBy(a => (a.Pane.Model, a.Pane.Version, a.Id)).Select(g => g.First() with { Duplicates = g.Sum(a => a.Duplicates) + g.Count() - 1 });
            foreach (var some in first.Chunk(AtOnce))
                Insert("answer (model, id, version, reference, length, start_at, missed, predicted, scores, segments, truth, duplicates, fresh)",
                    "ON CONFLICT (model, id, version) DO UPDATE SET duplicates = answer.duplicates + excluded.duplicates + 1",
                    some.Select(a => (object?[])[
                        a.Pane.Model, a.Id, a.Pane.Version, a.Pane.Reference, a.Pane.Length, a.Pane.Start, (long)a.Pane.Missed, a.Predicted, Text(a.Scores),
                        string.Join(Between, a.Segments), a.Truth, a.Duplicates, 1L]));
            return true;
        });

        public void Save(IReadOnlyList<TruthMessage> truths) => store.Guard(() =>
        {
            var first = truths.GroupBy(t => t.Id, StringComparer.Ordinal).Select(g => g.First() with { Duplicates = g.Sum(t => t.Duplicates) + g.Count() - 1 });
            foreach (var some in first.Chunk(AtOnce))
                Insert("truth (id, truth, told_at, duplicates, joined, fresh)", "ON CONFLICT (id) DO UPDATE SET duplicates = truth.duplicates + excluded.duplicates + 1",
                    some.Select(t => (object?[])[t.Id, t.Truth, t.Time, t.Duplicates, 0L, 1L]));
            return true;
        });

        void Insert(string into, string onConflict, IEnumerable<object?[]> rows)
        {
            var text = new StringBuilder($"INSERT INTO {into} VALUES ");
            var parameters = new List<(string, object?)>();
            foreach (var row in rows)
            {
                text.Append(parameters.Count == 0 ? "(" : ", (");
                for (var i = 0; i < row.Length; i++)
                {
                    text.Append(i == 0 ? "@p" : ", @p").Append(parameters.Count);
                    parameters.Add(($"p{parameters.Count}", row[i]));
                }
                text.Append(')');
            }
            if (parameters.Count > 0) Run(text.Append(' ').Append(onConflict).ToString(), [.. parameters]);
        }

        public IReadOnlyList<LabelCount> Join(long now) => store.Guard(() =>
        {
            var truths = Run("UPDATE truth SET fresh = 2 WHERE fresh = 1");
            var answers = Run("UPDATE answer SET fresh = 2, taken_at = @now WHERE fresh = 1", ("now", now));
            if (truths + answers > 0)
            {
                Run("UPDATE answer SET fresh = 3 WHERE fresh = 2 AND truth IS NOT NULL");
                Run("""
                    UPDATE answer SET truth = (SELECT t.truth FROM truth t WHERE t.id = answer.id), fresh = 3
                    WHERE answer.truth IS NULL AND answer.id IN (SELECT id FROM truth WHERE fresh = 2)
                    """);
                Run("""
                    UPDATE answer SET truth = (SELECT t.truth FROM truth t WHERE t.id = answer.id), fresh = 3
                    WHERE answer.fresh = 2 AND answer.truth IS NULL AND EXISTS (SELECT 1 FROM truth t WHERE t.id = answer.id)
                    """);
                Run("UPDATE truth SET joined = 1 WHERE joined = 0 AND id IN (SELECT id FROM answer WHERE fresh = 3)");
                Run("UPDATE truth SET fresh = 0 WHERE fresh = 2");
            }
            var counted = Run("""
                INSERT INTO label (model, version, reference, length, start_at, missed, labelled, settled)
                SELECT model, version, reference, length, start_at, missed, COUNT(*), 0 FROM answer WHERE fresh = 3 GROUP BY model, version, reference, length, start_at, missed
                ON CONFLICT (model, version, reference, length, start_at, missed) DO UPDATE SET labelled = label.labelled + excluded.labelled
                """);
            if (answers + counted > 0) Run("UPDATE answer SET fresh = 0 WHERE fresh IN (2, 3)");
            return connection.Sql(transaction, "SELECT model, version, reference, start_at, length, missed, labelled, settled FROM label WHERE labelled <> settled")
                .List(r => new LabelCount(new PaneKey(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt32(5)), r.GetInt64(6), r.GetInt64(7)));
        });

        public IReadOnlyList<Answer> Answers(PaneKey like, long from, long to) => store.Guard(() => connection.Sql(transaction, """
            SELECT model, version, reference, start_at, length, missed, id, predicted, scores, segments, truth, duplicates FROM answer
            WHERE model = @model AND version = @version AND reference = @reference AND length = @length AND start_at >= @from AND start_at < @to
            """, ("model", like.Model), ("version", like.Version), ("reference", like.Reference), ("length", like.Length), ("from", from), ("to", to))
            .List(r => new Answer(
                new PaneKey(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt32(5)), r.GetString(6), r.IsDBNull(7) ? null : r.GetString(7),
                Numbers(r.GetString(8)), r.GetString(9) is { Length: > 0 } segments ? segments.Split(Between) : [], r.IsDBNull(10) ? null : r.GetString(10), r.GetInt64(11)))
            // A database's own order is not the same everywhere, and sums of rows are to be.
            .OrderBy(a => a.Id, StringComparer.Ordinal).ToList());

        public void Settle(IReadOnlyList<LabelCount> judged) => store.Guard(() => judged.Sum(l => Run("""
            UPDATE label SET settled = @labelled
            WHERE model = @model AND version = @version AND reference = @reference AND length = @length AND start_at = @start AND missed = @missed
            """, ("labelled", l.Labelled), ("model", l.Pane.Model), ("version", l.Pane.Version), ("reference", l.Pane.Reference), ("length", l.Pane.Length), ("start", l.Pane.Start),
            ("missed", (long)l.Pane.Missed))));

        public void Expire(string model, long before, long takenBefore) => store.Guard(() =>
            Run("DELETE FROM answer WHERE model = @model AND start_at < @before AND fresh = 0 AND taken_at < @taken", ("model", model), ("before", before), ("taken", takenBefore))
            + Run("""
                DELETE FROM label WHERE model = @model AND start_at < @before AND NOT EXISTS (
                    SELECT 1 FROM answer a WHERE a.model = label.model AND a.start_at = label.start_at AND a.version = label.version AND a.reference = label.reference AND a.missed = label.missed)
                """, ("model", model), ("before", before)));

        public void ExpireTruths(long before) => store.Guard(() =>
        {
            Add("orphans", One("SELECT COUNT(*) FROM truth WHERE told_at < @before AND joined = 0", ("before", before)));
            Add("duplicates", One("SELECT CAST(COALESCE(SUM(duplicates), 0) AS BIGINT) FROM truth WHERE told_at < @before AND duplicates > 0", ("before", before)));
            return Run("DELETE FROM truth WHERE told_at < @before", ("before", before));
        });

        void Add(string name, long more)
        {
            if (more > 0) Run("INSERT INTO truth_total (name, n) VALUES (@name, @n) ON CONFLICT (name) DO UPDATE SET n = truth_total.n + excluded.n", ("name", name), ("n", more));
        }

        /// <summary>Waiting, orphans, duplicates.</summary>
        public const string TotalsText = """
            SELECT (SELECT COUNT(*) FROM truth WHERE joined = 0),
                COALESCE((SELECT n FROM truth_total WHERE name = 'orphans'), 0),
                COALESCE((SELECT n FROM truth_total WHERE name = 'duplicates'), 0) + (SELECT CAST(COALESCE(SUM(duplicates), 0) AS BIGINT) FROM truth WHERE duplicates > 0)
            """;

        public static TruthTotals Totals(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));

        public TruthTotals Totals() => store.Guard(() => connection.Sql(transaction, TotalsText).List(Totals)[0]);

        long One(string sql, params ReadOnlySpan<(string, object?)> parameters) => connection.Sql(transaction, sql, parameters).List(r => r.GetInt64(0)).FirstOrDefault();

        static string Text(double[] scores) => string.Join(';', scores.Select(s => s.ToString("R", CultureInfo.InvariantCulture)));

        static double[] Numbers(string text) => text.Length == 0 ? [] : [.. text.Split(';').Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
    }
}
