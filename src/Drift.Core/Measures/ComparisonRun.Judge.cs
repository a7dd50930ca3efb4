namespace Drift;

sealed partial class ComparisonRun
{
    /// <summary>The column's one p-value: the smallest of its tests' p-values times their number, at most 1; NaN when none of its readings is ok and has one.</summary>
    double SmallestP(int first)
    {
        var smallest = double.PositiveInfinity;
        var tests = 0;
        for (var i = first; i < count; i++)
        {
            ref var draft = ref drafts[i];
            if (draft.Measure.Kind != ReadingKind.Drift || draft.Status != ReadingStatus.Ok || draft.Outcome.PValue is not { } p) continue;
            if (draft.Measure.TestOf is { } test && Holds(first, test)) continue; // the same test under another name
            smallest = Math.Min(smallest, p);
            tests++;
        }
        return tests == 0 ? double.NaN : Math.Min(1, smallest * tests);
    }

    bool Holds(int first, string measure)
    {
        for (var i = first; i < count; i++)
            if (drafts[i].Measure.Name == measure) return true;
        return false;
    }

    /// <summary>Adjusts both families and makes the readings.</summary>
    public IReadOnlyList<Reading> Judge()
    {
        var drift = columnP.ToArray();
        MultipleTesting.BenjaminiHochberg(drift, drift);
        var quality = new double[count];
        for (var i = 0; i < count; i++)
            quality[i] = drafts[i] is { Measure.Kind: ReadingKind.Quality, Status: ReadingStatus.Ok, Outcome.PValue: { } p } ? p : double.NaN;
        MultipleTesting.BenjaminiHochberg(quality, quality);
        var readings = new Reading[count];
        for (var i = 0; i < count; i++)
        {
            ref var draft = ref drafts[i];
            if (draft.Status == ReadingStatus.Ok) draft.Adjusted = draft.Measure.Kind == ReadingKind.Drift ? drift[draft.Column] : quality[i];
            readings[i] = Reading(draft);
        }
        return readings;
    }

    Reading Reading(in Draft draft)
    {
        var limits = Limits(draft);
        var verdict = VerdictOf(draft, limits);
        var detail = limits is null ? draft.Detail : WithLimits(draft.Detail, limits, MeasureBaselines.IsTwoSided(draft.Measure));
        // The judged readings say which cells moved; psi lists all of them anyway.
        if (verdict >= Verdict.Warning && draft.Measure.Kind == ReadingKind.Drift && draft.Cells is { } cells && (detail is null || detail.Cells.Count == 0))
            detail = (detail ?? new()) with { Cells = cells.Moved(MostMoved) };
        return new()
        {
            Measure = draft.Measure.Name,
            Column = draft.Spec.Name,
            Role = draft.Spec.Role,
            Segment = options.Segment,
            Kind = draft.Measure.Kind,
            Value = draft.Outcome.Value,
            ReferenceValue = draft.Outcome.ReferenceValue,
            PValue = draft.Outcome.PValue,
            PAdjusted = double.IsNaN(draft.Adjusted) ? null : draft.Adjusted,
            Rows = draft.Rows,
            Status = draft.Status,
            Verdict = verdict,
            Detail = detail,
        };
    }

    /// <summary>How many moved cells a judged reading names.</summary>
    const int MostMoved = 5;

    Verdict VerdictOf(in Draft draft, ChunkBaseline? limits)
    {
        if (draft.Status != ReadingStatus.Ok) return Verdict.None;
        var value = draft.Outcome.Value;
        if (draft.Measure.Name == "violation_rate") return value > options.ViolationFloor ? Verdict.Critical : Verdict.Ok;
        if (ByThreshold(draft, limits) is { } judged) return judged;
        if (double.IsNaN(draft.Outcome.Effect)) return Verdict.None;
        if (!(draft.Adjusted < options.Alpha)) return Verdict.Ok;
        var drift = draft.Measure.Kind == ReadingKind.Drift;
        // A change of exactly the floor reaches it, whatever the rounding of the two shares.
        var effect = draft.Outcome.Effect + (drift ? 0 : 1e-12);
        return effect >= (drift ? options.CriticalFloor : options.RateCriticalFloor) ? Verdict.Critical
            : effect >= (drift ? options.WarningFloor : options.RateWarningFloor) ? Verdict.Warning
            : Verdict.Ok;
    }
}
