using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Drift.Worker.Sources;

namespace Drift.Worker.Tests.Chaos;

/// <summary>The broker of a test, with a topic of its own: one in memory, or the real Kafka that <c>DRIFT_KAFKA</c> names (<c>host:port,..</c>).</summary>
sealed class TestBroker : IDisposable
{
    static readonly string? real = Environment.GetEnvironmentVariable("DRIFT_KAFKA") is { Length: > 0 } given ? given : null;

    readonly EmbeddedBroker? embedded;

    public TestBroker(int partitions)
    {
        if (real is null)
        {
            embedded = new EmbeddedBroker();
            embedded.CreateTopic(Topic, partitions);
            return;
        }
        using var admin = Admin();
        admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = partitions, ReplicationFactor = 1 }]).GetAwaiter().GetResult();
    }

    static IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = real }).Build();

    /// <summary>Also the name of the consumer group, so that runs do not meet.</summary>
    public string Topic { get; } = $"drift-test-{Guid.NewGuid():N}";

    public string BootstrapServers => embedded?.BootstrapServers ?? real!;

    /// <summary>Goes away and comes back; a real broker is not ours to stop and stays.</summary>
    public async Task GoAwayAsync(TimeSpan @for)
    {
        if (embedded is null) return;
        embedded.Down(1);
        await Task.Delay(@for, TestContext.Current.CancellationToken);
        embedded.Up(1);
    }

    public void Dispose()
    {
        embedded?.Dispose();
        if (embedded is not null) return;
        using var admin = Admin();
        admin.DeleteTopicsAsync([Topic]).GetAwaiter().GetResult();
    }
}
