using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.Sources;
using Drift.Worker.Tests.Commands;

namespace Drift.Worker.Tests.Hosting;

/// <summary>A running worker with keys: who asked for what stands in its audit, by the key's name.</summary>
public sealed class AccessAuditTests : IDisposable
{
    readonly Folder folder = new();
    readonly EmbeddedBroker broker = new();

    public void Dispose()
    {
        broker.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Reading_changing_and_what_was_refused_stand_on_record()
    {
        var cancel = TestContext.Current.CancellationToken;
        broker.CreateTopic("log", 1);
        File.WriteAllBytes(folder["m.json"], ProfileFormat.Write(Windows.Logs.Reference));
        static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        var config = ConfigReader.ReadFile(folder.File("drift.json", $$"""
            {"Drift":{"Source":{"Topics":["log"],"Kafka":{"bootstrap.servers":"{{broker.BootstrapServers}}"} },"Models":{"m":{"Reference":"m.json"} },"Store":{"Sqlite":"drift.db"},
             "Web":{"Url":"http://127.0.0.1:0","Keys":[{"Name":"grafana","Role":"reader","Sha256":"{{Hash("r")}}"},{"Name":"oncall","Role":"operator","Sha256":"{{Hash("o")}}"}]} } }
            """));
        using var worker = new DriftWorker(config, new WorkerOptions { Console = TextWriter.Null, Owner = "me" });
        await using var web = await WorkerWeb.StartAsync(worker, TimeProvider.System, cancel);
        await using var running = new RunningWorker(worker);
        using var client = new HttpClient { BaseAddress = web.Address };
        async Task<(HttpStatusCode, string)> Ask(HttpMethod method, string path, string? key, string? body = null)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
            if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var response = await client.SendAsync(request, cancel);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancel));
        }

        await running.UntilAsync("the store is open", async () => (await Ask(HttpMethod.Get, "/api/v1/audit/verify", "r")).Item1 == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await Ask(HttpMethod.Get, "/api/v1/models", "r")).Item1);
        Assert.Equal(HttpStatusCode.Forbidden, (await Ask(HttpMethod.Post, "/api/v1/silences", "r", "{}")).Item1);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Ask(HttpMethod.Get, "/api/v1/models", "wrong")).Item1);
        Assert.Equal(HttpStatusCode.Created, (await Ask(HttpMethod.Post, "/api/v1/silences", "o", """{"match":{"model":"m"},"ends":"2100-01-01T00:00:00Z","reason":"a test"}""")).Item1);
        using var audit = JsonDocument.Parse((await Ask(HttpMethod.Get, "/api/v1/audit", "r")).Item2);
        var entries = audit.RootElement.EnumerateArray().Select(e => $"{e.GetProperty("actor")} {e.GetProperty("action")} {e.GetProperty("subject")}{(e.GetProperty("action").GetString()!.StartsWith("api.", StringComparison.Ordinal) ? " " + e.GetProperty("detail") : "")}").ToList();
        Assert.Contains("worker worker.start me", entries);
        Assert.Contains("grafana api.read GET /api/v1/models 200", entries);
        Assert.Contains("grafana api.write POST /api/v1/silences 403", entries);
        Assert.Contains("unknown api.read GET 401", entries);
        Assert.Contains("oncall api.write POST /api/v1/silences 201", entries);
        Assert.Single(entries, e => e.StartsWith("oncall silence.create", StringComparison.Ordinal));
        using var policy = JsonDocument.Parse((await Ask(HttpMethod.Get, "/api/v1/policy", "r")).Item2);
        Assert.Empty(policy.RootElement.GetProperty("pages").EnumerateArray());
        using var verified = JsonDocument.Parse((await Ask(HttpMethod.Get, "/api/v1/audit/verify", "r")).Item2);
        Assert.True(verified.RootElement.GetProperty("ok").GetBoolean());
        await running.StopAsync();
        Assert.Equal(0, (await Run.Of("audit", "verify", "--config", folder["drift.json"])).Code);
    }
}
