using System.Globalization;

namespace Drift;

/// <summary>The unit of an event time that is a whole number since 1970-01-01T00:00Z. It is configured, never guessed.</summary>
public enum TimeUnit
{
    /// <summary>Seconds.</summary>
    Seconds,

    /// <summary>Milliseconds.</summary>
    Milliseconds,

    /// <summary>Microseconds.</summary>
    Microseconds,

    /// <summary>Nanoseconds; what is finer than 100 ns is cut off.</summary>
    Nanoseconds,
}

/// <summary>
/// Event times as UTC ticks (100 ns since year 1). Text is ISO 8601: a calendar date, with or without dashes, then optionally <c>T</c> or a blank
/// and a time of any precision, then optionally <c>Z</c> or an offset. A time without offset is UTC. Digits beyond 100 ns are cut off, which moves
/// no time across a window's border; a leap second counts as the second after it.
/// </summary>
public static class EventTime
{
    /// <summary>Reads ISO 8601 text; false when it is none or lies outside the years 1 to 9999.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long utcTicks)
    {
        utcTicks = 0;
        var at = 0;
        if (!Date(text, ref at, out var day)) return false;
        long time = 0, offset = 0;
        if (at < text.Length)
        {
            if (text[at] is not ((byte)'T' or (byte)'t' or (byte)' ')) return false;
            at++;
            if (!Time(text, ref at, out time) || !Offset(text, ref at, out offset) || at != text.Length) return false;
        }
        var ticks = day + time - offset;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        utcTicks = ticks;
        return true;
    }

    /// <summary>Turns a whole number since 1970 into UTC ticks; false outside the years 1 to 9999.</summary>
    public static bool TryFrom(long value, TimeUnit unit, out long utcTicks)
    {
        Int128 ticks = unit switch
        {
            TimeUnit.Seconds => (Int128)value * TimeSpan.TicksPerSecond,
            TimeUnit.Milliseconds => (Int128)value * TimeSpan.TicksPerMillisecond,
            TimeUnit.Microseconds => (Int128)value * TimeSpan.TicksPerMicrosecond,
            _ => Math.DivRem(value, 100) is var (q, r) && r < 0 ? q - 1 : value / 100,
        };
        ticks += DateTime.UnixEpoch.Ticks;
        var inside = ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
        utcTicks = inside ? (long)ticks : 0;
        return inside;
    }

    /// <summary>The instant of UTC ticks.</summary>
    public static DateTimeOffset ToInstant(long utcTicks) => new(utcTicks, TimeSpan.Zero);

    /// <summary>ISO 8601 in UTC with as many fractional digits as needed: what Drift writes everywhere.</summary>
    public static string Format(long utcTicks) =>
        new DateTime(utcTicks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    static bool Date(ReadOnlySpan<byte> text, ref int at, out long ticks)
    {
        ticks = 0;
        if (!Digits(text, ref at, 4, out var year)) return false;
        var dashed = Take(text, ref at, (byte)'-');
        if (!Digits(text, ref at, 2, out var month) || Take(text, ref at, (byte)'-') != dashed || !Digits(text, ref at, 2, out var day)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;
        return true;
    }

    static bool Time(ReadOnlySpan<byte> text, ref int at, out long ticks)
    {
        ticks = 0;
        if (!Digits(text, ref at, 2, out var hour)) return false;
        int minute = 0, second = 0;
        long fraction = 0;
        var colons = Take(text, ref at, (byte)':');
        if (colons || Digit(text, at))
        {
            if (!Digits(text, ref at, 2, out minute)) return false;
            if (colons ? Take(text, ref at, (byte)':') : Digit(text, at))
            {
                if (!Digits(text, ref at, 2, out second)) return false;
                if ((Take(text, ref at, (byte)'.') || Take(text, ref at, (byte)',')) && !Fraction(text, ref at, out fraction)) return false;
            }
        }
        var endOfDay = hour == 24 && minute == 0 && second == 0 && fraction == 0;
        if ((hour > 23 && !endOfDay) || minute > 59 || second > 60) return false;
        ticks = (hour * 3600L + minute * 60 + second) * TimeSpan.TicksPerSecond + fraction;
        return true;
    }

    static bool Fraction(ReadOnlySpan<byte> text, ref int at, out long ticks)
    {
        ticks = 0;
        var first = at;
        for (var unit = TimeSpan.TicksPerSecond / 10; Digit(text, at); at++, unit /= 10) ticks += unit * (text[at] - '0');
        return at > first;
    }

    static bool Offset(ReadOnlySpan<byte> text, ref int at, out long ticks)
    {
        ticks = 0;
        if (at == text.Length || Take(text, ref at, (byte)'Z') || Take(text, ref at, (byte)'z')) return true;
        var sign = text[at] == '-' ? -1 : 1;
        if (!Take(text, ref at, (byte)'+') && !Take(text, ref at, (byte)'-')) return false;
        if (!Digits(text, ref at, 2, out var hours)) return false;
        var minutes = 0;
        if ((Take(text, ref at, (byte)':') || Digit(text, at)) && !Digits(text, ref at, 2, out minutes)) return false;
        if (hours > 23 || minutes > 59) return false;
        ticks = sign * (hours * 60L + minutes) * TimeSpan.TicksPerMinute;
        return true;
    }

    static bool Digit(ReadOnlySpan<byte> text, int at) => at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9';

    static bool Digits(ReadOnlySpan<byte> text, ref int at, int count, out int value)
    {
        value = 0;
        for (var i = 0; i < count; i++, at++)
        {
            if (!Digit(text, at)) return false;
            value = value * 10 + (text[at] - '0');
        }
        return true;
    }

    static bool Take(ReadOnlySpan<byte> text, ref int at, byte wanted)
    {
        if (at >= text.Length || text[at] != wanted) return false;
        at++;
        return true;
    }
}
