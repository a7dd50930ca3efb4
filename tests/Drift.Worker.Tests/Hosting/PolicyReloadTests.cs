using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.Sources;
using Drift.Worker.Stores;
using Drift.Worker.Tests.Commands;
using Microsoft.Extensions.Logging;

namespace Drift.Worker.Tests.Hosting;

/// <summary>A policy file that is rewritten again and again under a worker that judges: each window has exactly one valid policy, and what is wrong never takes effect.</summary>
public sealed class PolicyReloadTests : IDisposable
{
    const int Reloads = 200;

    /// <summary>Of so many contents two are good ones that stay until they have judged a window; all others may be gone before.</summary>
    const int Judging = 8;

    readonly Folder folder = new();
    readonly EmbeddedBroker broker = new();
    readonly ConcurrentQueue<Judged> judged = new();
    readonly ConcurrentDictionary<string, long> loads = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<string> log = new();
    readonly MeterListener listener = new();

    public void Dispose()
    {
        listener.Dispose();
        broker.Dispose();
        folder.Dispose();
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Two rules that every window breaches, both named by the number: a mix of two policies would show in the names.</summary>
    static string Document(int n) => $$"""
        { "rules": { "a{{n}}": { "measure": "rows", "above": 0 }, "b{{n}}": { "measure": "rows", "above": 0, "severity": "critical" } },
          "routes": [{ "channels": ["log"] }], "channels": { "log": { "kind": "console" } } }
        """;

    static string Hash(int n) => PolicyFormat.Read(Encoding.UTF8.GetBytes(Document(n))).Policy!.Hash;

    string Path => folder["policy.json"];

    void Atomic(string text) => File.Move(folder.File($"next-{Guid.NewGuid():N}", text), Path, overwrite: true);

    /// <summary>In place and in pieces, as an editor or a copy over the network does it.</summary>
    async Task Torn(string text)
    {
        await using var file = new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1);
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at < bytes.Length; at += 60)
        {
            await file.WriteAsync(bytes.AsMemory(at, Math.Min(60, bytes.Length - at)), Cancel);
            await file.FlushAsync(Cancel);
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Two_hundred_reloads_leave_every_window_with_one_valid_policy()
    {
        broker.CreateTopic("log", 1);
        File.WriteAllBytes(folder["m.json"], ProfileFormat.Write(Windows.Logs.Reference));
        File.WriteAllText(Path, Document(0));
        var config = ConfigReader.ReadFile(folder.File("drift.json", """
            {"Drift":{"Source":{"Topics":["log"],"CommitInterval":"00:00:00.010","Kafka":{"bootstrap.servers":"BROKER"}},"Policy":"policy.json",
             "Models":{"m":{"Reference":"m.json","Window":"00:00:01","Grace":"00:00:00","Measures":["psi"]}},"Store":{"Sqlite":"drift.db"},"Web":{"Url":"http://127.0.0.1:0"}}}
            """.Replace("BROKER", broker.BootstrapServers, StringComparison.Ordinal)));
        using var logging = LoggerFactory.Create(b => b.AddProvider(new Sink(log)));
        using var worker = new DriftWorker(config, new WorkerOptions
        {
            Logging = logging, Console = TextWriter.Null, PolicyLook = TimeSpan.FromMilliseconds(5),
            OnJudged = windows =>
            {
                foreach (var window in windows) judged.Enqueue(window);
            },
        });
        Listen(worker);
        await using var web = await WorkerWeb.StartAsync(worker, TimeProvider.System, Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var running = new RunningWorker(worker);
        var feeding = Task.Run(() => Feed(stop.Token), CancellationToken.None);
        await running.UntilAsync("windows are judged", () => Task.FromResult(!judged.IsEmpty));

        var lastGood = 0;
        for (var n = 1; n <= Reloads; n++)
        {
            var refused = loads.GetValueOrDefault("refused");
            switch (n % 4)
            {
                case 0: Atomic(Document(lastGood = n)); break;
                case 1: await Torn(Document(lastGood = n)); break;
                case 2: await Torn(Document(n)[..^(20 + n % 90)]); break;
                default: Atomic(Document(n).Replace("above", "abvoe", StringComparison.Ordinal)); break;
            }
            if (lastGood == n)
            {
                await Eventually.BeAsync($"policy {n} is in force", () => worker.Policy.Hash == Hash(n) && worker.Health.IsReady);
                if (n % Judging < 2) await Eventually.BeAsync($"policy {n} judges", () => judged.Any(j => j.All.Policy == Hash(n)));
                continue;
            }
            await Eventually.BeAsync($"content {n} is refused", () => loads.GetValueOrDefault("refused") > refused);
            Assert.Equal(Hash(lastGood), worker.Policy.Hash);
            Assert.Contains(Hash(lastGood), worker.Health.Problems["policy"], StringComparison.Ordinal);
            if (n is 2 or 3) await Visible(web, Hash(lastGood), n == 2 ? "not JSON" : "did you mean 'above'");
        }
        var until = judged.Count + 20;
        await Eventually.BeAsync("windows are judged to the end", () => judged.Count >= until);
        await stop.CancelAsync();
        await running.StopAsync();
        await feeding;
        await Holds(worker);
    }

    async Task Holds(DriftWorker worker)
    {
        var valid = Enumerable.Range(0, Reloads + 1).Where(n => n % 4 is 0 or 1).ToDictionary(Hash);
        var all = judged.ToList();
        Assert.All(all, window =>
        {
            Assert.True(valid.TryGetValue(window.All.Policy, out var n), $"a window was judged by {window.All.Policy}");
            Assert.Equal([$"a{n}", $"b{n}"], window.Judgement.Breaches.Select(b => b.Rule).Order(StringComparer.Ordinal));
        });
        Assert.True(all.Select(j => j.All.Policy).Distinct().Count() >= 2 * Reloads / Judging, $"only {all.Select(j => j.All.Policy).Distinct().Count()} policies judged {all.Count} windows");
        // In the order of judging policies only ever go forward.
        var order = all.Select(j => valid[j.All.Policy]).ToList();
        Assert.Equal(order.Order(), order);
        var stored = (await worker.Store.WindowsAsync(new WindowQuery("m") { Limit = 1_000_000 }, Cancel)).ToDictionary(w => w.Window.Start, w => w.Policy);
        Assert.All(all, j => Assert.Equal(j.All.Policy, stored[j.All.Window.Start]));
        Assert.True(loads["loaded"] >= Reloads / 2, $"{loads["loaded"]} loads");
        Assert.True(loads["refused"] >= Reloads / 2, $"{loads["refused"]} refusals");
        Assert.Contains(log, line => line.Contains("the policy file is not taken", StringComparison.Ordinal));
        // The audit names every policy that came into force, and the one that judged each window.
        var audit = await worker.Store.AuditAsync(new AuditQuery { Limit = 1_000_000 }, Cancel);
        Assert.Null(AuditChain.Verify(audit));
        Assert.Equal(Reloads / 2, audit.Where(e => e.Action == "policy.load").Select(e => e.Subject).Distinct().Count(valid.ContainsKey));
        Assert.Equal(all.Count, audit.Count(e => e.Action == "window.judge"));
    }

    /// <summary>The refusal stands in health, in the policy's own page and in the metrics; the worker stays ready to be asked.</summary>
    async Task Visible(WorkerWeb web, string hash, string why)
    {
        using var client = new HttpClient { BaseAddress = web.Address };
        var health = await client.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancel);
        Assert.Contains(hash, health, StringComparison.Ordinal);
        Assert.Contains(hash, await client.GetStringAsync(new Uri("/api/v1/policy", UriKind.Relative), Cancel), StringComparison.Ordinal);
        using var policy = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/v1/policy", UriKind.Relative), Cancel));
        Assert.Contains(why, policy.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        Assert.Contains("drift_policy_current 0", metrics, StringComparison.Ordinal);
        Assert.Matches("drift_policy_loads_total\\{outcome=\"refused\"\\} [1-9]", metrics);
    }

    void Listen(DriftWorker worker)
    {
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter == worker.Metrics.Meter && instrument.Name == "drift_policy_loads_total") l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => loads.AddOrUpdate((string)tags[0].Value!, value, (_, before) => before + value));
        listener.Start();
    }

    /// <summary>One record a second of event time, a hundred times as fast as the clock: each closes the window before it.</summary>
    async Task Feed(CancellationToken stop)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, LingerMs = 0 }).Build();
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var n = 0; !stop.IsCancellationRequested; n++, time = time.AddSeconds(1))
        {
            var row = string.Create(CultureInfo.InvariantCulture, $$$"""{"ts":"{{{time:yyyy-MM-dd'T'HH:mm:ss'Z'}}}","model":"m","version":"1","features":{"x":{{{n % 100}}},"c":"a"}}""");
            producer.Produce("log", new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes(row), Timestamp = new Timestamp(time) });
            await Task.Delay(10, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        producer.Flush(TimeSpan.FromSeconds(5));
    }

    sealed class Sink(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
