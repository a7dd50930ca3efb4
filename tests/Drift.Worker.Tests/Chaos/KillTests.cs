using Drift.Worker.Stores;
using Drift.Worker.Stores.Sqlite;

namespace Drift.Worker.Tests.Chaos;

/// <summary>Kill -9 at any moment loses nothing and doubles nothing: a real process against a real broker, everything recomputed from the input.</summary>
public sealed class KillTests : IDisposable
{
    const int Partitions = 8;

    readonly string folder = Directory.CreateTempSubdirectory("drift-kill-").FullName;
    readonly TestBroker broker = new(Partitions);
    readonly Load load = new(Partitions);
    readonly IDriftStore store;

    public KillTests()
    {
        File.WriteAllBytes(Path.Combine(folder, "m.json"), ProfileFormat.Write(load.Reference));
        // A short session, so that a dead member's partitions are given away soon; not shorter than the broker takes to form a group.
        File.WriteAllText(Path.Combine(folder, "drift.json"), """
            {"Drift":{"Source":{"Topics":["TOPIC"],"Group":"TOPIC","CommitInterval":"00:00:02","CommitRecords":1000,"Kafka":{"bootstrap.servers":"BROKER","session.timeout.ms":4000,"heartbeat.interval.ms":500}},
             "Models":{"m":{"Reference":"m.json","Window":"00:00:10","Grace":"00:00:02","Measures":["psi"]}},"Store":{"Sqlite":"drift.db"},"Web":{"Url":"http://127.0.0.1:0"}}}
            """.Replace("BROKER", broker.BootstrapServers, StringComparison.Ordinal).Replace("TOPIC", broker.Topic, StringComparison.Ordinal));
        store = SqliteStore.At(Path.Combine(folder, "drift.db"));
    }

    public void Dispose()
    {
        store.Dispose();
        broker.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    DriftProcess Start(string? failpoint) =>
        DriftProcess.Start(["run", "--config", Path.Combine(folder, "drift.json")], failpoint is null ? [] : [("DRIFT_FAILPOINT", failpoint)]);

    Task<long> Committed() => Truth.CommittedAsync(store);

    [Fact]
    public Task Five_kills_change_no_count() => Run(60_000, kills: 5);

    [Fact]
    [Trait("Campaign", "chaos")]
    public Task Twenty_kills_change_no_count()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DRIFT_CHAOS") == "1", "a campaign: set DRIFT_CHAOS=1, or run ./build.sh chaos");
        return Run(200_000, kills: 20);
    }

    async Task Run(int records, int kills)
    {
        string?[] ways = [null, "before_commit=kill", "after_offsets=kill", "before_commit=kill", "after_commit=kill"];
        var closing = 0;
        // Which commits close a window is the broker's and the machine's doing: as many more kills as it takes to have met enough of them.
        for (var kill = 0; kill < kills || closing < kills / 4; kill++)
        {
            Assert.True(kill < 5 * kills, $"only {closing} of {kill} kills came between begin and commit while a window was closing");
            load.Produce(broker.BootstrapServers, broker.Topic, records / (kills + 1));
            if (await Kill(ways[kill % ways.Length])) closing++;
        }
        load.Produce(broker.BootstrapServers, broker.Topic, records / (kills + 1));
        load.PushWatermarks(broker.BootstrapServers, broker.Topic);
        using var last = Start(null);
        var expected = load.Compute();
        await Eventually.BeAsync("every window is judged", async () => await Truth.JudgedAsync(store) >= expected.Windows.Count && await Committed() >= load.Count + Partitions, () => last.Error);
        await DriftProcess.StopAsync(last);
        await Truth.HoldsAsync(store, load, expected, Partitions);
    }

    /// <summary>Starts a worker, lets it commit further records, and kills it: from outside, or at a point of its protocol, the third time. True: inside the transaction that closed a window.</summary>
    async Task<bool> Kill(string? failpoint)
    {
        var before = await Committed();
        using var worker = Start(failpoint);
        if (failpoint is null)
        {
            await Eventually.BeAsync("1,000 further records are committed", async () => await Committed() >= before + 1000, () => worker.Error);
            worker.Kill();
        }
        await worker.ExitAsync();
        Assert.True(await Committed() > before, $"{failpoint}: nothing was committed\n{worker.Error}");
        if (failpoint is not null) Assert.Contains($"failpoint {failpoint.Split('=')[0]}", worker.Output, StringComparison.Ordinal);
        return failpoint?.StartsWith("before_commit", StringComparison.Ordinal) == true && !worker.Output.Contains(", 0 windows closing", StringComparison.Ordinal);
    }
}
