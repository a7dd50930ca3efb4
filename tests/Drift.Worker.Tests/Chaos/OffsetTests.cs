using System.Text;
using Confluent.Kafka;
using Drift.Worker.Sources;
using Drift.Worker.Stores.Sqlite;
using Drift.Worker.Stores;
using Drift.Worker.Tests.Stores;

namespace Drift.Worker.Tests.Chaos;

/// <summary>The stored place is no longer in the log: told, and done with as configured, never passed over.</summary>
public sealed class OffsetTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("drift-offset-").FullName;
    readonly EmbeddedBroker broker = new();
    readonly IDriftStore store;

    public OffsetTests()
    {
        broker.CreateTopic("log", 1);
        File.WriteAllBytes(Path.Combine(folder, "m.json"), ProfileFormat.Write(new Load(1).Reference));
        store = SqliteStore.At(Path.Combine(folder, "drift.db"));
        store.Open();
    }

    public void Dispose()
    {
        store.Dispose();
        broker.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A worker whose store says that the log was read up to a place.</summary>
    DriftProcess Start(long position, string option)
    {
        var claim = store.Claim(new SourcePartition("log", 0), "before");
        using (var transaction = store.Begin())
        {
            transaction.TrySavePartition(claim.State with { Position = position, Records = 5, Rows = 5 });
            transaction.Commit();
        }
        File.WriteAllText(Path.Combine(folder, "drift.json"), $$"""
            {"Drift":{"Source":{"Topics":["log"],"CommitInterval":"00:00:00.1",{{option}}"Kafka":{"bootstrap.servers":"{{broker.BootstrapServers}}","topic.metadata.refresh.interval.ms":2000} },
             "Models":{"m":{"Reference":"m.json"} },"Store":{"Sqlite":"drift.db"},"Web":{"Url":"http://127.0.0.1:0"} } }
            """);
        return DriftProcess.Start(["run", "--config", Path.Combine(folder, "drift.json")]);
    }

    /// <summary>Records of some size; <paramref name="bytes"/> more than the broker keeps make it forget the first.</summary>
    void Produce(int count, int bytes = 100)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, BatchNumMessages = 50 }).Build();
        for (var i = 0; i < count; i++)
            producer.Produce("log", new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes($"{{\"ts\":\"2026-01-01T00:00:00Z\",\"model\":\"m\",\"features\":{{\"x\":0.5}},\"more\":\"{new string('x', bytes)}\"}}") });
        Assert.Equal(0, producer.Flush(Eventually.Patience));
    }

    async Task<PartitionState> State() => (await store.SourcesAsync(TestContext.Current.CancellationToken)).Single();

    static Task Says(DriftProcess worker, string text) =>
        Eventually.BeAsync($"it says '{text}'", () => worker.Error.Contains(text, StringComparison.Ordinal), () => worker.Error);

    [Fact]
    public async Task A_log_that_ends_before_the_stored_place_stops_the_partition()
    {
        Produce(10);
        using var worker = Start(1000, "");
        await Says(worker, "log/0 up to 1000, but its log ends at 10");
        Assert.Equal((1000, 5), ((await State()).Position, (await State()).Records));
    }

    [Fact]
    public async Task Or_the_new_log_is_read_from_its_beginning()
    {
        Produce(10);
        using var worker = Start(1000, "\"Recreated\":\"beginning\",");
        await Eventually.BeAsync("all are read", async () => (await State()).Records == 15, () => worker.Error);
        Assert.Equal((10, 1L), ((await State()).Position, (await State()).Skipped["log_recreated"]));
    }

    [Fact]
    public async Task Records_that_are_gone_are_counted_as_a_gap()
    {
        Produce(7000, bytes: 1000);
        using var worker = Start(5, "");
        await Eventually.BeAsync("the rest is read", async () => (await State()).Position == 7000, () => worker.Error);
        var state = await State();
        Assert.Contains("the records from 5 on are gone", worker.Error, StringComparison.Ordinal);
        Assert.True(state.Gaps > 0);
        Assert.Equal(7000 - 5, state.Gaps + state.Records - 5);
    }

    /// <summary>The broker in memory cannot add partitions; an empty topic that is made anew with more is the same to who reads it.</summary>
    [Fact]
    public async Task Partitions_that_are_added_while_it_runs_are_read()
    {
        using var worker = Start(0, "");
        await Eventually.BeAsync("the only partition is claimed", () => worker.Error.Contains("claimed log/0", StringComparison.Ordinal), () => worker.Error);
        Assert.SkipUnless(broker.TryDeleteTopic("log"), "this build of librdkafka deletes no topics of its broker in memory");
        broker.CreateTopic("log", 3);
        using (var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build())
        {
            for (var i = 0; i < 30; i++)
                producer.Produce(new TopicPartition("log", i % 3), new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes("""{"ts":"2026-01-01T00:00:00Z","model":"m","features":{"x":0.5}}""") });
            Assert.Equal(0, producer.Flush(Eventually.Patience));
        }
        await Eventually.BeAsync("all three are read", async () => (await store.SourcesAsync(TestContext.Current.CancellationToken)).Select(s => s.Position ?? 0).Order().SequenceEqual([10L, 10, 10]), () => worker.Error);
    }

    [Fact]
    public async Task Or_they_stop_the_partition()
    {
        Produce(7000, bytes: 1000);
        using var worker = Start(5, "\"Trimmed\":\"stop\",");
        await Says(worker, "the records from 5 on are gone. Source.Trimmed");
        Assert.Equal((5, 0L), ((await State()).Position, (await State()).Gaps));
    }
}
