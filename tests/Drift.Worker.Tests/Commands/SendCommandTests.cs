using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Drift.Worker.Sources;

namespace Drift.Worker.Tests.Commands;

public sealed class SendCommandTests : IDisposable
{
    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    static List<ConsumeResult<string?, byte[]>> Drain(EmbeddedBroker broker, string topic, int partitions, int count)
    {
        using var consumer = new ConsumerBuilder<string?, byte[]>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "test", AutoOffsetReset = AutoOffsetReset.Earliest })
            .SetKeyDeserializer(Deserializers.Utf8!).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        var all = new List<ConsumeResult<string?, byte[]>>();
        while (all.Count < count && consumer.Consume(Eventually.Patience) is { } one) all.Add(one);
        consumer.Close();
        return all;
    }

    [Fact]
    public async Task Every_line_arrives_once_and_one_id_stays_in_one_partition_in_order()
    {
        using var broker = new EmbeddedBroker();
        broker.CreateTopic("t", 3);
        var lines = Enumerable.Range(0, 3000).Select(i => $"{{\"id\":\"r-{i % 50}\",\"n\":{i}}}").ToList();
        var run = await Run.Of("send", folder.File("a.jsonl", string.Join('\n', lines[..2000])), folder.File("b.jsonl", string.Join('\n', lines[2000..])), "--topic", "t", "--bootstrap", broker.BootstrapServers);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal("3,000 messages to t, all acknowledged, in 3 partitions", run.Out.Trim());
        var got = Drain(broker, "t", 3, 3000);
        Assert.Equal(lines.Order(StringComparer.Ordinal), got.Select(m => Encoding.UTF8.GetString(m.Message.Value)).Order(StringComparer.Ordinal));
        foreach (var id in got.GroupBy(m => m.Message.Key))
        {
            Assert.Single(id.Select(m => m.Partition.Value).Distinct());
            Assert.Equal(lines.Where(l => l.Contains($"\"{id.Key}\"", StringComparison.Ordinal)), id.OrderBy(m => m.Offset.Value).Select(m => Encoding.UTF8.GetString(m.Message.Value)));
        }
    }

    [Fact]
    public async Task A_csv_file_is_sent_as_native_records()
    {
        using var broker = new EmbeddedBroker();
        broker.CreateTopic("t", 1);
        var data = folder.File("d.csv", "key,when,x\nr-1,2026-01-01,1.5\nr-2,2026-01-02,\n");
        var run = await Run.Of("send", data, "--topic", "t", "--bootstrap", broker.BootstrapServers, "--model", "m", "--ts", "when", "--id", "key");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(["""{"ts":"2026-01-01T00:00:00Z","id":"r-1","model":"m","features":{"x":1.5}}""", """{"ts":"2026-01-02T00:00:00Z","id":"r-2","model":"m","features":{"x":null}}"""],
            Drain(broker, "t", 1, 2).Select(m => Encoding.UTF8.GetString(m.Message.Value)));
    }

    [Fact]
    public async Task A_rate_is_kept()
    {
        using var broker = new EmbeddedBroker();
        broker.CreateTopic("t", 1);
        var clock = Stopwatch.StartNew();
        var run = await Run.Of("send", folder.File("a.jsonl", string.Join('\n', Enumerable.Repeat("{}", 11))), "--topic", "t", "--bootstrap", broker.BootstrapServers, "--rate", "20");
        Assert.Equal(0, run.Code);
        // Ten gaps of 50 ms; only the lower bound is certain on a busy machine.
        Assert.True(clock.Elapsed >= TimeSpan.FromMilliseconds(490));
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_named()
    {
        var run = await Run.Of("send", folder.File("a.jsonl", "{}"), "--topic", "t", "--bootstrap", "127.0.0.1:1", "--kafka", "message.timeout.ms=1500");
        Assert.Contains("0 messages were acknowledged", run.TheOneLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name the model", "d.csv", "--topic", "t", "--bootstrap", "x:1")]
    [InlineData("--rate 0", "a.jsonl", "--topic", "t", "--bootstrap", "x:1", "--rate", "0")]
    [InlineData("--format odd", "a.jsonl", "--topic", "t", "--bootstrap", "x:1", "--format", "odd")]
    [InlineData("--kafka odd", "a.jsonl", "--topic", "t", "--bootstrap", "x:1", "--kafka", "odd")]
    [InlineData("No such configuration property", "a.jsonl", "--topic", "t", "--bootstrap", "x:1", "--kafka", "odd=1")]
    [InlineData("there is no such file", "none.jsonl", "--topic", "t", "--bootstrap", "x:1")]
    [InlineData("--topic", "a.jsonl", "--bootstrap", "x:1")]
    public async Task What_is_wrong_is_said_in_one_line(string expected, string file, params string[] more)
    {
        folder.File("d.csv", "ts,x\n2026-01-01,1\n");
        folder.File("a.jsonl", "{}\n");
        Assert.Contains(expected, (await Run.Of(["send", folder[file], .. more])).TheOneLine(), StringComparison.Ordinal);
    }
}
