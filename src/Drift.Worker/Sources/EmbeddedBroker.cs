using System.Runtime.InteropServices;
using System.Text;

namespace Drift.Worker.Sources;

/// <summary>
/// A Kafka broker in memory: the mock cluster inside librdkafka. It speaks the real protocol on loopback, and keeps at most 5 MiB and 100,000
/// batches per partition (the oldest go first), so spread a load over partitions. For demos and tests; its topics end with the process.
/// </summary>
public sealed unsafe partial class EmbeddedBroker : IDisposable
{
    const string Library = "librdkafka";
    const int ErrorLength = 512;

    /// <summary>The builds that the Kafka client's package has for Linux, in the client's order: the first needs a SASL library that not every system has.</summary>
    static readonly string[] builds = [Library, "centos8-librdkafka", "alpine-librdkafka"];

    nint client, cluster;

    static EmbeddedBroker() => NativeLibrary.SetDllImportResolver(typeof(EmbeddedBroker).Assembly, Resolve);

    public EmbeddedBroker(int brokers = 1)
    {
        // Confluent.Kafka knows where its native library lies on each platform, and may refuse a broken one with a useful message.
        Confluent.Kafka.Library.Load();
        var error = new byte[ErrorLength];
        var settings = NewSettings();
        SetLog(settings, 0); // its only words would be that nobody told it of a broker
        client = NewClient(0, settings, error, ErrorLength);
        if (client == 0) throw new InvalidOperationException($"librdkafka: {Encoding.UTF8.GetString(error).TrimEnd('\0')}");
        cluster = NewCluster(client, brokers);
        if (cluster != 0) return;
        Dispose();
        throw new InvalidOperationException("librdkafka could not start its mock cluster");
    }

    /// <summary>The same library as the client's: it takes the next build where one cannot be loaded.</summary>
    static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;
        foreach (var build in builds)
            if (NativeLibrary.TryLoad(build, typeof(Confluent.Kafka.Library).Assembly, path, out var handle)) return handle;
        return 0;
    }

    /// <summary>What clients connect to.</summary>
    public string BootstrapServers => Marshal.PtrToStringUTF8(Bootstraps(cluster))!;

    /// <summary>Creates a topic; an existing one is left as it is.</summary>
    public void CreateTopic(string topic, int partitions)
    {
        if (TopicCreate(cluster, topic, partitions, 1) is var code and not 0) throw new InvalidOperationException($"topic '{topic}' could not be created: {(Confluent.Kafka.ErrorCode)code}");
    }

    /// <summary>Deletes a topic and what it held. False: this build of librdkafka (before 2.12) cannot.</summary>
    public bool TryDeleteTopic(string topic)
    {
        try
        {
            return TopicDelete(cluster, topic) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Makes a broker (counted from 1) unreachable.</summary>
    public void Down(int broker) => _ = SetDown(cluster, broker);

    /// <summary>Makes a broker reachable again; it still has its data.</summary>
    public void Up(int broker) => _ = SetUp(cluster, broker);

    /// <summary>Delays a broker's answers.</summary>
    public void RoundTrip(int broker, TimeSpan delay) => _ = SetRtt(cluster, broker, (int)delay.TotalMilliseconds);

    /// <summary>The next requests of a kind are answered with these errors, one each.</summary>
    public void Fail(short apiKey, params int[] errors) => PushErrors(cluster, apiKey, (nuint)errors.Length, errors);

    public void Dispose()
    {
        if (cluster != 0) DestroyCluster(cluster);
        if (client != 0) Destroy(client);
        (cluster, client) = (0, 0);
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint NewSettings();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_log_cb")]
    private static partial void SetLog(nint settings, nint callback);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    private static partial nint NewClient(int type, nint settings, [Out] byte[] error, nuint errorLength);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    private static partial void Destroy(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyCluster(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int TopicCreate(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_delete", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int TopicDelete(nint cluster, string topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static partial int SetDown(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static partial int SetUp(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    private static partial int SetRtt(nint cluster, int broker, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    private static partial void PushErrors(nint cluster, short apiKey, nuint count, int[] errors);
}
