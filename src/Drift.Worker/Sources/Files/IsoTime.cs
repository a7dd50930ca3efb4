namespace Drift.Worker.Sources.Files;

/// <summary>
/// ISO 8601 instants as files hold them: a date, optionally a time after T or a blank, any number of decimals (100 ns are kept), optionally Z or an offset.
/// Without an offset it is UTC. One fixed grammar instead of <see cref="DateTimeOffset"/>'s parser, which guesses.
/// </summary>
public static class IsoTime
{
    /// <summary>Parses to UTC ticks.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long utcTicks)
    {
        utcTicks = 0;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-') return false;
        if (!Digits(text, 0, 4, out var year) || !Digits(text, 5, 2, out var month) || !Digits(text, 8, 2, out var day)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        var ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;
        var rest = text[10..];
        if (!rest.IsEmpty)
        {
            if (rest[0] is not ('T' or 't' or ' ') || !TryTimeOfDay(ref rest, out var time) || !TryOffset(rest, out var offset)) return false;
            ticks += time - offset;
        }
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        utcTicks = ticks;
        return true;
    }

    static bool TryTimeOfDay(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest.Length < 6 || rest[3] != ':' || !Digits(rest, 1, 2, out var hour) || !Digits(rest, 4, 2, out var minute) || hour > 23 || minute > 59) return false;
        ticks = (hour * 60L + minute) * TimeSpan.TicksPerMinute;
        rest = rest[6..];
        if (rest.IsEmpty || rest[0] != ':') return true;
        if (!Digits(rest, 1, 2, out var second) || second > 59) return false;
        ticks += second * TimeSpan.TicksPerSecond;
        rest = rest[3..];
        if (rest.IsEmpty || rest[0] is not ('.' or ',')) return true;
        var at = 1;
        for (var unit = TimeSpan.TicksPerSecond / 10; at < rest.Length && char.IsAsciiDigit(rest[at]); at++, unit /= 10) ticks += (rest[at] - '0') * unit;
        if (at == 1) return false;
        rest = rest[at..];
        return true;
    }

    static bool TryOffset(ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || rest is "Z" or "z") return true;
        if (rest[0] is not ('+' or '-') || !Digits(rest, 1, 2, out var hours)) return false;
        var minutes = 0;
        var right = rest.Length switch
        {
            3 => true,
            5 => Digits(rest, 3, 2, out minutes),
            6 => rest[3] == ':' && Digits(rest, 4, 2, out minutes),
            _ => false,
        };
        if (!right || hours > 18 || minutes > 59) return false;
        ticks = (hours * 60L + minutes) * TimeSpan.TicksPerMinute * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    static bool Digits(ReadOnlySpan<char> text, int start, int count, out int value)
    {
        value = 0;
        if (text.Length < start + count) return false;
        foreach (var c in text.Slice(start, count))
        {
            if (!char.IsAsciiDigit(c)) return false;
            value = value * 10 + (c - '0');
        }
        return true;
    }
}
