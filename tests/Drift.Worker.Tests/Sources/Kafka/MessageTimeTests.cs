using Confluent.Kafka;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.Sources;
using Drift.Worker.Tests.Commands;
using Drift.Worker.Tests.Hosting;

namespace Drift.Worker.Tests.Sources.Kafka;

/// <summary>What a producer says a message's own time is.</summary>
public sealed class MessageTimeTests
{
    [Fact]
    public async Task A_time_beyond_the_calendar_stops_nothing()
    {
        using var folder = new Folder();
        using var broker = new EmbeddedBroker();
        broker.CreateTopic("log", 1);
        // Microseconds or nanoseconds where milliseconds belong, before the first day, and the greatest number there is.
        long[] times = [1_767_225_600_000_000, 1_767_225_600_000_000_000, -70_000_000_000_000, long.MaxValue, 1_767_225_600_000];
        using (var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build())
        {
            foreach (var time in times)
                producer.Produce(new TopicPartition("log", 0), new Message<Null, byte[]> { Value = Windows.Logs.Row(1), Timestamp = new Timestamp(time, TimestampType.CreateTime) });
            Assert.Equal(0, producer.Flush(Eventually.Patience));
        }
        File.WriteAllBytes(folder["m.json"], ProfileFormat.Write(Windows.Logs.Reference));
        var config = ConfigReader.ReadFile(folder.File("drift.json", """
            {"Drift":{"Source":{"Topics":["log"],"Kafka":{"bootstrap.servers":"BROKER"}},"Models":{"m":{"Reference":"m.json"}},"Store":{"Sqlite":"log.db"},"Web":{"Url":"http://127.0.0.1:0"}}}
            """.Replace("BROKER", broker.BootstrapServers, StringComparison.Ordinal)));
        using var worker = new DriftWorker(config, new WorkerOptions { Console = TextWriter.Null });
        await using var running = new RunningWorker(worker);
        await running.UntilAsync("all are read", async () => await worker.Store.SourcesAsync(TestContext.Current.CancellationToken) is [{ Records: 5 }]);
        await running.StopAsync();
        var state = (await worker.Store.SourcesAsync(TestContext.Current.CancellationToken)).Single();
        // A record may not be from much later than its message; each is either a row or says why not.
        Assert.Equal(5, state.Rows + state.Invalid.Values.Sum());
        Assert.True(state.Rows >= 2, $"{state.Rows} rows");
    }
}
