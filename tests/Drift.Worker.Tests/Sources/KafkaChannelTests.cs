using System.Text;
using Confluent.Kafka;
using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.Sources;
using Drift.Worker.Sources.Kafka;

namespace Drift.Worker.Tests.Sources;

/// <summary>Notices on a topic, for automation.</summary>
public sealed class KafkaChannelTests : IDisposable
{
    readonly EmbeddedBroker broker = new();
    readonly NoticeProducer producer;
    readonly KafkaChannel channel;

    public KafkaChannelTests()
    {
        broker.CreateTopic("retrain", 3);
        // The settings of a consumer come along and do no harm.
        producer = new NoticeProducer(new SourceConfig { Kafka = new Dictionary<string, string> { ["bootstrap.servers"] = broker.BootstrapServers, ["session.timeout.ms"] = "6000", ["dotnet.consumer.consume.result.fields"] = "all" } });
        channel = new KafkaChannel("automation", "retrain", producer);
    }

    public void Dispose()
    {
        producer.Dispose();
        broker.Dispose();
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Notice Notice(string id, string model, AlertStatus status) => new()
    {
        Id = id, Channel = "automation", GroupKey = $"{{}}:{{model=\"{model}\"}}", Reason = status == AlertStatus.Firing ? NoticeReason.Firing : NoticeReason.Resolved, At = DateTimeOffset.UnixEpoch,
        Alerts = [new Alert { Key = "k", Name = "performance", Model = model, Version = "3", Status = status, Severity = Severity.Critical, Text = "it fell" }],
    };

    List<ConsumeResult<string, byte[]>> Read(int count)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "automation", AutoOffsetReset = AutoOffsetReset.Earliest }).Build();
        consumer.Assign(Enumerable.Range(0, 3).Select(p => new TopicPartitionOffset("retrain", p, Offset.Beginning)));
        var read = new List<ConsumeResult<string, byte[]>>();
        while (read.Count < count) read.Add(consumer.Consume(Eventually.Patience) ?? throw new TimeoutException($"only {read.Count} of {count} messages came"));
        return read;
    }

    [Fact]
    public async Task A_notice_is_one_message_and_a_groups_notices_stay_in_order_in_one_partition()
    {
        foreach (var model in (string[])["fraud", "churn", "price"])
        {
            await channel.SendAsync(Notice(model + "-1", model, AlertStatus.Firing), Cancel);
            await channel.SendAsync(Notice(model + "-2", model, AlertStatus.Resolved), Cancel);
        }
        var read = Read(6);
        foreach (var group in read.GroupBy(r => r.Message.Key))
        {
            Assert.Single(group.Select(r => r.Partition).Distinct());
            var notices = group.Select(r => AlertFormat.ReadNotice(r.Message.Value)).ToList();
            Assert.Equal([AlertStatus.Firing, AlertStatus.Resolved], notices.Select(n => n.Status));
            Assert.Equal(notices.Select(n => (n.Id, n.Status.ToString().ToLowerInvariant(), n.Reason.ToString().ToLowerInvariant())), group.Select(r => (Header(r, "id"), Header(r, "status"), Header(r, "reason"))));
            Assert.Equal("3", notices[0].Alerts.Single().Version);
        }
    }

    static string Header(ConsumeResult<string, byte[]> read, string name) => Encoding.UTF8.GetString(read.Message.Headers.GetLastBytes(name));

    [Fact]
    public async Task What_the_broker_refuses_is_tried_again_and_what_is_too_large_is_not()
    {
        broker.Fail(0, 29); // Produce: TOPIC_AUTHORIZATION_FAILED, which the library does not retry
        var refused = await Assert.ThrowsAsync<ChannelException>(() => channel.SendAsync(Notice("1", "fraud", AlertStatus.Firing), Cancel));
        Assert.Equal((ChannelFault.Retry, "automation: topic retrain: TopicAuthorizationFailed"), (refused.Fault, refused.Message));
        await Eventually.BeAsync("the broker takes it again", async () =>
        {
            try
            {
                await channel.SendAsync(Notice("1", "fraud", AlertStatus.Firing), Cancel);
                return true;
            }
            catch (ChannelException e) when (e.Fault == ChannelFault.Retry)
            {
                return false;
            }
        });
        Assert.Equal("1", Header(Read(1)[0], "id"));
        var huge = Notice("2", "fraud", AlertStatus.Firing);
        huge = huge with { Alerts = [huge.Alerts[0] with { Text = new string('x', 2_000_000) }] };
        Assert.Equal(ChannelFault.Refused, (await Assert.ThrowsAsync<ChannelException>(() => channel.SendAsync(huge, Cancel))).Fault);
    }
}
