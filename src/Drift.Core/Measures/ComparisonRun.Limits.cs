namespace Drift;

sealed partial class ComparisonRun
{
    readonly MeasureBaselines? baselines;

    /// <summary>What the measure was over the reference's own chunks; null when that is not known.</summary>
    ChunkBaseline? Limits(in Draft draft) => draft.Status == ReadingStatus.Ok && baselines?.Find(draft.Spec.Name, draft.Measure.Name) is { Chunks: > 0 } known ? known with { Widths = options.Threshold.Width ?? ChunkBaseline.Width } : null;

    /// <summary>A reading's numbers with the limits: the ones that a rule <c>outside: reference</c> looks at.</summary>
    static ReadingDetail WithLimits(ReadingDetail? detail, ChunkBaseline limits, bool twoSided)
    {
        var numbers = new List<KeyValuePair<string, double>>((detail ?? new()).Numbers);
        if (twoSided && double.IsFinite(limits.Lower)) numbers.Add(new("threshold_lower", limits.Lower));
        if (double.IsFinite(limits.Upper)) numbers.Add(new("threshold_upper", limits.Upper));
        if (limits.FewChunks) numbers.Add(new("few_chunks", limits.Chunks));
        return (detail ?? new()) with { Numbers = numbers };
    }

    /// <summary>The verdict by a constant or by the reference's chunks; null where significance decides.</summary>
    Verdict? ByThreshold(in Draft draft, ChunkBaseline? limits)
    {
        var value = draft.Outcome.Value;
        if (options.Threshold.Value is { } constant) return value > constant ? Verdict.Warning : Verdict.Ok;
        if (options.Threshold.Width is null) return null;
        if (limits is null) return Verdict.None;
        return value > limits.Upper || MeasureBaselines.IsTwoSided(draft.Measure) && value < limits.Lower ? Verdict.Warning : Verdict.Ok;
    }
}
