using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary>The readings of a model's answers over all rows or some of them: measures, confidence, metrics, segments, and gaps between groups.</summary>
sealed class PerformanceRun
{
    readonly ModelData data;
    readonly Outcomes outcomes;
    readonly IReadOnlyList<string> metrics;
    readonly PerformanceReference? reference;
    readonly bool estimate;
    readonly (string Column, string Value, bool[] Member)[] segments;

    /// <param name="data">The rows.</param>
    /// <param name="columns">Where the answers stand; the reference's when there is one.</param>
    /// <param name="options">What the user said; its segments are looked at one by one.</param>
    /// <param name="metrics">Columns with business metrics.</param>
    /// <param name="reference">What is ordinary; null when nothing is known.</param>
    /// <param name="estimate">Whether the measures are estimated too.</param>
    public PerformanceRun(ModelData data, ModelColumns columns, ReadOptions options, IReadOnlyList<string> metrics, PerformanceReference? reference, bool estimate)
    {
        (this.data, this.metrics, this.reference, this.estimate) = (data, metrics, reference, estimate);
        outcomes = Read(data.Table, columns, data.File);
        segments = [.. options.Roles.Where(r => r.Value == ColumnRole.Segment).SelectMany(r => Members(data.Table, r.Key))];
    }

    /// <summary>A table read as answers; what is wrong with its columns is wrong with the file.</summary>
    public static Outcomes Read(Table table, ModelColumns columns, string file) => Guard(file, () => Outcomes.Of(table, columns));

    public static T Guard<T>(string file, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (ArgumentException e)
        {
            throw new InputException($"{file}: {e.Message.Split(" (Parameter", 2)[0]}", e);
        }
    }

    /// <summary>The readings of all rows, and those of each chunk.</summary>
    public PerformanceReport Report(string recipe, long? referenceRows, IReadOnlyList<Chunk> chunks) =>
        new(recipe, referenceRows, outcomes.Rows, All()) { Chunks = [.. chunks.Select(chunk => (chunk, Of(chunk.Rows.ToArray())))] };

    /// <summary>The readings of all rows.</summary>
    public IReadOnlyList<Reading> All() => Of(Enumerable.Range(0, outcomes.Rows).ToArray(), whole: true);

    /// <summary>The readings of some rows.</summary>
    public IReadOnlyList<Reading> Of(int[] rows, bool whole = false)
    {
        var readings = new List<Reading>(Measured(rows, "", reference));
        foreach (var group in segments.GroupBy(s => s.Column, StringComparer.Ordinal))
        {
            foreach (var (column, value, member) in group)
                if (Array.FindAll(rows, i => member[i]) is { Length: > 0 } own) readings.AddRange(Measured(own, $"{column}={value}", null).Select(r => Enough(r, own.Length)));
            if (outcomes is BinaryOutcomes binary)
                readings.AddRange(GroupGaps.Of(group.Key, [.. group.Select(s => DecidedGroup.Of(s.Value, binary, Array.FindAll(rows, i => s.Member[i])))]));
        }
        return whole && data.Orphans + data.Duplicates > 0 ? [.. readings.Select(r => r.Measure == "label_coverage" && r.Segment.Length == 0 ? Joined(r) : r)] : readings;
    }

    IEnumerable<Reading> Measured(int[] rows, string segment, PerformanceReference? judge)
    {
        var tally = outcomes.Tally(rows);
        var realised = tally.Labelled > 0 || !estimate ? PerformanceReadings.Of(tally, judge?.Baselines, segment) : [];
        IEnumerable<Reading> estimated = estimate ? Guard(data.File, () => reference!.Estimate(outcomes, rows, segment)) : [];
        if (judge is null) estimated = estimated.Select(r => r with { Verdict = Verdict.None });
        return [.. estimated.Select(r => WithRealised(r, realised)), .. realised, .. Confidence(rows, segment), .. metrics.SelectMany(name => Metric(name, rows, segment))];
    }

    /// <summary>Once truth is known, the estimate says how far it was off.</summary>
    static Reading WithRealised(Reading estimated, IReadOnlyList<Reading> realised)
    {
        var name = estimated.Measure[PerformanceReadings.Estimated.Length..];
        if (realised.FirstOrDefault(r => r.Measure == name && r.Detail?.Class == estimated.Detail?.Class) is not { Status: ReadingStatus.Ok } truth) return estimated;
        var detail = estimated.Detail ?? new();
        return estimated with { Detail = detail with { Numbers = [.. detail.Numbers, new("realised", truth.Value), new("estimate_error", estimated.Value - truth.Value)] } };
    }

    List<Reading> Confidence(int[] rows, string segment)
    {
        ReadOnlyMemory<double>[] scores = outcomes switch
        {
            BinaryOutcomes { Columns.Scores.Count: > 0 } binary => [Array.ConvertAll(rows, i => binary.Scores[i])],
            MulticlassOutcomes classes => [.. Enumerable.Range(0, classes.ScoreClasses.Count).Select(c => (ReadOnlyMemory<double>)Array.ConvertAll(rows, i => classes.Scores(c)[i]))],
            _ => [],
        };
        return scores.Length == 0 ? [] : PerformanceReadings.Of(ConfidenceTally.Of(scores).Values(), segment: segment);
    }

    List<Reading> Metric(string name, int[] rows, string segment)
    {
        if (data.Table.Find(name) is not NumericColumn column) throw new InputException($"{data.File}: metric '{name}' is no numbers");
        return PerformanceReadings.Of(MetricTally.Of(Array.ConvertAll(rows, i => column.IsNull(i) ? double.NaN : column.Values.Span[i])).Values(name), segment: segment, kind: ReadingKind.Service);
    }

    static Reading Enough(Reading reading, int rows) => rows >= GroupGaps.LeastRows || reading.Status != ReadingStatus.Ok || reading.Measure == "label_coverage"
        ? reading
        : reading with { Status = ReadingStatus.InsufficientData, Detail = (reading.Detail ?? new()) with { Reason = $"needs {GroupGaps.LeastRows} rows, has {rows}" } };

    Reading Joined(Reading reading) => reading with { Detail = new() { Numbers = [new("orphans", data.Orphans), new("duplicates", data.Duplicates)] } };

    static IEnumerable<(string, string, bool[])> Members(Table table, string name)
    {
        if (table.Find(name) is not CategoricalColumn column) yield break;
        // Segments are for a handful of groups; a column with more distinct values than that is no segment.
        if (column.Dictionary.Count > 1000) throw new UsageException($"--segment {name}: {column.Dictionary.Count} distinct values are too many for segments");
        foreach (var (value, code) in column.Dictionary.Select((value, code) => (value, code)).OrderBy(v => v.value, StringComparer.Ordinal))
            yield return (name, value, Array.ConvertAll(column.Codes.ToArray(), c => c == code));
    }
}
