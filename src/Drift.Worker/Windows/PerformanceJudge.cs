using Drift.Worker.References;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>
/// The performance of a window: estimated from its answers at once, realised as far as truths have come, and the share of answers that have one. Every
/// revision starts from the rows again, so it does not matter in which order or in how many parts the truths came.
/// </summary>
static class PerformanceJudge
{
    public static IReadOnlyList<Reading> Readings(AnswerColumns columns, IReadOnlyList<Answer> answers)
    {
        if (answers.Count == 0) return [];
        try
        {
            var readings = new List<Reading>(Of(columns, answers, ""));
            foreach (var group in answers.SelectMany(a => a.Segments.Select(s => (Segment: s, Answer: a))).GroupBy(x => x.Segment, x => x.Answer, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
                readings.AddRange(Of(columns, [.. group], group.Key).Select(r => Enough(r, group.Count())));
            if (columns.Columns.Task == PerformanceTask.Binary) readings.AddRange(Gaps(columns, answers));
            return readings;
        }
        catch (ArgumentException e)
        {
            // Answers that do not fit the task are a finding; they must not stop the stream.
            var measure = columns.Columns.Task switch { PerformanceTask.Regression => "mse", PerformanceTask.Ranking => "ndcg", _ => "accuracy" };
            return [new Reading { Measure = measure, Kind = ReadingKind.Performance, Status = ReadingStatus.Failed, Rows = answers.Count, Detail = new ReadingDetail { Reason = e.Message } }];
        }
    }

    static IEnumerable<Reading> Of(AnswerColumns columns, IReadOnlyList<Answer> answers, string segment)
    {
        var outcomes = columns.Outcomes(answers);
        int[] rows = [.. Enumerable.Range(0, outcomes.Rows)];
        // The reference's limits speak of all rows: a segment differs from the whole by nature, and is not judged by them.
        var judge = segment.Length == 0 ? columns.Known : null;
        IReadOnlyList<Reading> estimated = columns.KnownFor(answers.Count) is not { } known ? []
            : outcomes is RegressionOutcomes ? known.Loss is { } loss ? known.Estimated(loss.Estimate([.. answers.Select(a => a.Scores)]), segment) : []
            : known.Estimate(outcomes, rows, segment);
        var tally = outcomes.Tally(rows);
        var realised = PerformanceReadings.Of(tally, judge is null ? null : columns.KnownFor(tally.Labelled)!.Baselines, segment).Where(r => tally.Labelled > 0 || r.Measure == "label_coverage").ToList();
        return [.. judge is null ? estimated.Select(r => r with { Verdict = Verdict.None, Detail = WithoutLimits(r.Detail) }) : estimated, .. realised.Select(r => WithCounts(r, columns, answers))];
    }

    static ReadingDetail? WithoutLimits(ReadingDetail? detail) =>
        detail is null ? null : detail with { Numbers = [.. detail.Numbers.Where(n => n.Key is not ("threshold_lower" or "threshold_upper" or "few_chunks"))] };

    /// <summary>What a reader of the coverage should know besides: answers of an id that was there already, and the share that is kept at all.</summary>
    static Reading WithCounts(Reading reading, AnswerColumns columns, IReadOnlyList<Answer> answers)
    {
        if (reading.Measure != "label_coverage") return reading;
        var numbers = new List<KeyValuePair<string, double>>();
        if (answers.Sum(a => a.Duplicates) is var n and > 0) numbers.Add(new("duplicates", n));
        if (columns.Sample < 1) numbers.Add(new("sample", columns.Sample));
        return numbers.Count == 0 ? reading : reading with { Detail = new ReadingDetail { Numbers = numbers } };
    }

    static Reading Enough(Reading reading, int rows) => rows >= GroupGaps.LeastRows || reading.Status != ReadingStatus.Ok || reading.Measure == "label_coverage"
        ? reading
        : reading with { Status = ReadingStatus.InsufficientData, Detail = (reading.Detail ?? new()) with { Reason = $"needs {GroupGaps.LeastRows} rows, has {rows}" } };

    static IEnumerable<Reading> Gaps(AnswerColumns columns, IReadOnlyList<Answer> answers)
    {
        var bySegment = answers.SelectMany(a => a.Segments.Select(s => (Column: s[..s.IndexOf('=', StringComparison.Ordinal)], Segment: s, Answer: a)));
        foreach (var column in bySegment.GroupBy(x => x.Column, StringComparer.Ordinal))
        {
            var groups = column.GroupBy(x => x.Segment, x => x.Answer, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => DecidedGroup.Of(g.Key[(column.Key.Length + 1)..], (BinaryOutcomes)columns.Outcomes([.. g]), [.. Enumerable.Range(0, g.Count())]));
            foreach (var reading in GroupGaps.Of(column.Key, [.. groups])) yield return reading;
        }
    }
}
