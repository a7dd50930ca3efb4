namespace Drift.Alerts.Tests.Policies;

public class ScheduleTests
{
    static bool Active(string text, string zone, string now, string duration)
    {
        Assert.True(Schedule.TryParse(text, TimeZoneInfo.FindSystemTimeZoneById(zone), out var schedule, out var error), error);
        return schedule!.IsActive(
            DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.ParseExact(duration, "c", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("0 2 * * 6", "UTC", "2026-11-21T01:59:59Z", "04:00:00", false)] // a Saturday
    [InlineData("0 2 * * 6", "UTC", "2026-11-21T02:00:00Z", "04:00:00", true)]
    [InlineData("0 2 * * 6", "UTC", "2026-11-21T05:59:59Z", "04:00:00", true)]
    [InlineData("0 2 * * 6", "UTC", "2026-11-21T06:00:00Z", "04:00:00", false)]
    [InlineData("0 2 * * 6", "UTC", "2026-11-22T02:30:00Z", "04:00:00", false)]
    [InlineData("0 2 * * *", "Europe/Berlin", "2026-07-01T00:30:00Z", "01:00:00", true)]
    [InlineData("0 2 * * *", "Europe/Berlin", "2026-12-01T00:30:00Z", "01:00:00", false)]
    [InlineData("0 2 * * *", "Europe/Berlin", "2026-12-01T01:30:00Z", "01:00:00", true)]
    [InlineData("*/15 9-17 * * 1-5", "UTC", "2026-11-20T17:45:10Z", "00:01:00", true)]
    [InlineData("*/15 9-17 * * 1-5", "UTC", "2026-11-20T17:46:10Z", "00:01:00", false)]
    [InlineData("0 0 1 * 0", "UTC", "2026-11-01T00:00:30Z", "00:01:00", true)] // the first, and a Sunday
    [InlineData("0 0 1 * 7", "UTC", "2026-11-08T00:00:30Z", "00:01:00", true)] // a Sunday
    [InlineData("0 0 1 * 7", "UTC", "2026-11-09T00:00:30Z", "00:01:00", false)]
    [InlineData("30 23 31 12 *", "UTC", "2027-01-01T00:15:00Z", "01:00:00", true)]
    public void A_schedule_is_in_force_from_its_beginning_for_its_duration(string text, string zone, string now, string duration, bool expected) =>
        Assert.Equal(expected, Active(text, zone, now, duration));

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("5-1 * * * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("1,,2 * * * *")]
    [InlineData("+1 * * * *")]
    public void What_is_no_schedule_is_refused(string text) => Assert.False(Schedule.TryParse(text, TimeZoneInfo.Utc, out _, out _));
}
