using Drift.Worker.Commands;

namespace Drift.Worker.Tests.Chaos;

/// <summary>A worker whose surroundings are away waits for them, and stops when it is told to.</summary>
public sealed class OutageTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("drift-outage-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("""{"Sqlite":"drift.db"}""", "the broker does not answer")]
    [InlineData("""{"Postgres":"Host=127.0.0.1;Port=1;Username=nobody;Database=nothing;Timeout=2"}""", "the store does not answer")]
    public async Task It_never_ends_by_itself_and_ends_with_0_when_told(string store, string told)
    {
        File.WriteAllBytes(Path.Combine(folder, "m.json"), ProfileFormat.Write(new Load(1).Reference));
        File.WriteAllText(Path.Combine(folder, "drift.json"), """
            {"Drift":{"Source":{"Kafka":{"bootstrap.servers":"127.0.0.1:1"}},"Models":{"m":{"Reference":"m.json"}},"Store":STORE,"Web":{"Url":"http://127.0.0.1:0"}}}
            """.Replace("STORE", store, StringComparison.Ordinal));
        using var worker = DriftProcess.Start(["run", "--config", Path.Combine(folder, "drift.json")]);
        foreach (var said in (string[])["the dashboard is at http://127.0.0.1:", told])
            await Eventually.BeAsync($"it says '{said}'", () => worker.Error.Contains(said, StringComparison.Ordinal), () => worker.Error);
        await Assert.ThrowsAsync<TimeoutException>(() => worker.ExitAsync(TimeSpan.FromSeconds(6)));
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync(TimeSpan.FromSeconds(25)));
        Assert.DoesNotContain("nobody", worker.Error + worker.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("odd")]
    [InlineData("nowhere=kill")]
    [InlineData("before_begin=stall:long")]
    [InlineData("before_begin=kill@x")]
    public async Task A_failpoint_that_cannot_be_understood_is_one_line(string failpoint)
    {
        File.WriteAllText(Path.Combine(folder, "drift.json"), "{}");
        using var worker = DriftProcess.Start(["run", "--config", Path.Combine(folder, "drift.json")], ("DRIFT_FAILPOINT", failpoint));
        Assert.Equal(2, await worker.ExitAsync());
        await Eventually.BeAsync("it is told", () => worker.Error.Contains($"DRIFT_FAILPOINT: '{failpoint}' is not NAME=stall:SECONDS|kill[@N] with NAME one of before_begin,", StringComparison.Ordinal), () => worker.Error);
    }

    [Fact]
    public async Task Told_to_stop_while_it_starts_it_ends_with_0()
    {
        File.WriteAllBytes(Path.Combine(folder, "m.json"), ProfileFormat.Write(new Load(1).Reference));
        var config = Path.Combine(folder, "drift.json");
        File.WriteAllText(config, """
            {"Drift":{"Source":{"Kafka":{"bootstrap.servers":"127.0.0.1:1"}},"Models":{"m":{"Reference":"m.json"}},"Store":{"Sqlite":"drift.db"},"Web":{"Url":"http://127.0.0.1:0"}}}
            """);
        using var output = new StringWriter();
        var cli = new Cli(output, output, TimeProvider.System) { Cancel = new CancellationToken(canceled: true) };
        Assert.Equal(0, await DriftCommand.RunAsync(["run", "--config", config], cli));
        Assert.Equal("", output.ToString());
    }
}
