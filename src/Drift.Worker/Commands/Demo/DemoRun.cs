using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.Sources;
using Drift.Worker.Sources.Files;
using Drift.Worker.Stores;

namespace Drift.Worker.Commands.Demo;

/// <summary>The whole system in one process: broker, traffic, worker, store, page. Everything but the traffic is what production runs.</summary>
sealed class DemoRun : IAsyncDisposable
{
    const string Topic = "predictions", TruthTopic = "outcomes";
    const int Partitions = 8, TruthPartitions = 2;

    /// <summary>Enough for every partition to get some, too few to be judged.</summary>
    const int ClosingRows = 160;
    static readonly TimeSpan patience = TimeSpan.FromSeconds(120);

    /// <summary>The sample stops in the morning after its last day; that day stays open rather than be judged on its first rows.</summary>
    static readonly TimeSpan endless = TimeSpan.FromDays(1);

    readonly Cli cli;
    readonly DemoTraffic traffic;
    readonly DemoConsole console;
    readonly EmbeddedBroker broker = new();
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("drift-demo-");
    readonly DriftWorker worker;
    readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly HashSet<DateTimeOffset> known = [];
    Reading? realised, estimated;
    int promised, delivered;
    bool lastJudged;

    public DemoRun(Cli cli, int seed, int port)
    {
        this.cli = cli;
        console = new DemoConsole(cli);
        broker.CreateTopic(Topic, Partitions);
        broker.CreateTopic(TruthTopic, TruthPartitions);
        var today = new DateTimeOffset(cli.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        // It ends with the day before yesterday: the closing rows of the day after must not be ahead of the clock.
        traffic = new DemoTraffic(seed, today.AddDays(-DemoTraffic.Days - 1));
        worker = new DriftWorker(Config(port > 0 ? port : FreePort()), new WorkerOptions { Time = cli.Time, Console = console, Owner = "demo", RevisionAtLeast = TimeSpan.FromSeconds(1), OnJudged = Judged, OnDelivery = Delivered });
    }

    /// <summary>A port that was free a moment ago: alerts carry the page's address, so it must be known before they are made.</summary>
    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    DriftConfig Config(int port)
    {
        var reference = Path.Combine(folder.FullName, "credit-7.json");
        File.WriteAllBytes(reference, ProfileFormat.Write(traffic.Reference()));
        return new DriftConfig
        {
            Source = new SourceConfig { Topics = [Topic], TruthTopics = [TruthTopic], Group = "drift-demo", Kafka = new Dictionary<string, string> { ["bootstrap.servers"] = broker.BootstrapServers } },
            Models = new Dictionary<string, ModelConfig> { [DemoTraffic.Model] = new() { Reference = reference, IdleAfter = endless, Task = ModelTask.Binary, Tags = new Dictionary<string, string> { ["team"] = "credit risk" } } },
            Store = new StoreConfig { Sqlite = Path.Combine(folder.FullName, "drift.db") },
            Web = new WebConfig { Url = $"http://127.0.0.1:{port}" },
        };
    }

    /// <summary>Runs the sample to its end and says what came of it; without <paramref name="once"/> the page then stays until the token is cancelled. True: exactly the drifted columns were named.</summary>
    public async Task<bool> RunAsync(bool once, CancellationToken until)
    {
        await using var web = await WorkerWeb.StartAsync(worker, cli.Time, until);
        console.Say($"A credit service scores {DemoTraffic.RowsPerDay:N0} requests a day; its model was trained on {DemoTraffic.ReferenceRows:N0}. {DemoTraffic.Days} days go through Kafka into the worker.");
        console.Say($"On {traffic.DriftStart:yyyy-MM-dd} some of its {DemoColumns.All.Count} columns begin to drift. The page: {web.Address} (open it: what fires leads to its column, and from there to the report of the day)");
        console.Say();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(until);
        var running = worker.RunAsync(stop.Token);
        await Task.WhenAny(running, SendAsync(once, until));
        await Task.WhenAny(running, finished.Task.WaitAsync(patience, cli.Time, until));
        var right = true;
        if (finished.Task.IsCompleted) right = await SummaryAsync(until);
        else if (!until.IsCancellationRequested && !running.IsCompleted) throw new InvalidOperationException($"the sample was not through after {patience.TotalSeconds:N0} seconds: {string.Join("; ", worker.Health.Problems.Select(p => $"{p.Key}: {p.Value}"))}");
        if (!once && !until.IsCancellationRequested)
        {
            console.Say($"The page stays at {web.Address} until Ctrl-C.");
            await Task.Delay(Timeout.InfiniteTimeSpan, cli.Time, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await stop.CancelAsync();
        await running;
        return right;
    }

    async Task SendAsync(bool once, CancellationToken until)
    {
        var settings = new ProducerConfig { BootstrapServers = broker.BootstrapServers, EnableIdempotence = true, LingerMs = 20, CompressionType = CompressionType.Lz4 };
        using Sender answers = new(settings, Topic), truths = new(settings, TruthTopic);
        // Fast enough to be through soon, slow enough to be watched.
        var pace = new Pace(cli.Time, once ? null : DemoTraffic.RowsPerDay * 1.5);
        var waiting = new Queue<List<Outgoing>>();
        for (var day = 0; day <= DemoTraffic.Days && !until.IsCancellationRequested; day++)
        {
            // What became of the credits of one day is told all at once, days later.
            if (waiting.Count == DemoTraffic.TruthDelay)
                foreach (var truth in waiting.Dequeue()) truths.Send(truth, until);
            var told = new List<Outgoing>();
            foreach (var row in day < DemoTraffic.Days ? traffic.Day(day) : traffic.Closing(ClosingRows))
            {
                if (until.IsCancellationRequested) break;
                await pace.NextAsync(until);
                var id = $"r-{answers.Sent}";
                answers.Send(new Outgoing(id, row.ToRecord(id), []), until);
                told.Add(new Outgoing(id, row.ToTruth(id), []));
            }
            waiting.Enqueue(told);
        }
        await answers.FlushAsync();
        await truths.FlushAsync();
    }

    void Judged(IReadOnlyList<Judged> windows)
    {
        foreach (var (all, _, judgement) in windows)
        {
            if (all.Window.Start < traffic.End) console.Day(all);
            Learn(all);
            Interlocked.Add(ref promised, judgement.Notices.Count);
            if (all.Window.End >= traffic.End) Volatile.Write(ref lastJudged, true);
        }
        Finish();
    }

    void Delivered(Notice notice, DeliveryOutcome outcome, string error)
    {
        if (outcome != DeliveryOutcome.Retried) Interlocked.Increment(ref delivered);
        Finish();
    }

    /// <summary>Remembers how well the model answers, and of which days all truth is known.</summary>
    void Learn(JudgedWindow judged)
    {
        Reading? Of(string measure) => judged.Readings.FirstOrDefault(r => r.Measure == measure && r.Column.Length + r.Segment.Length == 0);
        lock (known)
        {
            if (Of("label_coverage") is { Value: >= 1 } && known.Add(judged.Window.Start)) realised = Of("auc");
            if (judged.Window.End == traffic.End) estimated = Of("estimated_auc");
        }
    }

    int Known
    {
        get { lock (known) return known.Count; }
    }

    /// <summary>Through once the last day has been judged, the truth that has been told has been counted, and every notice has left.</summary>
    void Finish()
    {
        if (Volatile.Read(ref lastJudged) && Known > DemoTraffic.Days - DemoTraffic.TruthDelay && Volatile.Read(ref delivered) >= Volatile.Read(ref promised)) finished.TrySetResult();
    }

    async Task<bool> SummaryAsync(CancellationToken cancel)
    {
        var fired = (await worker.Store.TransitionsAsync(null, 10_000, cancel)).Where(t => t.To == AlertStatus.Firing).Reverse().DistinctBy(t => t.Alert.Column).ToDictionary(t => t.Alert.Column, t => t.Alert, StringComparer.Ordinal);
        var injected = traffic.Drifted.ToDictionary(c => c.Name, StringComparer.Ordinal);
        console.Say();
        console.Say($"The model still answers as it did: by the truth of {Known} days, which came {DemoTraffic.TruthDelay} days late, its auc is {realised?.Value:0.000} (in training {realised?.ReferenceValue:0.000}); of the last day it is estimated to be {estimated?.Value:0.000}.");
        console.Say();
        var table = new TextTable("column", "what was done to it", "alert", "value", "over", "since").Right(3, 4);
        foreach (var name in injected.Keys.Concat(fired.Keys.Except(injected.Keys)))
        {
            var alert = fired.GetValueOrDefault(name);
            table.Row(name.Length > 0 ? name : "(the window)", injected.GetValueOrDefault(name)?.Change ?? "nothing", alert is null ? "none" : $"{alert.Measure}, {alert.Label("severity")}",
                alert is null ? "" : alert.Value.ToString("0.00"), alert is null ? "" : alert.Threshold.ToString("0.00"), alert is null ? "" : alert.Since.ToString("yyyy-MM-dd"));
        }
        table.Write(cli);
        var right = injected.Count == fired.Count && injected.Keys.All(fired.ContainsKey);
        console.Say(right
            ? $"Drift was put into {injected.Count} columns on {traffic.DriftStart:yyyy-MM-dd}, and exactly those were named: {string.Join(", ", injected.Keys)}."
            : $"Drift was put into {string.Join(", ", injected.Keys)}; named were {(fired.Count == 0 ? "none" : string.Join(", ", fired.Keys))}.");
        return right;
    }

    public async ValueTask DisposeAsync()
    {
        worker.Dispose();
        broker.Dispose();
        await console.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
