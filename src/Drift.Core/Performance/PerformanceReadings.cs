namespace Drift;

/// <summary>Turns what a tally says into readings, judged against the reference's own chunks.</summary>
public static class PerformanceReadings
{
    /// <summary>The prefix of a measure that was estimated without truth.</summary>
    public const string Estimated = "estimated_";

    /// <summary>The readings of a tally's measures, and of the share of rows whose truth is known.</summary>
    /// <param name="tally">What was counted.</param>
    /// <param name="baselines">The reference's; empty when there is none, then nothing is judged.</param>
    /// <param name="segment">The segment, as <c>column=value</c>.</param>
    public static IReadOnlyList<Reading> Of(IPerformanceTally tally, IReadOnlyList<ChunkBaseline>? baselines = null, string segment = "")
    {
        var readings = Of(tally.Values(), baselines, segment);
        if (tally.Rows > 0)
            readings.Add(new() { Measure = "label_coverage", Kind = ReadingKind.Performance, Segment = segment, Value = (double)tally.Labelled / tally.Rows, Rows = tally.Rows });
        return readings;
    }

    /// <summary>The readings of measures.</summary>
    public static List<Reading> Of(IEnumerable<PerformanceValue> values, IReadOnlyList<ChunkBaseline>? baselines = null, string segment = "", ReadingKind kind = ReadingKind.Performance)
    {
        var known = (baselines ?? []).ToDictionary(b => (b.Measure, b.Class));
        return [.. values.Select(v => Of(v, known.GetValueOrDefault((Plain(v.Measure), v.Class)), segment, kind))];
    }

    static Reading Of(PerformanceValue value, ChunkBaseline? baseline, string segment, ReadingKind kind)
    {
        var usable = baseline is { Chunks: > 0 };
        var outside = usable && baseline!.IsOutside(value.Value);
        // An improvement is a change, and told as one; it is no failure.
        var improved = outside && Direction.IsBetter(Plain(value.Measure), value.Value, baseline!.Mean);
        return new()
        {
            Measure = value.Measure,
            Segment = segment,
            Kind = kind,
            Value = value.Value,
            ReferenceValue = baseline is null || double.IsNaN(baseline.Reference) ? null : baseline.Reference,
            Rows = value.Rows,
            Status = double.IsNaN(value.Value) ? ReadingStatus.InsufficientData : ReadingStatus.Ok,
            Verdict = !usable || double.IsNaN(value.Value) ? Verdict.None : !outside ? Verdict.Ok : improved || value.Measure.StartsWith(Estimated, StringComparison.Ordinal) ? Verdict.Warning : Verdict.Critical,
            Detail = Detail(value, baseline, improved),
        };
    }

    static ReadingDetail? Detail(PerformanceValue value, ChunkBaseline? baseline, bool improved)
    {
        var numbers = new List<KeyValuePair<string, double>>();
        if (baseline is { Chunks: > 0 })
        {
            if (double.IsFinite(baseline.Lower)) numbers.Add(new("threshold_lower", baseline.Lower));
            if (double.IsFinite(baseline.Upper)) numbers.Add(new("threshold_upper", baseline.Upper));
            if (baseline.FewChunks) numbers.Add(new("few_chunks", baseline.Chunks));
        }
        if (improved) numbers.Add(new("improved", 1));
        numbers.AddRange(value.Numbers ?? []);
        if (numbers.Count == 0 && value is { Class: null, Reason: null, Bounds: null }) return null;
        return new() { Reason = value.Reason, Class = value.Class, Lower = value.Bounds?.Lower, Upper = value.Bounds?.Upper, Numbers = numbers };
    }

    static string Plain(string measure) => measure.StartsWith(Estimated, StringComparison.Ordinal) ? measure[Estimated.Length..] : measure;
}
