using System.Text.RegularExpressions;

namespace Drift.Worker.Tests.Web;

/// <summary>The report of one window, as the worker serves it.</summary>
public sealed class ReportApiTests
{
    static async Task<string> HtmlAsync(WebFixture web, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await web.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_draws_how_every_column_came_here_and_knows_nothing_of_later_windows()
    {
        await using var web = await WebFixture.StartAsync();
        // Five days, of which the third is the first with drift.
        var last = await HtmlAsync(web, "/api/v1/models/fraud/windows/2026-11-05T00:00:00Z/report?version=3");
        Assert.Equal(2, Regex.Count(last, "psi above noise over 5 windows: "));
        Assert.Equal(2, Regex.Count(await HtmlAsync(web, "/api/v1/models/fraud/windows/2026-11-02T00:00:00Z/report?version=3"), "psi above noise over 2 windows: "));
        // The first window has no way behind it.
        Assert.DoesNotContain("d-line\" d=", await HtmlAsync(web, "/api/v1/models/fraud/windows/2026-11-01T00:00:00Z/report?version=3"), StringComparison.Ordinal);
    }
}
