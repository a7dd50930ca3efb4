using Drift.Worker.Stores.Memory;

namespace Drift.Worker.Tests.Web;

public sealed class HomePageTests
{
    [Fact]
    public async Task The_page_shows_alerts_models_windows_and_the_worst_columns()
    {
        await using var web = await WebFixture.StartAsync();
        var (status, type, page) = await web.GetAsync("/");
        Assert.Equal((200, "text/html"), (status, type));
        foreach (var text in (string[])["x drifted", ">fraud<", ">idle<", "Waiting for the first window", "2026-11-05 00:00", "columns moved:", "critical", "fresh", "Report of this window"]) Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.Matches("<script src=\"/assets/drift.js[?][0-9a-f]+\" defer></script>", page);
    }

    [Fact]
    public async Task It_is_self_contained_and_says_so_to_the_browser()
    {
        await using var web = await WebFixture.StartAsync();
        using var response = await web.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        var (status, type, _) = await web.GetAsync("/assets/drift.css");
        Assert.Equal((200, "text/css"), (status, type));
    }

    [Fact]
    public async Task Hostile_names_stay_text()
    {
        var column = "</td><script>alert(1)</script>\" onmouseover=\"x\u202e\0'&<svg/onload=1>";
        await using var web = await WebFixture.StartAsync(WebFixture.Filled(column, "<img src=x onerror=alert(2)>"));
        var (_, _, page) = await web.GetAsync("/");
        page = page.Replace("<script src=\"/assets/", "", StringComparison.Ordinal).Replace("<img src=\"/assets/", "", StringComparison.Ordinal).Replace("<svg class=\"spark\"", "", StringComparison.Ordinal);
        foreach (var tag in (string[])["<script", "<img", "<svg", "onmouseover=\"x"]) Assert.DoesNotContain(tag, page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', page);
    }

    [Fact]
    public async Task An_empty_worker_has_a_page_too()
    {
        await using var web = await WebFixture.StartAsync(new MemoryStore());
        var (status, _, page) = await web.GetAsync("/");
        Assert.Equal(200, status);
        Assert.Contains("Nothing fires", page, StringComparison.Ordinal);
    }
}
