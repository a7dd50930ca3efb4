using Drift.Worker.Configuration;
using Drift.Worker.Stores;

namespace Drift.Worker.References;

public sealed partial class AnswerColumns
{
    /// <summary>A ranking needs no column of the reference: the list is the record's prediction, its id the query.</summary>
    static AnswerColumns OfRanking(Profile reference, ModelConfig config, PerformanceReference? known)
    {
        if (known?.Columns.Task != PerformanceTask.Ranking) known = null;
        var columns = new ModelColumns { Task = PerformanceTask.Ranking, Query = "query", Truth = "truth", Prediction = "score", Cut = config.Cut > 0 ? config.Cut : known?.Columns.Cut ?? 0 };
        return new AnswerColumns(reference, columns, known) { Sample = config.TruthSample };
    }

    /// <summary>One row for each item of each list, and for relevant items that the list left out: those stand behind all of it.</summary>
    Outcomes Rankings(IReadOnlyList<Answer> answers)
    {
        var (queries, truths, scores) = (new List<string?>(), new List<double>(), new List<double>());
        foreach (var answer in answers)
        {
            var items = RankedList.Items(answer.Predicted);
            if (items.Length == 0) continue;
            var relevance = answer.Truth is null ? null : RankedList.Relevance(answer.Truth);
            foreach (var (item, at) in items.Select((item, at) => (item, at)).DistinctBy(i => i.item, StringComparer.Ordinal)) Add(answer.Id, relevance is null ? double.NaN : relevance.GetValueOrDefault(item, 0), -at);
            if (relevance is null) continue;
            var listed = items.ToHashSet(StringComparer.Ordinal);
            foreach (var (item, value) in relevance)
                if (!listed.Contains(item)) Add(answer.Id, value, -items.Length);
        }
        return Drift.Outcomes.Of(
            new Table([CategoricalColumn.Of(ColumnSpec.Categorical("query"), [.. queries]), new NumericColumn(ColumnSpec.Numeric("truth"), truths.ToArray()), new NumericColumn(ColumnSpec.Numeric("score"), scores.ToArray())]),
            Columns);

        void Add(string query, double truth, double score)
        {
            queries.Add(query);
            truths.Add(truth);
            scores.Add(score);
        }
    }
}
