using System.Net;
using Drift.Worker.Configuration;

namespace Drift.Worker.Tests.Web;

/// <summary>A reference over HTTP, and how often one may ask.</summary>
public sealed class CaptureApiTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static string Days(int from, int to) => $"from={WebFixture.Start.AddDays(from):yyyy-MM-dd}&to={WebFixture.Start.AddDays(to):yyyy-MM-dd}";

    static async Task<(HttpStatusCode, string)> Post(WebFixture web, string query)
    {
        using var response = await web.Client.PostAsync(new Uri($"/api/v1/models/fraud/capture?{query}", UriKind.Relative), null, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_reference_is_captured_from_stored_windows_unless_they_drift_apart()
    {
        await using var web = await WebFixture.StartAsync();
        var (status, body) = await Post(web, Days(0, 2));
        Assert.Equal(HttpStatusCode.OK, status);
        var captured = ProfileFormat.Read(System.Text.Encoding.UTF8.GetBytes(body));
        Assert.Equal((2000L, "fraud", "3", WebFixture.Start), (captured.Rows, captured.Model, captured.ModelVersion, captured.Start));
        (status, body) = await Post(web, Days(0, 4)); // x moves on the third day
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("in x", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(web, "from=2026-11-01")).Item1);
        (status, body) = await Post(web, Days(0, 9));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("several versions", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(web, Days(20, 30))).Item1);
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_come_back_and_health_is_never_refused()
    {
        await using var web = await WebFixture.StartAsync(config: new WebConfig { Url = "http://127.0.0.1:0", RequestsPerMinute = 3 });
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await web.GetAsync("/api/v1/models")).Status);
        using var refused = await web.Client.GetAsync(new Uri("/api/v1/models", UriKind.Relative), Cancel);
        Assert.Equal((HttpStatusCode.TooManyRequests, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType!.MediaType));
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal(200, (await web.GetAsync("/health/live")).Status);
    }
}
