namespace Drift.Worker.Tests.Web;

public sealed class ModelPageTests
{
    [Fact]
    public async Task The_link_of_an_alert_leads_to_its_column_on_its_day()
    {
        await using var web = await WebFixture.StartAsync();
        var (status, type, page) = await web.GetAsync("/models/fraud?version=3&column=x&window=2026-11-04T00%3A00%3A00Z");
        Assert.Equal((200, "text/html"), (status, type));
        foreach (var text in (string[])["<bdi>x</bdi> on <time datetime=\"2026-11-04T00:00:00Z\">2026-11-04 00:00</time> UTC", "1,000 rows", "critical 0.200", "Distribution then and now", "All ", "d-ref", "warning 0.100"]) Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.Contains("2026-11-01 ", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/models/fraud", "Columns over time")]
    [InlineData("/models/fraud?version=4", "Columns over time")]
    [InlineData("/models/fraud?version=9", "Waiting for the first window")]
    [InlineData("/models/fraud?column=none", "This window has no readings of it")]
    [InlineData("/models/idle", "Waiting for the first window")]
    public async Task Every_state_has_its_page(string path, string expected)
    {
        await using var web = await WebFixture.StartAsync();
        var (status, _, page) = await web.GetAsync(path);
        Assert.Equal(200, status);
        Assert.Contains(expected, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_model_and_a_broken_time_are_problems()
    {
        await using var web = await WebFixture.StartAsync();
        Assert.Equal(404, (await web.GetAsync("/models/none")).Status);
        Assert.Equal(400, (await web.GetAsync("/models/fraud?window=noon")).Status);
    }

    [Fact]
    public async Task Hostile_names_stay_text_and_their_links_lead_back()
    {
        var column = "<script>&'\"/../?#\u202e";
        await using var web = await WebFixture.StartAsync(WebFixture.Filled(column, "<img src=x>"));
        var (_, _, page) = await web.GetAsync($"/models/fraud?version=3&column={Uri.EscapeDataString(column)}");
        page = page.Replace("<script src=\"/assets/", "", StringComparison.Ordinal).Replace("<img src=\"/assets/", "", StringComparison.Ordinal);
        foreach (var tag in (string[])["<script", "<img"]) Assert.DoesNotContain(tag, page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Distribution then and now", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_window_has_a_report_as_html_and_as_json()
    {
        await using var web = await WebFixture.StartAsync();
        var path = "/api/v1/models/fraud/windows/2026-11-04T00:00:00Z/report";
        var (status, type, body) = await web.GetAsync(path);
        Assert.Equal((200, "application/json"), (status, type));
        using var json = System.Text.Json.JsonDocument.Parse(body);
        Assert.Equal(1000, json.RootElement.GetProperty("current").GetProperty("rows").GetInt64());
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await web.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains("<svg", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
