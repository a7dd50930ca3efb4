using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.Sources;
using Drift.Worker.Tests.Commands;
using Drift.Worker.Tests.Hosting;

namespace Drift.Worker.Tests.Sources.Kafka;

/// <summary>Unreadable messages at the head of a partition: counted, passed on as far as allowed, and nothing waits for them.</summary>
public sealed class DeadLetterTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fields", true)]
    [InlineData("hashed", false)]
    public async Task A_sample_of_what_cannot_be_read_is_passed_on_with_its_origin(string mode, bool fields)
    {
        using var broker = new EmbeddedBroker();
        broker.CreateTopic("log", 1);
        broker.CreateTopic("log.dlq", 1);
        const string secret = """{"id":"r1","model":"m","features":{"card":"4111"}}""";
        var good = Encoding.UTF8.GetString(Windows.Logs.Row(1));
        folder.File("log.jsonl", string.Join('\n', [secret, .. Enumerable.Repeat("""{"id":"r2",""", 40), good]));
        File.WriteAllBytes(folder["m.json"], ProfileFormat.Write(Windows.Logs.Reference));
        Assert.Equal(0, (await Run.Of("send", folder["log.jsonl"], "--topic", "log", "--bootstrap", broker.BootstrapServers)).Code);
        var config = ConfigReader.ReadFile(folder.File("drift.json", """
            {"Drift":{"Source":{"Topics":["log"],"DeadLetter":{"Mode":"MODE","Fields":["id","model"]},"Kafka":{"bootstrap.servers":"BROKER"}},"Models":{"m":{"Reference":"m.json"}},"Store":{"Sqlite":"log.db"},"Web":{"Url":"http://127.0.0.1:0"}}}
            """.Replace("BROKER", broker.BootstrapServers, StringComparison.Ordinal).Replace("MODE", mode, StringComparison.Ordinal)));
        using var worker = new DriftWorker(config, new WorkerOptions { Console = TextWriter.Null });
        await using var running = new RunningWorker(worker);
        await running.UntilAsync("the good row is committed", async () => await worker.Store.SourcesAsync(Cancel) is [{ Rows: 1 }]);
        await running.StopAsync();
        var state = (await worker.Store.SourcesAsync(Cancel)).Single();
        Assert.Equal(new Dictionary<string, long> { ["no_ts"] = 1, ["not_json"] = 40 }, state.Invalid);

        // The first ten of a reason, then the 16th and the 32nd.
        var letters = Letters(broker.BootstrapServers);
        Assert.Equal(["log-0-0", .. new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 32 }.Select(n => $"log-0-{n}")], letters.Select(l => l.Key));
        var first = letters[0];
        string Header(string name) => Encoding.UTF8.GetString(first.Headers.GetLastBytes(name));
        Assert.Equal(("log", "0", "0", "no_ts", "no_ts"), (Header("__connect.errors.topic"), Header("__connect.errors.partition"), Header("__connect.errors.offset"), Header("__connect.errors.exception.message"), Header("drift.reason")));
        var body = JsonDocument.Parse(first.Value).RootElement;
        Assert.Equal((secret.Length, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))), (body.GetProperty("bytes").GetInt32(), body.GetProperty("sha256").GetString()));
        Assert.DoesNotContain("4111", Encoding.UTF8.GetString(first.Value), StringComparison.Ordinal);
        Assert.Equal(fields, body.TryGetProperty("fields", out var passed));
        if (fields) Assert.Equal("""{"id":"r1","model":"m"}""", passed.GetRawText());
    }

    static List<Message<string, byte[]>> Letters(string bootstrap)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig { BootstrapServers = bootstrap, GroupId = "reader", EnablePartitionEof = true }).Build();
        consumer.Assign(new TopicPartitionOffset("log.dlq", 0, Offset.Beginning));
        var letters = new List<Message<string, byte[]>>();
        while (consumer.Consume(Cancel) is { IsPartitionEOF: false } result) letters.Add(result.Message);
        return letters;
    }
}
