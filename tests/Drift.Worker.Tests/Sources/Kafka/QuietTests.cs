using System.Reflection;
using System.Runtime.ExceptionServices;
using Confluent.Kafka;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.References;
using Drift.Worker.Sources;
using Drift.Worker.Sources.Kafka;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Tests.Stores;
using Drift.Worker.Windows;
using Microsoft.Extensions.Logging.Abstractions;

namespace Drift.Worker.Tests.Sources.Kafka;

public sealed class QuietTests
{
    static readonly SourcePartition source = new("log", 0);

    /// <summary>A store that is away for a while, as far as claims go.</summary>
    public class Away : DispatchProxy
    {
        public MemoryStore Store { get; } = new();

        int refused;
        volatile bool isBack;

        public int Refused => Volatile.Read(ref refused);

        public void ComeBack() => isBack = true;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (!isBack && targetMethod!.Name == nameof(IDriftStore.Claim))
            {
                Interlocked.Increment(ref refused);
                throw new StoreException("away", new TimeoutException());
            }
            try
            {
                return targetMethod!.Invoke(Store, args);
            }
            catch (TargetInvocationException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerException!);
                throw;
            }
        }
    }

    /// <summary>A worker that could not claim the partition when the client told of its end must find out all the same, or its windows would stay open.</summary>
    [Fact]
    public async Task A_partition_whose_end_was_told_while_the_store_was_away_becomes_quiet()
    {
        using var broker = new EmbeddedBroker();
        broker.CreateTopic("log", 1);
        using (var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build())
        {
            for (var i = 0; i < 5; i++) producer.Produce("log", new Message<Null, byte[]> { Value = Windows.Logs.Row(1) });
            Assert.Equal(0, producer.Flush(Eventually.Patience));
        }
        var store = DispatchProxy.Create<IDriftStore, Away>();
        var away = (Away)(object)store;
        // All of it has been read before.
        var before = away.Store.Claim(source, "before").State;
        using (var transaction = away.Store.Begin())
        {
            Assert.True(transaction.TrySavePartition(before with { Position = 5, Records = 5 }));
            transaction.Commit();
        }
        var models = new WatchedModels([new WatchedModel("m", Windows.Logs.Config(), Windows.Logs.Reference)]);
        var engine = new WindowEngine(store, models, new Judge(models, () => Alerts.Policy.Default, TimeProvider.System), new RecordLimits(), "a");
        using var metrics = new WorkerMetrics();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var config = new SourceConfig { Topics = ["log"], CommitInterval = TimeSpan.FromMilliseconds(100), Kafka = new Dictionary<string, string> { ["bootstrap.servers"] = broker.BootstrapServers } };
        using var loop = new KafkaLoop(config, engine, new WorkerHealth(TimeProvider.System), metrics, TimeProvider.System, NullLogger.Instance);
        var running = Task.Run(() => loop.Run(stop.Token), TestContext.Current.CancellationToken);
        // Ever more patiently: by the fifth time the client has long told of the end.
        await Eventually.BeAsync("the store was away for a while", () => away.Refused >= 5);
        away.ComeBack();
        await Eventually.BeAsync("the partition is quiet", async () => (await away.Store.SourcesAsync(TestContext.Current.CancellationToken)).Single() is { QuietSince: not null, Epoch: 2, Position: 5 });
        await stop.CancelAsync();
        await running;
        Assert.Equal(0, (await away.Store.SourcesAsync(TestContext.Current.CancellationToken)).Single().Gaps);
    }
}
