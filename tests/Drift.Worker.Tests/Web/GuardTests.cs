using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Drift.Worker.Configuration;

namespace Drift.Worker.Tests.Web;

public sealed class GuardTests
{
    static ApiKeyConfig Key(string role, string key) => new(role, role, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));

    static async Task<HttpStatusCode> Ask(WebFixture web, Action<HttpRequestMessage> change, string path = "/api/v1/models", HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        change(request);
        using var response = await web.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://example.com:0")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("nonsense")]
    public async Task Without_keys_only_loopback_may_be_bound(string url)
    {
        var e = await Assert.ThrowsAsync<InputException>(() => WebFixture.StartAsync(config: new WebConfig { Url = url }));
        Assert.Contains(url, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        await using var first = await WebFixture.StartAsync();
        var taken = first.Server.Address.ToString();
        var e = await Assert.ThrowsAsync<InputException>(() => WebFixture.StartAsync(config: new WebConfig { Url = taken }));
        Assert.Contains("cannot listen there", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_keys_a_foreign_name_is_refused_so_that_no_web_page_can_reach_the_interface()
    {
        await using var web = await WebFixture.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await Ask(web, r => r.Headers.Host = "localhost:1"));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(web, r => r.Headers.Host = "evil.example"));
        Assert.Equal(HttpStatusCode.OK, await Ask(web, r => r.Headers.Host = "evil.example", "/health/live"));
    }

    [Fact]
    public async Task With_keys_a_role_is_needed_and_health_is_open()
    {
        await using var web = await WebFixture.StartAsync(config: new WebConfig { Url = "http://127.0.0.1:0", Keys = [Key("reader", "r-key"), Key("operator", "o-key")] });
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(web, _ => { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(web, r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "x")));
        Assert.Equal(HttpStatusCode.OK, await Ask(web, r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "r-key")));
        Assert.Equal(HttpStatusCode.OK, await Ask(web, r => r.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("any:r-key"u8))));
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(web, _ => { }, "/metrics"));
        Assert.Equal(HttpStatusCode.OK, await Ask(web, _ => { }, "/health/ready"));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(web, r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "r-key"), method: HttpMethod.Post));
        Assert.NotEqual(HttpStatusCode.Forbidden, await Ask(web, r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "o-key"), method: HttpMethod.Post));
    }
}
