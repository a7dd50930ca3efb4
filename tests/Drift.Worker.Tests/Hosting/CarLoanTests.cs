using System.Text.Json;
using Drift.Alerts;
using Drift.Tests;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.Sources;
using Drift.Worker.Sources.Files;
using Drift.Worker.Stores;
using Drift.Worker.Tests.Commands;

namespace Drift.Worker.Tests.Hosting;

/// <summary>Real data all the way: the reference by <c>drift profile</c>, the log by <c>drift send</c> through a broker into the worker, and the same lines by <c>drift replay</c>.</summary>
public sealed class CarLoanTests : IDisposable
{
    /// <summary>In the analysis data the drift begins on 2019-03-31; these columns take part in it, and no other does.</summary>
    static readonly string[] drifting = ["car_value", "loan_length", "repaid_loan_on_prev_car", "salary_range", "y_pred_proba"];

    static readonly DateTimeOffset drift = new(2019, 3, 31, 3, 0, 0, TimeSpan.Zero);
    static readonly string[] roles = ["--ts", "timestamp", "--id", "id", "--prediction", "y_pred", "--score", "y_pred_proba"];

    readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<Run> Drift(params string[] args)
    {
        var run = await Run.Of(args);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return run;
    }

    string Configure(string bootstrap) => folder.File("drift.json", """
        {"Drift":{"Source":{"Topics":["log"],"Kafka":{"bootstrap.servers":"BROKER"}},
         "Models":{"car":{"Reference":"car.json","Window":"28.00:00:00","IdleAfter":"00:00:03"}},"Store":{"Sqlite":"car.db"},"Web":{"Url":"http://127.0.0.1:0"}}}
        """.Replace("BROKER", bootstrap, StringComparison.Ordinal));

    [Fact]
    public async Task The_worker_finds_the_known_drift_and_replay_gives_the_same_windows()
    {
        var analysis = TestData.Path("datasets/car_loan_analysis.csv.gz");
        await Drift(["profile", TestData.Path("datasets/car_loan_reference.csv.gz"), "--out", folder["car.json"], "--truth", "repaid", "--model", "car", .. roles]);
        using var broker = new EmbeddedBroker();
        broker.CreateTopic("log", 4);
        await Drift(["send", analysis, "--topic", "log", "--bootstrap", broker.BootstrapServers, "--model", "car", "--model-version", "1", .. roles]);
        var config = ConfigReader.ReadFile(Configure(broker.BootstrapServers));
        var (streamed, transitions) = await Stream(config);
        Judge(streamed.Select(w => w.Window).ToList(), transitions);

        // The same messages as one file: one partition instead of four, and the end of the file instead of the clock.
        using (var lines = File.CreateText(folder["log.jsonl"]))
            foreach (var message in LogMessages.OfCsv(analysis, Mapping())) await lines.WriteLineAsync(System.Text.Encoding.UTF8.GetString(message.Value));
        var replayed = JsonDocument.Parse((await Drift("replay", folder["log.jsonl"], "--config", folder["drift.json"], "--format", "json")).Out).RootElement;
        Assert.Equal(
            streamed.Select(w => $"{w.Window.Start:O} {w.Window.Rows} {w.Window.Late}"),
            replayed.GetProperty("windows").EnumerateArray().Select(w => $"{w.GetProperty("start").GetDateTimeOffset():O} {w.GetProperty("rows").GetInt64()} {w.GetProperty("late").GetInt64()}"));
        await SameCounts(config, streamed);
    }

    static RecordMapping Mapping() => new()
    {
        Model = "car", Version = "1", Scores = [(null, "y_pred_proba")],
        Columns = new ReadOptions { Roles = new Dictionary<string, ColumnRole> { ["timestamp"] = ColumnRole.Time, ["id"] = ColumnRole.Id, ["y_pred"] = ColumnRole.Prediction, ["y_pred_proba"] = ColumnRole.Score } },
    };

    /// <summary>Runs the worker in this process until the last window, which only the clock can close, is judged.</summary>
    static async Task<(IReadOnlyList<JudgedWindow>, IReadOnlyList<Transition>)> Stream(DriftConfig config)
    {
        using var console = new StringWriter();
        using var worker = new DriftWorker(config, new WorkerOptions { Console = console });
        await using var running = new RunningWorker(worker);
        Task<IReadOnlyList<JudgedWindow>> Windows() => worker.Store.WindowsAsync(new WindowQuery("car") { Limit = 100 }, Cancel);
        await running.UntilAsync("12 windows are judged", async () => (await Windows()).Count >= 12);
        var result = (await Windows(), await worker.Store.TransitionsAsync(null, 1000, Cancel));
        await running.StopAsync();
        foreach (var column in drifting) Assert.Contains($"{column} drifted", console.ToString(), StringComparison.Ordinal);
        return result;
    }

    static void Judge(IReadOnlyList<Window> windows, IReadOnlyList<Transition> transitions)
    {
        Assert.Equal(12, windows.Count);
        Assert.Equal(50_000, windows.Sum(w => w.Rows));
        Assert.All(windows, w => Assert.Equal((4, 0L, 0), (w.Partitions, w.Late, w.Revision)));
        Assert.All(windows.SkipLast(1), w => Assert.Equal("watermark", w.ClosedBy));
        Assert.Equal("idle", windows[^1].ClosedBy);
        var second = windows.Where(w => w.Start >= drift).ElementAt(1);
        var fired = transitions.Where(t => t.To == AlertStatus.Firing).ToList();
        Assert.Equal(drifting, fired.Select(t => t.Alert.Column).Distinct().Order(StringComparer.Ordinal));
        Assert.All(fired, t => Assert.True(windows.Single(w => w.Start == t.WindowStart).End > drift));
        Assert.All(drifting, column => Assert.Contains(fired, t => t.Alert.Column == column && t.WindowStart <= second.Start));
    }

    /// <summary>Every count of every column, bit by bit: the stored windows of the worker against the windows of a replay that was written to another store.</summary>
    async Task SameCounts(DriftConfig config, IReadOnlyList<JudgedWindow> streamed)
    {
        folder.File("written.json", File.ReadAllText(folder["drift.json"]).Replace("car.db", "written.db", StringComparison.Ordinal));
        await Drift("replay", folder["log.jsonl"], "--config", folder["written.json"], "--write");
        using var worker = new DriftWorker(config);
        using var written = new DriftWorker(ConfigReader.ReadFile(folder["written.json"]));
        foreach (var window in streamed)
        {
            var other = await written.Store.WindowAsync("car", "1", window.Window.Start, "", null, Cancel);
            var (a, b) = ((await worker.Store.ProfileAsync(window, Cancel))!, (await written.Store.ProfileAsync(other!, Cancel))!);
            Assert.Equal(a.Columns.Select(Windows.Logs.Counts), b.Columns.Select(Windows.Logs.Counts));
        }
        Assert.Empty(await written.Store.ChannelsAsync(Cancel));
    }
}
