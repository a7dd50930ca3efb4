using Drift.Worker.Sources.Files;

namespace Drift.Worker.Tests.Sources.Files;

public sealed class IsoTimeTests
{
    [Theory]
    [InlineData("2026-11-20", "2026-11-20T00:00:00.0000000Z")]
    [InlineData("2026-11-20T20:07", "2026-11-20T20:07:00.0000000Z")]
    [InlineData("2018-01-01 00:08:43.152", "2018-01-01T00:08:43.1520000Z")]
    [InlineData("2026-11-20T20:07:00.123456789Z", "2026-11-20T20:07:00.1234567Z")]
    [InlineData("2026-11-20T20:07:00+02:00", "2026-11-20T18:07:00.0000000Z")]
    [InlineData("2026-11-20T20:07:00-0530", "2026-11-21T01:37:00.0000000Z")]
    [InlineData("2026-11-20 20:07:00+01", "2026-11-20T19:07:00.0000000Z")]
    [InlineData("2024-02-29t00:00:00,5z", "2024-02-29T00:00:00.5000000Z")]
    public void An_instant_is_read_and_without_offset_it_is_UTC(string text, string expected)
    {
        Assert.True(IsoTime.TryParse(text, out var ticks));
        Assert.Equal(expected, new DateTime(ticks, DateTimeKind.Utc).ToString("O"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("20261120")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-29")]
    [InlineData("2026-11-20T24:00")]
    [InlineData("2026-11-20T20:07:60")]
    [InlineData("2026-11-20T20:07:00.")]
    [InlineData("2026-11-20T20:07:00 Z")]
    [InlineData("2026-11-20T20:07:00+2:00")]
    [InlineData("2026-11-20T20:07:00+99:00")]
    [InlineData("2026-11-20Z")]
    [InlineData("11/20/2026 20:07")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    public void Anything_else_is_no_instant(string text) => Assert.False(IsoTime.TryParse(text, out _));
}
