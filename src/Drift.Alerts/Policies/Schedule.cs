using System.Globalization;

namespace Drift.Alerts;

/// <summary>A cron-like schedule in a time zone: minute, hour, day of month, month, day of week; <c>*</c>, lists, ranges and steps.</summary>
/// <remarks>As in cron, a day of month and a day of week that are both restricted are alternatives; Sunday is 0 or 7.
/// A local time that daylight saving skips does not happen on that day.</remarks>
public sealed class Schedule
{
    static readonly (string Name, int Low, int High)[] fields = [("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 7)];

    readonly ulong[] allowed;
    readonly bool eitherDay;

    Schedule(string text, TimeZoneInfo zone, ulong[] allowed, bool eitherDay)
    {
        Text = text;
        Zone = zone;
        this.allowed = allowed;
        this.eitherDay = eitherDay;
    }

    /// <summary>The schedule as written.</summary>
    public string Text { get; }

    /// <summary>The time zone in which it is meant.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>Reads five fields; false with what is wrong.</summary>
    public static bool TryParse(string text, TimeZoneInfo zone, out Schedule? schedule, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        schedule = null;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != fields.Length)
        {
            error = "five fields are expected: minute, hour, day of month, month, day of week";
            return false;
        }
        var allowed = new ulong[fields.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (TryField(parts[i], fields[i].Low, fields[i].High, out allowed[i])) continue;
            error = $"the {fields[i].Name} '{parts[i]}' is none: *, a number from {fields[i].Low} to {fields[i].High}, a range 1-5, a step */2, or a list of these";
            return false;
        }
        if ((allowed[4] & (1UL << 7)) != 0) allowed[4] |= 1; // Sunday by its other number
        error = "";
        schedule = new Schedule(text, zone, allowed, !parts[2].StartsWith('*') && !parts[4].StartsWith('*'));
        return true;
    }

    static bool TryField(string text, int low, int high, out ulong bits)
    {
        bits = 0;
        foreach (var part in text.Split(','))
        {
            var slash = part.Split('/');
            var step = 1;
            if (slash.Length > 2 || (slash.Length == 2 && !Number(slash[1], 1, high, out step))) return false;
            int from = low, to = high;
            if (slash[0] != "*")
            {
                var range = slash[0].Split('-');
                if (range.Length > 2 || !Number(range[0], low, high, out from)) return false;
                to = slash.Length == 2 ? high : from;
                if (range.Length == 2 && !Number(range[1], from, high, out to)) return false;
            }
            for (var i = from; i <= to; i += step) bits |= 1UL << i;
        }
        return true;
    }

    static bool Number(string text, int low, int high, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= low && value <= high;

    /// <summary>Whether an occurrence that lasts for the given time is going on.</summary>
    public bool IsActive(DateTimeOffset now, TimeSpan duration)
    {
        var minute = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        for (; minute + duration > now; minute -= TimeSpan.FromMinutes(1))
            if (Begins(TimeZoneInfo.ConvertTime(minute, Zone))) return true;
        return false;
    }

    /// <summary>The last occurrence that began at most so long ago; null: there was none.</summary>
    public DateTimeOffset? Last(DateTimeOffset now, TimeSpan back)
    {
        var minute = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        for (var earliest = minute - back; minute > earliest; minute -= TimeSpan.FromMinutes(1))
            if (Begins(TimeZoneInfo.ConvertTime(minute, Zone))) return minute;
        return null;
    }

    bool Begins(DateTimeOffset local)
    {
        bool Has(int field, int value) => (allowed[field] & (1UL << value)) != 0;
        if (!Has(0, local.Minute) || !Has(1, local.Hour) || !Has(3, local.Month)) return false;
        bool day = Has(2, local.Day), weekday = Has(4, (int)local.DayOfWeek);
        return eitherDay ? day || weekday : day && weekday;
    }

    /// <summary>The schedule and its time zone.</summary>
    public override string ToString() => $"{Text} ({Zone.Id})";
}
