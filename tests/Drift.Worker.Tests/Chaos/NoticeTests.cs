using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Drift.Alerts;
using Drift.Tests;
using Drift.Worker.Sources;
using Drift.Worker.Stores.Sqlite;
using Drift.Worker.Tests.Commands;

namespace Drift.Worker.Tests.Chaos;

/// <summary>A real worker is killed between a receiver's 2xx and the mark in its outbox: the notice comes once more, under the same id, and before what follows it.</summary>
public sealed class NoticeTests : IAsyncDisposable
{
    const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    readonly Folder folder = new();
    readonly EmbeddedBroker broker = new();
    readonly HttpListener receiver = new();
    readonly ConcurrentQueue<(string Id, string Status, bool Signed)> received = new();
    readonly Task serving;

    public NoticeTests()
    {
        broker.CreateTopic("log", 1);
        broker.CreateTopic("automation", 1);
        Url = $"http://127.0.0.1:{FreePort.Find()}/";
        receiver.Prefixes.Add(Url);
        receiver.Start();
        serving = ServeAsync();
    }

    string Url { get; }

    public async ValueTask DisposeAsync()
    {
        receiver.Stop();
        await serving;
        broker.Dispose();
        folder.Dispose();
    }

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var request = await receiver.GetContextAsync();
                using var body = new MemoryStream();
                await request.Request.InputStream.CopyToAsync(body);
                var (id, time, signature) = (request.Request.Headers["webhook-id"]!, request.Request.Headers["webhook-timestamp"]!, request.Request.Headers["webhook-signature"]!);
                using var document = JsonDocument.Parse(body.ToArray());
                received.Enqueue((id, document.RootElement.GetProperty("status").GetString()!, WebhookSignature.Verify([Secret], id, long.Parse(time, CultureInfo.InvariantCulture), body.ToArray(), signature)));
                request.Response.StatusCode = 204;
                request.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    /// <summary>A window that drifts, two that do not, and the record that closes them.</summary>
    void Produce()
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build();
        var start = new DateTime(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc);
        void Row(double seconds, double x) => producer.Produce("log", new Message<Null, byte[]>
        {
            Value = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""{"ts":"{{{start.AddSeconds(seconds):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}}","model":"m","version":"1","features":{"x":{{{x}}},"c":"{{{"abcd"[(int)x % 4]}}}"}}""")),
        });
        for (var i = 0; i < 3 * 400; i++) Row(i / 40.0, i < 400 ? 99 - i % 4 : i * 37 % 400 / 4.0);
        Row(60, 1);
        Assert.Equal(0, producer.Flush(Eventually.Patience));
    }

    string[] Configure(string channels)
    {
        File.WriteAllBytes(folder["m.json"], ProfileFormat.Write(Windows.Logs.Reference));
        folder.File("policy.json", $$"""
            { "rules": { "drift": { "measure": "ks", "above": 0.3, "for": "1 of 1", "severity": "critical" } },
              "routes": [{ "channels": [{{channels}}] }],
              "channels": { "team": { "kind": "webhook", "url": "{{Url}}", "secret": "${env:HOOK}" }, "log": { "kind": "file", "path": {{JsonSerializer.Serialize(folder["notices.jsonl"])}} },
                            "auto": { "kind": "kafka", "topic": "automation" } } }
            """);
        folder.File("drift.json", """
            {"Drift":{"Source":{"Topics":["log"],"Kafka":{"bootstrap.servers":"BROKER","session.timeout.ms":4000,"heartbeat.interval.ms":500}},"Policy":"policy.json",
             "Models":{"m":{"Reference":"m.json","Window":"00:00:10","Grace":"00:00:00"}},"Store":{"Sqlite":"drift.db"},"Web":{"Url":"http://127.0.0.1:0"}}}
            """.Replace("BROKER", broker.BootstrapServers, StringComparison.Ordinal));
        Produce();
        return ["run", "--config", folder["drift.json"]];
    }

    async Task Delivered(DriftProcess worker)
    {
        using var store = SqliteStore.At(folder["drift.db"]);
        store.Open();
        await Eventually.BeAsync("two windows are judged and the outbox is empty", async () => (await store.TransitionsAsync(null, 100, TestContext.Current.CancellationToken)).Any(t => t.To == AlertStatus.Resolved)
            && (await store.ChannelsAsync(TestContext.Current.CancellationToken)).Count == 0, () => worker.Error);
        await DriftProcess.StopAsync(worker);
    }

    [Fact]
    public async Task A_kill_between_the_answer_and_the_mark_is_one_double_with_the_same_id_and_order_holds()
    {
        var run = Configure("\"team\"");
        using (var killed = DriftProcess.Start(run, ("DRIFT_FAILPOINT", "after_send=kill@1"), ("HOOK", Secret)))
        {
            await killed.ExitAsync();
            Assert.Contains("failpoint after_send", killed.Output, StringComparison.Ordinal);
        }
        Assert.Single(received);
        using var last = DriftProcess.Start(run, ("HOOK", Secret));
        await Delivered(last);
        Assert.Equal(["firing", "firing", "resolved"], received.Select(r => r.Status));
        var ids = received.Select(r => r.Id).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[1], ids[2]);
        Assert.All(received, r => Assert.True(r.Signed));
    }

    [Fact]
    public async Task Without_a_kill_webhook_file_and_topic_are_told_the_same_once_and_in_order()
    {
        using var worker = DriftProcess.Start(Configure("\"team\", \"log\", \"auto\""), ("HOOK", Secret));
        await Delivered(worker);
        var log = File.ReadLines(folder["notices.jsonl"]).Select(l => AlertFormat.ReadNotice(Encoding.UTF8.GetBytes(l)).Status.ToString().ToLowerInvariant());
        foreach (var told in new[] { log, Topic(), received.Select(r => r.Status) }) Assert.Equal(["firing", "resolved"], told);
    }

    List<string> Topic()
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "automation", EnablePartitionEof = true }).Build();
        consumer.Assign(new TopicPartitionOffset("automation", 0, Offset.Beginning));
        var read = new List<string>();
        while (consumer.Consume(TestContext.Current.CancellationToken) is { IsPartitionEOF: false } next) read.Add(Encoding.UTF8.GetString(next.Message.Headers.GetLastBytes("status")));
        return read;
    }
}
