using System.Text.Json;

namespace Drift.Worker.Tests.Web;

public sealed class ApiTests
{
    static async Task<JsonElement> Json(WebFixture web, string path)
    {
        var (status, type, body) = await web.GetAsync(path);
        Assert.Equal((200, "application/json"), (status, type));
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    [Fact]
    public async Task Models_are_listed_with_versions_state_and_last_window_before_and_after_their_first()
    {
        await using var web = await WebFixture.StartAsync();
        var models = (await Json(web, "/api/v1/models")).EnumerateArray().ToList();
        Assert.Equal([("fraud", "firing"), ("idle", "waiting")], models.Select(m => (Text(m, "model"), Text(m, "state"))));
        Assert.Equal([("3", 5), ("4", 1)], models[0].GetProperty("versions").EnumerateArray().Select(v => (Text(v, "version"), v.GetProperty("windows").GetInt32())));
        Assert.Equal("2026-11-05T00:00:00Z", Text(models[0].GetProperty("last_window"), "start"));
        Assert.Equal(JsonValueKind.Null, models[1].GetProperty("last_window").ValueKind);
        Assert.Equal("risk", Text(models[0].GetProperty("tags"), "team"));
    }

    [Fact]
    public async Task Windows_are_listed_by_start_and_selected_by_from_to_and_limit()
    {
        await using var web = await WebFixture.StartAsync();
        async Task<string[]> Starts(string query) => [.. (await Json(web, "/api/v1/models/fraud/windows" + query)).EnumerateArray().Select(w => $"{Text(w, "start")![8..10]}v{Text(w, "version")}")];
        Assert.Equal(["01v3", "02v3", "03v3", "04v3", "05v3", "05v4"], await Starts(""));
        Assert.Equal(["02v3", "03v3"], await Starts("?from=2026-11-02T00:00:00Z&to=2026-11-04T00:00:00Z"));
        Assert.Equal(["02v3"], await Starts("?from=2026-11-02T01:00:00%2B01:00&limit=1"));
        Assert.Equal(["02v3"], await Starts("?from=2026-11-02T01:00:00+01:00&limit=1"));
        Assert.Equal(["05v3", "05v4"], await Starts("?limit=2"));
        Assert.Equal(["05v4"], await Starts("?version=4"));
        Assert.Empty(await Starts("?segment=country%3DDE"));
        Assert.Empty((await Json(web, "/api/v1/models/idle/windows")).EnumerateArray());
    }

    [Fact]
    public async Task A_window_shows_what_it_rests_on_and_its_readings()
    {
        await using var web = await WebFixture.StartAsync();
        var window = (await Json(web, "/api/v1/models/fraud/windows")).EnumerateArray().First();
        foreach (var member in (string[])["start", "end", "version", "revision", "rows", "late", "closed_by", "partitions", "policy", "readings"]) Assert.True(window.TryGetProperty(member, out _), member);
        var reading = window.GetProperty("readings").EnumerateArray().First();
        foreach (var member in (string[])["measure", "column", "segment", "value", "p_value", "p_adjusted", "rows", "status", "verdict", "detail"]) Assert.True(reading.TryGetProperty(member, out _), member);
    }

    [Fact]
    public async Task The_profile_of_a_window_has_its_references_cells_and_exact_counts()
    {
        await using var web = await WebFixture.StartAsync();
        var (status, _, body) = await web.GetAsync("/api/v1/models/fraud/windows/2026-11-01T00:00:00Z/profile");
        Assert.Equal(200, status);
        var profile = ProfileFormat.Read(System.Text.Encoding.UTF8.GetBytes(body));
        var reference = (await web.Store.ReferenceAsync("r1", TestContext.Current.CancellationToken))!;
        Assert.Equal(reference.Id, profile.Id);
        Assert.Equal((1000, WebFixture.Start, WebFixture.Start.AddDays(1)), (profile.Rows, profile.Start, profile.End));
        Assert.Equal(1000, profile.Find("x")!.Rows);
    }

    [Theory]
    [InlineData(404, "/api/v1/models/none/windows", "there is no model 'none'; there is 'fraud', 'idle'")]
    [InlineData(400, "/api/v1/models/fraud/windows?from=yesterday", "from: 'yesterday' is no ISO 8601 time")]
    [InlineData(400, "/api/v1/models/fraud/windows?limit=1001", "limit: '1001' is no whole number from 1 to 1000")]
    [InlineData(400, "/api/v1/models/fraud/windows?limit=0", "limit")]
    [InlineData(404, "/api/v1/models/fraud/windows/2020-01-01T00:00:00Z/profile", "has no window that starts at 2020-01-01T00:00:00Z")]
    [InlineData(400, "/api/v1/models/fraud/windows/noon/profile", "start: 'noon'")]
    [InlineData(400, "/api/v1/models/fraud/windows/2026-11-05T00:00:00Z/profile", "version: this window has several: '3', '4'")]
    [InlineData(404, "/api/v1/models/fraud/windows/2026-11-05T00:00:00Z/profile?version=9", "version '9' has no such window")]
    [InlineData(404, "/api/v1/models/fraud/windows/2026-11-01T00:00:00Z/profile?revision=7", "no revision 7")]
    [InlineData(404, "/api/v1/models/fraud/windows/2026-11-01T00:00:00Z/profile?segment=a%3Db", "segment 'a=b'")]
    [InlineData(400, "/api/v1/alerts?state=odd", "state: 'odd' is none of firing, pending, resolved")]
    [InlineData(404, "/api/v1/nothing", "there is nothing at /api/v1/nothing")]
    public async Task What_cannot_be_given_is_a_problem_document(int status, string path, string expected)
    {
        await using var web = await WebFixture.StartAsync();
        var (got, type, body) = await web.GetAsync(path);
        Assert.Equal((status, "application/problem+json"), (got, type));
        using var problem = JsonDocument.Parse(body);
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Contains(expected, Text(problem.RootElement, "detail"), StringComparison.Ordinal);
        Assert.NotEqual("", Text(problem.RootElement, "title"));
    }

    [Fact]
    public async Task Alerts_come_with_their_history()
    {
        await using var web = await WebFixture.StartAsync();
        var firing = (await Json(web, "/api/v1/alerts?state=firing")).EnumerateArray().ToList();
        Assert.All(firing, a => Assert.Equal("x", Text(a, "column")));
        var alert = firing.Single(a => Text(a, "version") == "3" && Text(a, "alertname") == "drift");
        Assert.Contains("x drifted", Text(alert, "text"), StringComparison.Ordinal);
        Assert.Equal("firing", Text(alert.GetProperty("history").EnumerateArray().Last(), "to"));
        Assert.Empty((await Json(web, "/api/v1/alerts?state=resolved")).EnumerateArray());
    }

    [Fact]
    public async Task Sources_say_how_far_each_partition_is_and_what_could_not_be_read()
    {
        await using var web = await WebFixture.StartAsync();
        var source = Assert.Single((await Json(web, "/api/v1/sources")).EnumerateArray());
        Assert.Equal(("predictions", 0, 5050, "2026-11-06T00:00:00Z", 3, "test"), (Text(source, "topic"), source.GetProperty("partition").GetInt32(), source.GetProperty("offset").GetInt64(), Text(source, "watermark"), source.GetProperty("late").GetInt64(), Text(source, "owner")));
        Assert.Equal(4, source.GetProperty("invalid").GetProperty("not_json").GetInt64());
    }

    [Fact]
    public async Task Health_tells_a_living_process_from_one_that_can_work()
    {
        await using var web = await WebFixture.StartAsync();
        Assert.Equal(200, (await web.GetAsync("/health/live")).Status);
        Assert.Equal(200, (await web.GetAsync("/health/ready")).Status);
        await using var alone = await WebFixture.StartAsync(new AbsentStore());
        Assert.Equal(200, (await alone.GetAsync("/health/live")).Status);
        Assert.Equal(503, (await alone.GetAsync("/health/ready")).Status);
        foreach (var path in (string[])["/api/v1/models", "/api/v1/alerts", "/api/v1/sources", "/"])
        {
            var (status, type, body) = await alone.GetAsync(path);
            Assert.Equal((503, "application/problem+json"), (status, type));
            Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        }
    }

    static async Task<(int Status, string Body)> Post(WebFixture web, string path, string body)
    {
        using var content = new StringContent(body);
        using var response = await web.Client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_alert_can_be_taken_on_and_says_by_whom()
    {
        await using var web = await WebFixture.StartAsync();
        var key = Text((await Json(web, "/api/v1/alerts?state=firing")).EnumerateArray().First(), "key")!;
        Assert.Equal(204, (await Post(web, $"/api/v1/alerts/{key}/ack", """{"author":"ada","reason":"looking into it","until":"2100-01-01T00:00:00Z"}""")).Status);
        var alert = (await Json(web, "/api/v1/alerts?state=firing")).EnumerateArray().Single(a => Text(a, "key") == key);
        Assert.Equal(("ada", "looking into it", "2100-01-01T00:00:00Z"), (Text(alert.GetProperty("acknowledged"), "author"), Text(alert.GetProperty("acknowledged"), "reason"), Text(alert.GetProperty("acknowledged"), "until")));
        foreach (var (status, target, body) in ((int, string, string)[])
                 [(404, "none", """{"author":"a","reason":"b"}"""), (400, key, "{"), (400, key, "[]"), (400, key, """{"author":"a"}"""), (400, key, """{"author":"a","reason":"b","until":"noon"}"""),
                  (400, key, """{"author":"a","reason":"b","until":"2000-01-01"}"""), (400, key, """{"author":"a","reason":"b","odd":1}""")])
            Assert.Equal((status, body), ((await Post(web, $"/api/v1/alerts/{target}/ack", body)).Status, body));
    }

    [Fact]
    public async Task The_policy_in_force_can_be_read_and_another_one_tried()
    {
        await using var web = await WebFixture.StartAsync();
        var policy = await Json(web, "/api/v1/policy");
        Assert.Equal(Drift.Alerts.Policy.Default.Hash, Text(policy, "hash"));
        Assert.Equal(JsonValueKind.Null, policy.GetProperty("error").ValueKind);
        Assert.True(policy.GetProperty("document").TryGetProperty("rules", out _));
        var rate = Assert.Single(policy.GetProperty("pages").EnumerateArray());
        Assert.Equal(("fraud", 6, 0.0), (Text(rate, "model"), rate.GetProperty("windows").GetInt32(), rate.GetProperty("expected_false_per_year").GetDouble()));
        Assert.True(rate.GetProperty("pages").GetInt32() > 0 && rate.GetProperty("pages_per_year").GetDouble() > 0);
        var (status, body) = await Post(web, "/api/v1/policy/dryrun?from=2026-11-01T00:00:00Z", """{"rules":{"strict":{"measure":"ks","above":0.3,"for":"1 of 1"}}}""");
        Assert.Equal(200, status);
        using var result = JsonDocument.Parse(body);
        Assert.Equal(6, result.RootElement.GetProperty("windows").GetInt32());
        Assert.Equal(["3", "4"], result.RootElement.GetProperty("raised").EnumerateArray().Select(a => Text(a, "version")).Order());
        Assert.Equal(400, (await Post(web, "/api/v1/policy/dryrun", "{\"rules\":1}")).Status);
    }
}
