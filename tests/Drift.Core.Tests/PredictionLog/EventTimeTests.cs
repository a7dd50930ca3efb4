using System.Globalization;
using System.Text;

namespace Drift.Core.Tests.PredictionLog;

public sealed class EventTimeTests
{
    static long? Parse(string text) => EventTime.TryParse(Encoding.UTF8.GetBytes(text), out var ticks) ? ticks : null;

    [Theory]
    [InlineData("2026-11-20T20:07:00.123Z", "2026-11-20T20:07:00.123")]
    [InlineData("2026-11-20T20:07:00Z", "2026-11-20T20:07:00")]
    [InlineData("2026-11-20T20:07Z", "2026-11-20T20:07:00")]
    [InlineData("2026-11-20T20Z", "2026-11-20T20:00:00")]
    [InlineData("2026-11-20", "2026-11-20T00:00:00")]
    [InlineData("2026-11-20T20:07:00", "2026-11-20T20:07:00")]
    [InlineData("2026-11-20 20:07:00", "2026-11-20T20:07:00")]
    [InlineData("2026-11-20t20:07:00z", "2026-11-20T20:07:00")]
    [InlineData("2026-11-20T20:07:00+02:00", "2026-11-20T18:07:00")]
    [InlineData("2026-11-20T20:07:00+0230", "2026-11-20T17:37:00")]
    [InlineData("2026-11-20T20:07:00-05", "2026-11-21T01:07:00")]
    [InlineData("2026-11-20T20:07:00,5Z", "2026-11-20T20:07:00.5")]
    [InlineData("2026-11-20T20:07:00.123456789Z", "2026-11-20T20:07:00.1234567")]
    [InlineData("20261120T200700Z", "2026-11-20T20:07:00")]
    [InlineData("20261120T2007", "2026-11-20T20:07:00")]
    [InlineData("20261120T200700.25+0100", "2026-11-20T19:07:00.25")]
    [InlineData("2026-11-20T24:00:00Z", "2026-11-21T00:00:00")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]
    public void Reads_iso_8601(string text, string utc) =>
        Assert.Equal(DateTime.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal).Ticks, Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("2026")]
    [InlineData("2026-11")]
    [InlineData("2026-1120")]
    [InlineData("202611-20")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-11-00T00:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("2026-11-20T")]
    [InlineData("2026-11-20T24:00:01Z")]
    [InlineData("2026-11-20T25:00:00Z")]
    [InlineData("2026-11-20T20:60:00Z")]
    [InlineData("2026-11-20T20:07:61Z")]
    [InlineData("2026-11-20T20:07:00.Z")]
    [InlineData("2026-11-20T20:07:00+24:00")]
    [InlineData("2026-11-20T20:07:00+01:60")]
    [InlineData("2026-11-20T20:07:00Zz")]
    [InlineData("2026-11-20T20:07:00 Z")]
    [InlineData(" 2026-11-20T20:07:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("20/11/2026 20:07")]
    [InlineData("1700000000")]
    public void Refuses_what_is_no_time(string text) => Assert.Null(Parse(text));

    [Fact]
    public void Cuts_beyond_100_ns_without_crossing_a_border()
    {
        Assert.Equal(Parse("2026-11-20T23:59:59.9999999Z"), Parse("2026-11-20T23:59:59.999999999999Z"));
        Assert.True(Parse("2026-11-20T23:59:59.999999999999Z") < Parse("2026-11-21T00:00:00Z"));
    }

    [Theory]
    [InlineData(1_700_000_000L, TimeUnit.Seconds)]
    [InlineData(1_700_000_000_000L, TimeUnit.Milliseconds)]
    [InlineData(1_700_000_000_000_000L, TimeUnit.Microseconds)]
    [InlineData(1_700_000_000_000_000_099L, TimeUnit.Nanoseconds)]
    public void Reads_whole_numbers_in_the_configured_unit(long value, TimeUnit unit)
    {
        Assert.True(EventTime.TryFrom(value, unit, out var ticks));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).UtcTicks, ticks);
    }

    [Fact]
    public void Nanoseconds_before_1970_round_down()
    {
        Assert.True(EventTime.TryFrom(-1, TimeUnit.Nanoseconds, out var ticks));
        Assert.Equal(DateTime.UnixEpoch.Ticks - 1, ticks);
    }

    [Theory]
    [InlineData(long.MaxValue, TimeUnit.Seconds)]
    [InlineData(long.MinValue, TimeUnit.Seconds)]
    [InlineData(long.MaxValue, TimeUnit.Milliseconds)]
    [InlineData(1_700_000_000_000_000L, TimeUnit.Milliseconds)]
    public void Refuses_whole_numbers_outside_the_calendar(long value, TimeUnit unit) => Assert.False(EventTime.TryFrom(value, unit, out _));

    [Fact]
    public void Writes_what_it_reads()
    {
        foreach (var text in new[] { "2026-11-20T20:07:00Z", "2026-11-20T20:07:00.5Z", "2026-11-20T20:07:00.1234567Z" })
            Assert.Equal(text, EventTime.Format(Parse(text)!.Value));
    }
}
