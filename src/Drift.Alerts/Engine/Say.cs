using System.Globalization;

namespace Drift.Alerts;

/// <summary>Numbers and times as people read them: the same in every culture.</summary>
static class Say
{
    /// <summary>Two decimals, more for small values, fewer for large ones.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value)) return value.ToString("R", CultureInfo.InvariantCulture);
        var size = Math.Abs(value);
        var format = size switch { 0 => "0", >= 1000 => "N0", >= 100 => "0.0", >= 0.095 => "0.00", >= 0.00095 => "0.000", _ => "0.0e+0" };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A share as a percentage: <c>10 %</c>, <c>1.2 %</c>, <c>0.04 %</c>.</summary>
    public static string Share(double value)
    {
        var percent = value * 100;
        var format = Math.Abs(percent) switch { 0 => "0", >= 9.95 => "0", >= 0.095 => "0.0", _ => "0.00" };
        return percent.ToString(format, CultureInfo.InvariantCulture) + " %";
    }

    /// <summary>A difference of shares: <c>1 point</c>, <c>2.5 points</c>.</summary>
    public static string Points(double value)
    {
        var points = (value * 100).ToString("0.##", CultureInfo.InvariantCulture);
        return points == "1" ? "1 point" : points + " points";
    }

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The date where windows are whole days from midnight on, else date and time, in UTC.</summary>
    public static string Time(DateTimeOffset time, TimeSpan window)
    {
        time = time.ToUniversalTime();
        var whole = time.TimeOfDay == TimeSpan.Zero && window.Ticks % TimeSpan.TicksPerDay == 0;
        return time.ToString(whole ? "yyyy-MM-dd" : time.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>What a window is called: day, hour, week, else window; in the plural.</summary>
    public static string Windows(TimeSpan window) =>
        window == TimeSpan.FromDays(1) ? "days" : window == TimeSpan.FromHours(1) ? "hours" : window == TimeSpan.FromDays(7) ? "weeks"
        : window == TimeSpan.FromMinutes(1) ? "minutes" : "windows";

    /// <summary>A value of a measure: rates as percentages.</summary>
    public static string Value(string measure, double value) => IsShare(measure) ? Share(value) : measure == "rows" ? Count((long)value) : Number(value);

    public static bool IsShare(string measure) => measure.EndsWith("_rate", StringComparison.Ordinal) || measure == "label_coverage";

    /// <summary>A performance measure as people write it: AUC, F1, RMSE; others as they are.</summary>
    public static string Name(string measure)
    {
        var plain = MeasureNames.Plain(measure);
        var shown = plain.Length <= 4 && plain is not ("bias" or "rows") ? plain.ToUpperInvariant() : plain.Replace('_', ' ');
        return measure.StartsWith(MeasureNames.EstimatedPrefix, StringComparison.Ordinal) ? "Estimated " + shown : shown;
    }
}
