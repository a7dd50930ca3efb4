using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Drift.Worker.Configuration;
using Drift.Worker.Web;

namespace Drift.Worker.Tests.Web;

/// <summary>What people change over HTTP, who may, and what is put on record of it.</summary>
public sealed class OperationsApiTests
{
    const string Body = """{"match":{"model":"fraud","column":"x"},"ends":"2100-01-01T00:00:00Z","author":"ada","reason":"known move"}""";

    static ApiKeyConfig Key(string name, string role) => new(name, role, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name + "-key"))));

    static readonly WebConfig keys = new() { Url = "http://127.0.0.1:0", Keys = [Key("grafana", "reader"), Key("oncall", "operator"), Key("root", "admin")] };

    static async Task<(HttpStatusCode Status, JsonElement Body)> Ask(WebFixture web, HttpMethod method, string path, string? body = null, string? key = null, string? origin = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key + "-key");
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var response = await web.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    [Fact]
    public async Task A_silence_is_made_listed_and_taken_back_and_all_of_it_is_on_record()
    {
        await using var web = await WebFixture.StartAsync();
        var (status, made) = await Ask(web, HttpMethod.Post, "/api/v1/silences", Body);
        Assert.Equal((HttpStatusCode.Created, "active", "ada", "known move"), (status, Text(made, "state"), Text(made, "author"), Text(made, "reason")));
        var listed = Assert.Single((await Ask(web, HttpMethod.Get, "/api/v1/silences")).Body.EnumerateArray());
        Assert.Equal(made.GetRawText(), listed.GetRawText());
        Assert.Equal(HttpStatusCode.NoContent, (await Ask(web, HttpMethod.Delete, $"/api/v1/silences/{Text(made, "id")}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Ask(web, HttpMethod.Delete, $"/api/v1/silences/{Text(made, "id")}")).Status);
        Assert.Empty((await Ask(web, HttpMethod.Get, "/api/v1/silences")).Body.EnumerateArray());
        var key = Text((await Ask(web, HttpMethod.Get, "/api/v1/alerts?state=firing")).Body[0], "key");
        Assert.Equal(HttpStatusCode.NoContent, (await Ask(web, HttpMethod.Post, $"/api/v1/alerts/{key}/ack", """{"author":"bob","reason":"on it"}""")).Status);
        var entries = (await Ask(web, HttpMethod.Get, "/api/v1/audit")).Body.EnumerateArray().ToList();
        Assert.Equal(
            [("local", "silence.create", Text(made, "id")), ("local", "silence.delete", Text(made, "id")), ("local", "alert.ack", key)],
            entries.Select(e => (Text(e, "actor"), Text(e, "action"), Text(e, "subject"))));
        Assert.Contains("known move", Text(entries[0], "detail"), StringComparison.Ordinal);
        Assert.Equal(new string('0', 64), Text(entries[0], "previous"));
        Assert.Equal(Text(entries[0], "hash"), Text(entries[1], "previous"));
        var verified = (await Ask(web, HttpMethod.Get, "/api/v1/audit/verify")).Body;
        Assert.Equal((true, 3, Text(entries[2], "hash")), (verified.GetProperty("ok").GetBoolean(), verified.GetProperty("entries").GetInt32(), Text(verified, "head")));
        Assert.False((await Ask(web, HttpMethod.Get, $"/api/v1/audit/verify?head={new string('b', 64)}")).Body.GetProperty("ok").GetBoolean());
        Assert.Single((await Ask(web, HttpMethod.Get, "/api/v1/audit?after=2")).Body.EnumerateArray());
        Assert.Empty((await Ask(web, HttpMethod.Get, "/api/v1/audit?to=2020-01-01T00:00:00Z")).Body.EnumerateArray());
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("""{"match":{"model":"fraud"},"author":"a","reason":"b"}""", "$.ends: missing")]
    [InlineData("""{"match":{},"ends":"2100-01-01T00:00:00Z","author":"a","reason":"b"}""", "picks every alert")]
    [InlineData("""{"match":{"modle":"fraud"},"ends":"2100-01-01T00:00:00Z","author":"a","reason":"b"}""", "did you mean 'model'?")]
    [InlineData("""{"match":{"model":"fraud"},"ends":"2020-01-01T00:00:00Z","author":"a","reason":"b"}""", "lies in the past")]
    [InlineData("""{"match":{"model":"fraud"},"ends":"2100-01-01T00:00:00Z","reason":"b"}""", "$.author")]
    [InlineData("""{"match":{"model":"fraud"},"ends":"2100-01-01T00:00:00Z","author":"a"}""", "$.reason")]
    [InlineData("""{"id":"mine","match":{"model":"fraud"},"ends":"2100-01-01T00:00:00Z","author":"a","reason":"b"}""", "$.id")]
    public async Task A_wrong_silence_is_refused_with_what_is_wrong(string body, string expected)
    {
        await using var web = await WebFixture.StartAsync();
        var (status, problem) = await Ask(web, HttpMethod.Post, "/api/v1/silences", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(expected, Text(problem, "detail"), StringComparison.Ordinal);
        Assert.Empty((await Ask(web, HttpMethod.Get, "/api/v1/audit")).Body.EnumerateArray());
    }

    [Fact]
    public async Task Roles_decide_who_changes_and_the_keys_name_stands_on_record()
    {
        var accessed = new List<Access>();
        await using var web = await WebFixture.StartAsync(config: keys, accessed: access =>
        {
            lock (accessed) accessed.Add(access);
        });
        var nameless = Body.Replace("\"author\":\"ada\",", "", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await Ask(web, HttpMethod.Post, "/api/v1/silences", nameless, "grafana")).Status);
        var (status, made) = await Ask(web, HttpMethod.Post, "/api/v1/silences", nameless, "oncall");
        Assert.Equal((HttpStatusCode.Created, "oncall"), (status, Text(made, "author")));
        Assert.Equal(HttpStatusCode.Forbidden, (await Ask(web, HttpMethod.Delete, $"/api/v1/silences/{Text(made, "id")}", key: "grafana")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await Ask(web, HttpMethod.Delete, $"/api/v1/silences/{Text(made, "id")}", key: "root")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Ask(web, HttpMethod.Get, "/api/v1/audit")).Status);
        var entries = (await Ask(web, HttpMethod.Get, "/api/v1/audit", key: "grafana")).Body.EnumerateArray().Select(e => (Text(e, "actor"), Text(e, "action")));
        Assert.Equal([("oncall", "silence.create"), ("root", "silence.delete")], entries);
        for (var i = 0; i < 5; i++) await Ask(web, HttpMethod.Get, "/api/v1/models", key: "grafana");
        lock (accessed)
        {
            Assert.Contains(new Access("grafana", "POST", "/api/v1/silences", 403), accessed);
            Assert.Contains(new Access("unknown", "GET", "", 401), accessed);
            Assert.Contains(new Access("root", "DELETE", "/api/v1/silences/{id}", 204), accessed);
            // The same request again within a minute is one access.
            Assert.Single(accessed, new Access("grafana", "GET", "/api/v1/models", 200));
        }
    }

    [Fact]
    public async Task Another_sites_page_changes_nothing()
    {
        await using var web = await WebFixture.StartAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await Ask(web, HttpMethod.Post, "/api/v1/silences", Body, origin: "http://evil.example")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Ask(web, HttpMethod.Post, "/api/v1/silences", Body, origin: "null")).Status);
        Assert.Equal(HttpStatusCode.Created, (await Ask(web, HttpMethod.Post, "/api/v1/silences", Body, origin: web.Server.Address.GetLeftPart(UriPartial.Authority))).Status);
    }
}
