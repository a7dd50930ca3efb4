using System.Text;
using Confluent.Kafka;
using Drift.Worker.Sources;

namespace Drift.Worker.Tests.Sources;

public sealed class EmbeddedBrokerTests
{
    [Fact]
    public async Task What_is_produced_is_consumed()
    {
        using var broker = new EmbeddedBroker();
        broker.CreateTopic("t", 3);
        using (var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build())
            for (var i = 0; i < 30; i++)
                await producer.ProduceAsync(new TopicPartition("t", i % 3), new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes($"{i}") }, TestContext.Current.CancellationToken);
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "g", EnablePartitionEof = true }).Build();
        consumer.Assign(Enumerable.Range(0, 3).Select(p => new TopicPartitionOffset("t", p, Offset.Beginning)));
        var seen = new List<string>();
        for (var ends = 0; ends < 3;)
        {
            var message = consumer.Consume(TestContext.Current.CancellationToken);
            if (message.IsPartitionEOF) ends++;
            else seen.Add(Encoding.UTF8.GetString(message.Message.Value));
        }
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}").Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }
}
