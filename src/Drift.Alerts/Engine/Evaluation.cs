namespace Drift.Alerts;

/// <summary>One reading under one rule.</summary>
/// <param name="Outcome">What it is.</param>
/// <param name="Threshold">The threshold that it is beyond; NaN for none.</param>
/// <param name="Excess">How far beyond, in units of the threshold: for choosing what to show.</param>
/// <param name="Better">Whether it is beyond the reference's limits on the better side: a change, but no failure.</param>
readonly record struct Evaluation(Outcome Outcome, double Threshold, double Excess, bool Better = false)
{
    static readonly Evaluation unjudged = new(Outcome.Unjudged, double.NaN, 0);

    public static Evaluation Of(Rule rule, Reading reading)
    {
        if (reading.Status == ReadingStatus.Failed) return Absent(rule.OnError);
        if (reading.Status != ReadingStatus.Ok || reading.Rows < rule.MinRows || double.IsNaN(reading.Value)) return unjudged;
        var judged = Effect(rule, reading);
        if (judged.Outcome == Outcome.Unjudged || rule.PAdjustedBelow is not { } level) return judged;
        // A value without a p-value cannot be told from noise.
        if (reading.PAdjusted is not { } p || double.IsNaN(p)) return unjudged;
        if (p < level || judged.Outcome != Outcome.Breached) return judged;
        return judged with { Outcome = rule.ClearAt is null ? Outcome.Clear : Outcome.Between };
    }

    /// <summary>A window in which the reading is missing or failed.</summary>
    public static Evaluation Absent(Absence absence) => absence switch
    {
        Absence.Alert => new Evaluation(Outcome.Breached, double.NaN, 0),
        Absence.Ok => new Evaluation(Outcome.Clear, double.NaN, 0),
        _ => unjudged,
    };

    static Evaluation Effect(Rule rule, Reading reading)
    {
        if (rule.Outside != Outside.None)
        {
            var (lower, upper) = Limits(rule.Outside, reading);
            if (double.IsNaN(lower) && double.IsNaN(upper)) return unjudged;
            var band = Band(reading.Value, lower, upper, null);
            return band with { Better = rule.Outside == Outside.Reference && band.Outcome == Outcome.Breached && MeasureNames.IsBetter(reading.Measure, reading.Value > upper) };
        }
        if (rule.ChangeAbove is not { } change) return Band(reading.Value, rule.Below ?? double.NaN, rule.Above ?? double.NaN, rule.ClearAt);
        if (reading.ReferenceValue is not { } reference || double.IsNaN(reference)) return unjudged;
        return Band(Math.Abs(reading.Value - reference), double.NaN, change, rule.ClearAt);
    }

    /// <summary>The limits that a reading carries itself; NaN for an open side.</summary>
    internal static (double Lower, double Upper) Limits(Outside outside, Reading reading)
    {
        double Number(string name)
        {
            foreach (var (key, value) in reading.Detail?.Numbers ?? [])
                if (key == name) return value;
            return double.NaN;
        }
        if (outside == Outside.Reference) return (Number(ReadingLimits.Lower), Number(ReadingLimits.Upper));
        var limit = Number(ReadingLimits.Sla);
        return MeasureNames.MoreIsBetter(reading.Measure) ? (limit, double.NaN) : (double.NaN, limit);
    }

    // A comparison with NaN is false, so an open side never breaches.
    static Evaluation Band(double value, double lower, double upper, double? clearAt)
    {
        if (value > upper) return new Evaluation(Outcome.Breached, upper, Relative(value - upper, upper));
        if (value < lower) return new Evaluation(Outcome.Breached, lower, Relative(lower - value, lower));
        var between = clearAt is { } point && (double.IsNaN(upper) ? value < point : value > point);
        return new Evaluation(between ? Outcome.Between : Outcome.Clear, double.IsNaN(upper) ? lower : upper, 0);
    }

    static double Relative(double beyond, double threshold) => beyond / Math.Max(Math.Abs(threshold), 1e-9);
}
