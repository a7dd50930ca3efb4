using System.Text.Json;
using Drift.Tests;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Postgres;
using Drift.Worker.Stores.Sqlite;

namespace Drift.Worker.Tests.Chaos;

/// <summary>
/// Ten minutes of everything at once while records keep coming: kills from outside and inside the transaction, processes that lose their processor for longer
/// than their session, brokers and databases that go away. In the end every count is what the input says.
/// </summary>
[Trait("Campaign", "chaos")]
public sealed class CampaignTests : IDisposable
{
    const int Partitions = 6;
    static readonly TimeSpan session = TimeSpan.FromSeconds(4);

    enum Fault { Kill, KillInside, Stop, Outage, Crash }

    readonly string folder = Directory.CreateTempSubdirectory("drift-campaign-").FullName;
    readonly TestBroker broker = new(Partitions);
    readonly Load load = new(Partitions);
    readonly Random random = new(5);
    readonly List<DriftProcess> workers = [];
    IDriftStore store = null!;
    Task producing = Task.CompletedTask;

    public void Dispose()
    {
        foreach (var worker in workers) worker.Dispose();
        store?.Dispose();
        broker.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static void OnlyIfAsked() => Assert.SkipUnless(Environment.GetEnvironmentVariable("DRIFT_CHAOS") == "1", "a campaign: set DRIFT_CHAOS=1, or run ./build.sh chaos");

    [Fact]
    public async Task Two_workers_on_PostgreSQL()
    {
        OnlyIfAsked();
        var server = PostgresServer.Shared;
        Assert.SkipUnless(server.CanCrash, "DRIFT_POSTGRES names a server that is not ours to crash");
        var connection = server.Create();
        store = PostgresStore.At(connection);
        await Run(2, $$"""{"Postgres":{{JsonSerializer.Serialize(connection)}}}""", server.Crash, (Fault.Kill, 18), (Fault.KillInside, 10), (Fault.Stop, 4), (Fault.Outage, 5), (Fault.Crash, 5));
    }

    /// <summary>The database of one process ends with it: its crash is the kill.</summary>
    [Fact]
    public async Task One_worker_on_SQLite()
    {
        OnlyIfAsked();
        store = SqliteStore.At(Path.Combine(folder, "drift.db"));
        await Run(1, """{"Sqlite":"drift.db"}""", () => { }, (Fault.Kill, 9), (Fault.KillInside, 6), (Fault.Stop, 2), (Fault.Outage, 2));
    }

    /// <summary>Workers come and go in an orderly way: one, four, one, under load.</summary>
    [Fact]
    public async Task One_worker_then_four_then_one()
    {
        OnlyIfAsked();
        var connection = PostgresServer.Shared.Create();
        store = PostgresStore.At(connection);
        Configure($$"""{"Postgres":{{JsonSerializer.Serialize(connection)}}}""");
        workers.Add(Start(null));
        using var enough = new CancellationTokenSource();
        producing = Task.Run(() => ProduceAsync(enough.Token), Cancel);
        await Progress("with one worker");
        for (var i = 0; i < 3; i++) workers.Add(Start(null));
        await Eventually.BeAsync("four share the partitions", async () => (await store.SourcesAsync(Cancel)).Select(s => s.Owner).Distinct().Count() == 4, Errors);
        await Progress("with four");
        await DriftProcess.StopAsync(workers[1..]);
        await Eventually.BeAsync("one has them all", async () => (await store.SourcesAsync(Cancel)).Select(s => s.Owner).Distinct().Count() == 1, Errors);
        foreach (var worker in workers[1..]) worker.Dispose();
        workers.RemoveRange(1, 3);
        await Progress("with one again");
        await enough.CancelAsync();
        await producing;
        await Finish();
    }

    async Task Run(int processes, string storeConfig, Action crash, params (Fault Fault, int Times)[] plan)
    {
        Configure(storeConfig);
        for (var i = 0; i < processes; i++) workers.Add(Start(null));
        using var enough = new CancellationTokenSource();
        producing = Task.Run(() => ProduceAsync(enough.Token), Cancel);
        var faults = plan.SelectMany(p => Enumerable.Repeat(p.Fault, p.Times)).ToArray();
        random.Shuffle(faults);
        var closing = 0;
        foreach (var fault in faults)
        {
            await Progress($"before {fault}");
            closing += await Strike(fault, random.Next(processes), crash);
        }
        await Progress("after the last fault");
        await enough.CancelAsync();
        await producing;
        await Finish();
        TestContext.Current.SendDiagnosticMessage("{0} records, {1}, {2} kills between begin and commit while a window was closing", load.Count, string.Join(", ", plan.Select(p => $"{p.Times} x {p.Fault}")), closing);
        Assert.True(closing > 0, "no kill came while a window was closing");
    }

    void Configure(string storeConfig)
    {
        File.WriteAllBytes(Path.Combine(folder, "m.json"), ProfileFormat.Write(load.Reference));
        File.WriteAllText(Path.Combine(folder, "drift.json"), $$"""
            {"Drift":{"Source":{"Topics":["{{broker.Topic}}"],"Group":"{{broker.Topic}}","CommitInterval":"00:00:00.2","CommitRecords":1000,
               "Kafka":{"bootstrap.servers":"{{broker.BootstrapServers}}","session.timeout.ms":{{session.TotalMilliseconds}},"heartbeat.interval.ms":500} },
             "Models":{"m":{"Reference":"m.json","Window":"00:00:10","Grace":"00:00:02","Measures":["psi"]} },"Store":{{storeConfig}},"Web":{"Url":"http://127.0.0.1:0"} } }
            """);
    }

    DriftProcess Start(string? failpoint) => DriftProcess.Start(["run", "--config", Path.Combine(folder, "drift.json")], failpoint is null ? [] : [("DRIFT_FAILPOINT", failpoint)]);

    string Errors() => string.Join("\n--\n", workers.Select(w => w.Error.Length > 4000 ? w.Error[^4000..] : w.Error));

    /// <summary>Records keep coming whatever breaks; never more than the broker can hold of what nobody has committed.</summary>
    async Task ProduceAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            if (load.Count - await Truth.CommittedAsync(store) < 60_000) load.Produce(broker.BootstrapServers, broker.Topic, 3_000);
            await Task.Delay(500, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Progress(string when)
    {
        var before = await Truth.CommittedAsync(store);
        await Eventually.BeAsync($"1,000 further records are committed, {when}", async () =>
        {
            if (producing.IsFaulted) await producing;
            return await Truth.CommittedAsync(store) >= before + 1000;
        }, Errors);
        // A fault may meet any moment of the work.
        await Task.Delay(random.Next(1_500), Cancel);
    }

    async Task<int> Strike(Fault fault, int which, Action crash)
    {
        switch (fault)
        {
            case Fault.Kill:
                workers[which].Kill();
                Replace(which, null);
                break;
            case Fault.KillInside: return await KillInside(which);
            case Fault.Stop:
                workers[which].Stop();
                await Task.Delay(session + TimeSpan.FromSeconds(3), Cancel);
                workers[which].Continue();
                break;
            case Fault.Outage: await broker.GoAwayAsync(TimeSpan.FromMilliseconds(2_000 + random.Next(4_000))); break;
            case Fault.Crash: crash(); break;
        }
        return 0;
    }

    void Replace(int which, string? failpoint)
    {
        workers[which].Dispose();
        workers[which] = Start(failpoint);
    }

    /// <summary>The process kills itself at a step of the protocol. 1: while it was judging a window.</summary>
    async Task<int> KillInside(int which)
    {
        var step = random.GetItems(["after_offsets", "before_commit", "before_commit", "after_commit"], 1)[0];
        workers[which].Kill();
        Replace(which, $"{step}=kill@{random.Next(2, 12)}");
        await Eventually.BeAsync($"it dies at {step}", () => workers[which].HasExited, Errors);
        var output = workers[which].Output;
        Assert.Contains($"failpoint {step}", output, StringComparison.Ordinal);
        Replace(which, null);
        return step == "before_commit" && !output.Contains(", 0 windows closing", StringComparison.Ordinal) ? 1 : 0;
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
