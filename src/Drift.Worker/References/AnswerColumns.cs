using System.Globalization;
using System.Text;
using Drift.Worker.Configuration;
using Drift.Worker.Stores;

namespace Drift.Worker.References;

/// <summary>Where a model's answers stand in its rows, and how kept answers become measures again.</summary>
public sealed partial class AnswerColumns
{
    readonly Profile reference;
    readonly int prediction, truth;
    readonly int[] scores, inputs;

    AnswerColumns(Profile reference, ModelColumns columns, PerformanceReference? known)
    {
        (this.reference, Columns, Known) = (reference, columns, known);
        // A ranking is no cell of a row.
        var isRanking = columns.Task == PerformanceTask.Ranking;
        prediction = isRanking ? -1 : Index(columns.Prediction);
        truth = isRanking ? -1 : Index(columns.Truth);
        scores = [.. columns.Scores.Select(s => Index(s.Column))];
        inputs = [.. (known?.Loss?.Inputs ?? []).Select(Index)];
    }

    public ModelColumns Columns { get; }

    /// <summary>The share of answers that are kept.</summary>
    public double Sample { get; private init; } = 1;

    /// <summary>What is ordinary for the model; null when its reference does not say.</summary>
    public PerformanceReference? Known { get; }

    /// <summary>What is ordinary for so many rows: a window that is smaller than the reference's chunks varies more than they do.</summary>
    public PerformanceReference? KnownFor(long rows) => Known?.ForRows(rows, reference.Rows);

    /// <summary>How a model is to be judged by its task; null when it has none, or its reference has no column with answers.</summary>
    public static AnswerColumns? Of(Profile reference, ModelConfig config)
    {
        if (config.Task is ModelTask.None) return null;
        var known = PerformanceFormat.Read(reference);
        if (config.Task is ModelTask.Ranking) return OfRanking(reference, config, known);
        var task = config.Task switch { ModelTask.Binary => PerformanceTask.Binary, ModelTask.Multiclass => PerformanceTask.Multiclass, _ => PerformanceTask.Regression };
        if (known is not null) return known.Columns.Task == task ? new AnswerColumns(reference, known.Columns, known) { Sample = config.TruthSample } : null;
        string? First(ColumnRole role) => reference.Columns.FirstOrDefault(c => c.Spec.Role == role)?.Name;
        ScoreColumn[] scores = [.. reference.Columns.Where(c => c.Spec.Role == ColumnRole.Score).Select(c => new ScoreColumn(Class(c.Name), c.Name))];
        var columns = new ModelColumns { Task = task, Truth = First(ColumnRole.Truth) ?? "truth", Prediction = First(ColumnRole.Prediction), Scores = Fit(task, scores) };
        return columns.Prediction is null && columns.Scores.Count == 0 ? null : new AnswerColumns(reference, columns, null) { Sample = config.TruthSample };
    }

    static ScoreColumn[] Fit(PerformanceTask task, ScoreColumn[] scores) => task switch
    {
        PerformanceTask.Multiclass => scores,
        PerformanceTask.Binary when scores.Length == 1 => [scores[0] with { Class = null }],
        PerformanceTask.Binary => [.. scores.Where(s => s.Class!.ToUpperInvariant() is "1" or "TRUE" or "YES").Take(1)],
        _ => [],
    };

    static string Class(string column) => column.StartsWith("score_", StringComparison.Ordinal) && column.Length > 6 ? column[6..] : column;

    int Index(string? column) => column is null ? -1 : reference.IndexOf(column);

    /// <summary>The answer of a row.</summary>
    /// <param name="row">The decoded record.</param>
    /// <param name="pane">Where it was counted.</param>
    /// <param name="id">Its id, or the name of its place in the log.</param>
    /// <param name="segments">Its segments.</param>
    /// <param name="ranked">Its prediction when that is a list.</param>
    public (Answer Answer, object?[] Inputs) Read(RecordRow row, PaneKey pane, string id, IReadOnlyList<string> segments, ReadOnlySpan<byte> ranked = default) => (
        new Answer(pane with { Segment = "" }, id, Columns.Task == PerformanceTask.Ranking ? RankedList.Text(ranked) : Text(row, prediction), [.. scores.Select(s => s >= 0 && row.TryGetNumber(s, out var p) ? p : double.NaN)], segments, Text(row, truth)),
        [.. inputs.Select(i => Cell(row, i))]);

    static string? Text(RecordRow row, int column) => Cell(row, column) switch
    {
        double number => double.IsNaN(number) ? null : number.ToString("R", CultureInfo.InvariantCulture),
        string text => text.Replace('\0', '\uFFFD'),
        _ => null,
    };

    static object? Cell(RecordRow row, int column) =>
        column < 0 ? null : row.TryGetNumber(column, out var number) ? number : row.TryGetCategory(column, out var utf8) ? Encoding.UTF8.GetString(utf8) : null;

    /// <summary>Answers of a regression with the losses that are expected of their inputs: those are kept instead of the inputs.</summary>
    public IEnumerable<Answer> Finish(IReadOnlyList<(Answer Answer, object?[] Inputs)> answers)
    {
        if (Known?.Loss is not { } loss || answers.Count == 0) return answers.Select(a => a.Answer);
        var columns = inputs.Select((at, i) => Column(reference.Columns[at].Spec, [.. answers.Select(a => a.Inputs[i])]));
        return loss.Expected(new Table(columns)).Zip(answers, (expected, a) => a.Answer with { Scores = a.Answer.Predicted is null ? [] : expected }).ToList();
    }

    static Column Column(ColumnSpec spec, object?[] cells) => spec.Kind == ColumnKind.Numeric
        ? new NumericColumn(spec, Array.ConvertAll(cells, c => c is double number ? number : double.NaN))
        : CategoricalColumn.Of(spec, Array.ConvertAll(cells, c => c as string));

    /// <summary>Kept answers as outcomes.</summary>
    /// <exception cref="ArgumentException">They cannot be what the task says, for example a third class of a binary model.</exception>
    public Outcomes Outcomes(IReadOnlyList<Answer> answers)
    {
        if (Columns.Task == PerformanceTask.Ranking) return Rankings(answers);
        var numeric = Columns.Task == PerformanceTask.Regression;
        Column Of(string name, Func<Answer, string?> cell) => numeric
            ? new NumericColumn(ColumnSpec.Numeric(name), answers.Select(a => double.TryParse(cell(a), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN).ToArray())
            : CategoricalColumn.Of(ColumnSpec.Categorical(name), [.. answers.Select(cell)]);
        var columns = new List<Column> { Of("truth", a => a.Truth) };
        if (Columns.Prediction is not null) columns.Add(Of("prediction", a => a.Predicted));
        if (!numeric)
            for (var s = 0; s < scores.Length; s++)
            {
                var at = s;
                columns.Add(new NumericColumn(ColumnSpec.Numeric($"score {at}"), answers.Select(a => at < a.Scores.Length ? a.Scores[at] : double.NaN).ToArray()));
            }
        return Drift.Outcomes.Of(new Table(columns), Columns with
        {
            Truth = "truth", Prediction = Columns.Prediction is null ? null : "prediction", Scores = numeric ? [] : [.. Columns.Scores.Select((score, i) => score with { Column = $"score {i}" })],
        });
    }
}
