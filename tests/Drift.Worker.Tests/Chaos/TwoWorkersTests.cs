using System.Text.Json;
using Drift.Tests;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Postgres;

namespace Drift.Worker.Tests.Chaos;

/// <summary>Two workers share a topic and a PostgreSQL; both are killed, the broker goes away and comes back, the database crashes: no count changes.</summary>
public sealed class TwoWorkersTests : IDisposable
{
    const int Partitions = 6;

    readonly PostgresServer server = PostgresServer.Shared;
    readonly string folder = Directory.CreateTempSubdirectory("drift-two-").FullName;
    readonly TestBroker broker = new(Partitions);
    readonly Load load = new(Partitions);
    readonly DriftProcess[] workers = new DriftProcess[2];
    readonly IDriftStore store;
    readonly string connection;

    public TwoWorkersTests()
    {
        connection = server.Create();
        store = PostgresStore.At(connection);
        File.WriteAllBytes(Path.Combine(folder, "m.json"), ProfileFormat.Write(load.Reference));
        File.WriteAllText(Path.Combine(folder, "drift.json"), """
            {"Drift":{"Source":{"Topics":["TOPIC"],"Group":"TOPIC","CommitInterval":"00:00:00.2","CommitRecords":1000,"Kafka":{"bootstrap.servers":"BROKER","session.timeout.ms":4000,"heartbeat.interval.ms":500,"max.poll.interval.ms":6000}},
             "Models":{"m":{"Reference":"m.json","Window":"00:00:10","Grace":"00:00:02","Measures":["psi"]}},"Store":{"Postgres":CONNECTION},"Web":{"Url":"http://127.0.0.1:0"}}}
            """.Replace("BROKER", broker.BootstrapServers, StringComparison.Ordinal).Replace("TOPIC", broker.Topic, StringComparison.Ordinal).Replace("CONNECTION", JsonSerializer.Serialize(connection), StringComparison.Ordinal));
    }

    public void Dispose()
    {
        foreach (var worker in workers) worker?.Dispose();
        store.Dispose();
        broker.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    void Start(int which, params (string, string)[] environment) => workers[which] = DriftProcess.Start(["run", "--config", Path.Combine(folder, "drift.json")], environment);

    string Errors() => string.Join("\n--\n", workers.Select(w => w.Error));

    async Task Progress(long records)
    {
        load.Produce(broker.BootstrapServers, broker.Topic, records);
        var before = await Truth.CommittedAsync(store);
        await Eventually.BeAsync("1,000 further records are committed", async () => await Truth.CommittedAsync(store) >= before + 1000, Errors);
    }

    void Kill(int which)
    {
        workers[which].Kill();
        workers[which].Dispose();
        Start(which);
    }

    [Fact]
    public async Task Kills_a_broker_outage_and_a_database_crash_change_no_count()
    {
        Assert.SkipUnless(server.CanCrash, "DRIFT_POSTGRES names a server that is not ours to crash");
        Start(0);
        Start(1);
        await Progress(12_000);
        Kill(0);
        await Progress(12_000);
        await broker.GoAwayAsync(TimeSpan.FromSeconds(2));
        await Progress(12_000);
        server.Crash();
        await Progress(12_000);
        Kill(1);
        await Progress(12_000);
        Kill(0);
        await Finish();
    }

    /// <summary>
    /// A worker stalls between reading and committing until Kafka and the other worker have given its partitions away. When it wakes up it still believes
    /// that they are its own; the epoch alone keeps its stale state out of the store.
    /// </summary>
    [Fact]
    public async Task A_worker_that_wakes_up_too_late_is_fenced()
    {
        Start(0, ("DRIFT_FAILPOINT", "before_begin=stall:13@3"));
        await Eventually.BeAsync("the first worker owns the partitions", async () => await Owners() is [_, ..], () => workers[0].Error);
        Start(1);
        load.Produce(broker.BootstrapServers, broker.Topic, 20_000);
        await Eventually.BeAsync("the first worker stalls", () => workers[0].Output.Contains("failpoint before_begin", StringComparison.Ordinal), Errors);
        // Its processor is taken away, too, until the other one has everything, however long that takes.
        workers[0].Stop();
        load.Produce(broker.BootstrapServers, broker.Topic, 20_000);
        await Eventually.BeAsync("the other worker has taken over", async () => await Owners() is [var owner] && owner.EndsWith($"-{workers[1].Id}", StringComparison.Ordinal), Errors);
        workers[0].Continue();
        await Eventually.BeAsync("it is fenced", () => workers[0].Error.Contains("another owner has taken over", StringComparison.Ordinal), Errors);
        await Finish();
    }

    /// <summary>A database that answers slowly, has no room left, or gives up one of two that wait for each other: what it refused is done again, and memory stays as it was.</summary>
    [Fact]
    public async Task A_slow_and_a_full_database_change_no_count()
    {
        store.Open();
        await Sql("""
            CREATE TABLE trouble (mode TEXT); INSERT INTO trouble VALUES ('none');
            CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE now TEXT;
                BEGIN
                    SELECT mode INTO now FROM trouble;
                    IF now = 'slow' THEN PERFORM pg_sleep(0.3); END IF;
                    IF now = 'full' THEN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END IF;
                    IF now = 'deadlock' THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END IF;
                    RETURN NEW;
                END $$;
            CREATE TRIGGER trouble BEFORE UPDATE OF next_offset ON source_partition FOR EACH ROW EXECUTE FUNCTION trouble();
            """);
        Start(0);
        Start(1);
        await Progress(12_000);
        var before = workers.Max(w => w.Resident);
        await Sql("UPDATE trouble SET mode = 'slow'");
        await Progress(20_000);
        Assert.True(workers.Max(w => w.Resident) < before + 200 * 1024 * 1024, $"{workers.Max(w => w.Resident) >> 20} MiB where there were {before >> 20}");
        foreach (var mode in (string[])["full", "deadlock"])
        {
            await Sql($"UPDATE trouble SET mode = '{mode}'");
            load.Produce(broker.BootstrapServers, broker.Topic, 6_000);
            var said = mode == "full" ? "could not extend file" : "deadlock detected";
            await Eventually.BeAsync($"a worker says '{said}'", () => workers.Any(w => w.Error.Contains(said, StringComparison.Ordinal)), Errors);
            await Sql("UPDATE trouble SET mode = 'none'");
        }
        await Progress(6_000);
        await Finish();
    }

    async Task Sql(string text)
    {
        await using var open = new Npgsql.NpgsqlConnection(connection);
        await open.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand(text, open);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    async Task<IReadOnlyList<string>> Owners()
    {
        try
        {
            return [.. (await store.SourcesAsync(TestContext.Current.CancellationToken)).Select(s => s.Owner).Distinct()];
        }
        catch (StoreException)
        {
            return [];
        }
    }

    async Task Finish()
    {
        load.PushWatermarks(broker.BootstrapServers, broker.Topic);
        var expected = load.Compute();
        await Eventually.BeAsync(
            "every window is judged", async () => await Truth.JudgedAsync(store) >= expected.Windows.Count && await Truth.CommittedAsync(store) >= load.Count + Partitions, Errors);
        await DriftProcess.StopAsync(workers);
        await Truth.HoldsAsync(store, load, expected, Partitions);
    }
}
