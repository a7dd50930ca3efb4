using System.Text;

namespace Drift.Alerts.Tests.Policies;

public class SilenceFormatTests
{
    [Fact]
    public void A_silence_is_read_back_as_written()
    {
        var text = """{"id":"s1","match":{"column":["amount"],"model":["fr*"],"tags":{"team":["x"]}},"starts":"2026-11-19T00:00:00Z","ends":"2026-11-20T00:00:00Z","author":"ann","reason":"migration"}""";
        var silence = SilenceFormat.Read(Encoding.UTF8.GetBytes(text), out var errors);
        Assert.Empty(errors);
        Assert.Equal(text, Encoding.UTF8.GetString(SilenceFormat.Write(silence!)));
        Assert.False(silence!.IsActive(Make.Origin.AddDays(1)));
        Assert.True(silence.IsActive(Make.Origin));
    }

    [Theory]
    [InlineData("""{"match":{"model":"a"}}""", "$.ends: missing")]
    [InlineData("""{"match":{"modell":"a"},"ends":"2026-11-20T00:00:00Z"}""", "$.match.modell: unknown member; did you mean 'model'?")]
    [InlineData("nonsense", "$: not JSON")]
    public void What_is_none_is_refused_with_its_reason(string text, string expected)
    {
        Assert.Null(SilenceFormat.Read(Encoding.UTF8.GetBytes(text), out var errors));
        Assert.StartsWith(expected, errors[0].ToString());
    }
}
