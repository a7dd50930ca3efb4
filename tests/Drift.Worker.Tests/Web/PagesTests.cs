using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Drift.Worker.Configuration;
using Drift.Worker.Stores.Memory;

namespace Drift.Worker.Tests.Web;

/// <summary>What every page does alike: states, roles, errors, and who may send what.</summary>
public sealed class PagesTests
{
    static readonly string[] pages = ["/", "/models/fraud", "/models/fraud?version=3&column=x", "/models/fraud/quality", "/models/fraud/performance", "/models/fraud/versions", "/alerts", "/policy", "/operations"];

    static ApiKeyConfig Key(string role) => new(role, role, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(role + "-key"))));

    static async Task<(HttpStatusCode Status, string Body)> Send(WebFixture web, HttpMethod method, string path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.ParseAdd("text/html");
        change?.Invoke(request);
        using var response = await web.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Every_page_stands_for_a_full_and_for_an_empty_store()
    {
        await using var full = await WebFixture.StartAsync();
        await using var empty = await WebFixture.StartAsync(new MemoryStore());
        foreach (var page in pages)
            foreach (var web in (WebFixture[])[full, empty])
            {
                var (status, body) = await Send(web, HttpMethod.Get, page);
                Assert.True(status == HttpStatusCode.OK, $"{page}: {status} {body}");
                Assert.Equal(1, body.Split("<h1").Length - 1);
                Assert.DoesNotContain(" style=", body, StringComparison.Ordinal); // the browser would refuse it
                Assert.DoesNotContain(" on", string.Concat(body.Split('<').Select(t => t.Split('>')[0])).Replace(" one", "", StringComparison.Ordinal).Replace(" only", "", StringComparison.Ordinal).Replace(" on=", "", StringComparison.Ordinal).Replace("class=\" on", "", StringComparison.Ordinal), StringComparison.Ordinal);
            }
    }

    [Fact]
    public async Task Hostile_names_stay_text_on_every_page()
    {
        var column = "</td><script>alert(1)</script>\" onmouseover=\"x\u202e\0'&<svg/onload=1>" + new string('w', 3000);
        await using var web = await WebFixture.StartAsync(WebFixture.Filled(column, "<img src=x onerror=alert(2)><style>*{display:none}</style>"));
        foreach (var page in pages.Select(p => p.Replace("column=x", "column=" + Uri.EscapeDataString(column), StringComparison.Ordinal)))
        {
            var (status, body) = await Send(web, HttpMethod.Get, page);
            Assert.Equal(HttpStatusCode.OK, status);
            foreach (var (tag, ours) in ((string, string)[])[("<script", "<script src=\"/assets/drift.js?"), ("<img", "<img src=\"/assets/drift.svg?"), ("<style", "<style-none")])
                Assert.Equal(body.Split(ours).Length, body.Split(tag).Length);
            Assert.DoesNotContain("onmouseover=\"x", body, StringComparison.Ordinal);
            Assert.DoesNotContain("<svg/", body, StringComparison.Ordinal);
            Assert.DoesNotContain('\0', body);
        }
    }

    [Fact]
    public async Task An_error_is_a_page_for_a_browser_and_a_problem_for_a_program()
    {
        await using var web = await WebFixture.StartAsync();
        var (status, page) = await Send(web, HttpMethod.Get, "/models/none");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("there is no model &#x27;none&#x27;", page, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.Equal((404, "application/problem+json"), ((await web.GetAsync("/models/none")).Status, (await web.GetAsync("/models/none")).Type));
        Assert.StartsWith("{", (await Send(web, HttpMethod.Get, "/api/v1/none")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_away_is_said_on_a_page_that_tries_again()
    {
        await using var web = await WebFixture.StartAsync(new AbsentStore());
        foreach (var path in pages.Where(p => p != "/policy"))
        {
            var (status, page) = await Send(web, HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains("the store cannot be reached", page, StringComparison.Ordinal);
            Assert.Contains("data-live=\"yes\"", page, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_sites_page_cannot_change_anything()
    {
        await using var web = await WebFixture.StartAsync();
        foreach (var (header, value) in ((string, string)[])[("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site")])
            Assert.Equal(HttpStatusCode.Forbidden, (await Send(web, HttpMethod.Post, "/policy", r => r.Headers.Add(header, value))).Status);
        var own = await Send(web, HttpMethod.Post, "/policy", r =>
        {
            r.Headers.Add("Origin", web.Server.Address.GetLeftPart(UriPartial.Authority));
            r.Headers.Add("Sec-Fetch-Site", "same-origin");
            r.Content = new FormUrlEncodedContent([new("policy", Drift.Alerts.Policy.DefaultText), new("days", "90")]);
        });
        Assert.Equal(HttpStatusCode.OK, own.Status);
        Assert.Contains("It would have raised", own.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_sees_no_forms_and_may_send_none()
    {
        await using var web = await WebFixture.StartAsync(config: new WebConfig { Url = "http://127.0.0.1:0", Keys = [Key("reader"), Key("operator")] });
        Action<HttpRequestMessage> As(string role) => r => r.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{role}-key")));
        foreach (var page in (string[])["/alerts", "/policy"])
        {
            var (_, reader) = await Send(web, HttpMethod.Get, page, As("reader"));
            Assert.DoesNotContain("method=\"post\"", reader, StringComparison.Ordinal);
            Assert.Contains("role: reader", reader, StringComparison.Ordinal);
            Assert.Contains("method=\"post\"", (await Send(web, HttpMethod.Get, page, As("operator"))).Body, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await Send(web, HttpMethod.Post, "/policy", As("reader"))).Status);
    }

    [Fact]
    public async Task Assets_are_kept_until_they_change()
    {
        await using var web = await WebFixture.StartAsync();
        var (_, page) = await Send(web, HttpMethod.Get, "/");
        foreach (var name in (string[])["drift.css", "drift.js", "drift.svg"])
        {
            var at = page.IndexOf($"/assets/{name}?", StringComparison.Ordinal);
            using var response = await web.Client.GetAsync(new Uri(page[at..page.IndexOf('"', at)], UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
        Assert.Equal(404, (await web.GetAsync("/assets/other.css")).Status);
    }
}
