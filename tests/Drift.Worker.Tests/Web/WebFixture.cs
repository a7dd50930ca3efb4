using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.Hosting;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Stores;
using Drift.Worker.Telemetry;
using Drift.Worker.Tests.Stores;
using Drift.Worker.Web;

namespace Drift.Worker.Tests.Web;

/// <summary>A server over an in-memory store that holds judged windows, alerts and a partition, as a worker would have left them.</summary>
sealed class WebFixture : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    readonly WorkerTelemetry telemetry;

    WebFixture(IResultStore store, WorkerMetrics metrics, WorkerTelemetry telemetry, WebServer server)
    {
        (Store, Metrics, this.telemetry, Server) = (store, metrics, telemetry, server);
        Client = new HttpClient { BaseAddress = server.Address };
    }

    public IResultStore Store { get; }

    public WebServer Server { get; }

    public WorkerMetrics Metrics { get; }

    public HttpClient Client { get; }

    public static async Task<WebFixture> StartAsync(IResultStore? store = null, WebConfig? config = null, Action<Access>? accessed = null)
    {
        store ??= Filled();
        var metrics = new WorkerMetrics();
        var telemetry = new WorkerTelemetry(store, metrics.Meter, TimeProvider.System);
        metrics.Begin(["predictions"], ["fraud", "idle"], ["team"]);
        var server = await WebServer.StartAsync(new WebContext
        {
            Config = config ?? new WebConfig { Url = "http://127.0.0.1:0" },
            Store = store,
            Operations = store is IDriftStore writable ? new Operations(writable, TimeProvider.System) : null,
            Pages = store is AbsentStore ? null : stop => new Drift.Worker.Windows.PageRates(store).LookAsync(Policy.Default, Start, stop),
            Accessed = access => accessed?.Invoke(access),
            Metrics = telemetry.ScrapeAsync,
            Models = [new ModelInfo("fraud", "r1", TimeSpan.FromDays(1), new Dictionary<string, string> { ["team"] = "risk" }), new ModelInfo("idle", "r2", TimeSpan.FromDays(7), new Dictionary<string, string>())],
        }, TestContext.Current.CancellationToken);
        return new WebFixture(store, metrics, telemetry, server);
    }

    /// <summary>Five days of model fraud, version 3, in which column x drifts on the third day; the last day also of version 4.</summary>
    public static MemoryStore Filled(string column = "x", string category = "DE")
    {
        var store = new MemoryStore();
        var schema = Schema.Of(ColumnSpec.Numeric(column), ColumnSpec.Categorical("country"));
        var random = new Random(7);
        double[] Draw(int n, double shift) => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() + shift)];
        string[] Names(int n) => [.. Enumerable.Range(0, n).Select(i => i % 3 == 0 ? category : "FR")];
        var reference = ProfileBuilder.ForReference(schema).Add(column, Draw(5000, 0)).Add("country", Names(5000)).ToProfile().With("fraud", "3");
        store.SaveReference("r1", "fraud", ProfileFormat.Write(reference));
        var source = new SourcePartition("predictions", 0);
        var claim = store.Claim(source, "test");
        for (var day = 0; day < 5; day++)
            foreach (var version in day == 4 ? new[] { "3", "4" } : ["3"])
            {
                var profile = ProfileBuilder.ForWindow(reference).Add(column, Draw(1000, day >= 2 ? .5 : 0)).Add("country", Names(1000)).ToProfile();
                var window = new Window { Model = "fraud", Version = version, Start = Start.AddDays(day), End = Start.AddDays(day + 1), Rows = 1000, Partitions = 1, Reference = "r1" };
                using var transaction = store.Begin();
                transaction.TrySavePartition(claim.State with
                {
                    Position = 1010 * (day + 1), Watermark = window.End.UtcTicks, Records = 1010 * (day + 1), Rows = 1000 * (day + 1), Late = 3,
                    Invalid = new Dictionary<string, long> { ["not_json"] = 4, ["no_ts"] = 2 }, Skipped = new Dictionary<string, long> { ["unknown_model"] = 1 },
                });
                var readings = Comparison.Compare(reference, profile);
                var judgement = AlertMachine.Judge(Policy.Default, window, readings, transaction.AlertStates("fraud"));
                transaction.SaveJudgement(new Judged(new JudgedWindow { Window = window, Policy = Policy.Default.Hash, JudgedAt = window.End, Readings = readings, Counts = ProfileFormat.WriteCounts(profile) }, [], judgement));
                transaction.Commit();
            }
        return store;
    }

    /// <summary>One more judged day of version 3, with these readings.</summary>
    public static void Judge(MemoryStore store, int day, params Reading[] readings)
    {
        var window = new Window { Model = "fraud", Version = "3", Start = Start.AddDays(day), End = Start.AddDays(day + 1), Rows = 1000, Partitions = 1, Reference = "r1" };
        using var transaction = store.Begin();
        transaction.SaveJudgement(new Judged(
            new JudgedWindow { Window = window, JudgedAt = window.End, Readings = [new Reading { Measure = "psi_corrected", Column = "x", Value = .01, Verdict = Verdict.Ok, Rows = 1000 }, .. readings] }, [],
            new Judgement { States = transaction.AlertStates("fraud") }));
        transaction.Commit();
    }

    public async Task<(int Status, string Type, string Body)> GetAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        telemetry.Dispose();
        Metrics.Dispose();
    }
}

/// <summary>A store that has gone away.</summary>
sealed class AbsentStore : IResultStore
{
    static Task<T> Gone<T>() => Task.FromException<T>(new StoreException("gone", new IOException("secret path")));

    public Task PingAsync(CancellationToken cancel) => Gone<int>();
    public Task<IReadOnlyList<ModelVersionSummary>> VersionsAsync(CancellationToken cancel) => Gone<IReadOnlyList<ModelVersionSummary>>();
    public Task<IReadOnlyList<JudgedWindow>> WindowsAsync(WindowQuery query, CancellationToken cancel) => Gone<IReadOnlyList<JudgedWindow>>();
    public Task<JudgedWindow?> WindowAsync(string model, string version, DateTimeOffset start, string segment, int? revision, CancellationToken cancel) => Gone<JudgedWindow?>();
    public Task<IReadOnlyList<string>> VersionsOfAsync(string model, DateTimeOffset start, CancellationToken cancel) => Gone<IReadOnlyList<string>>();
    public Task<Profile?> ReferenceAsync(string id, CancellationToken cancel) => Gone<Profile?>();
    public Task<IReadOnlyList<PartitionState>> SourcesAsync(CancellationToken cancel) => Gone<IReadOnlyList<PartitionState>>();
    public Task<TruthTotals> TruthTotalsAsync(CancellationToken cancel) => Gone<TruthTotals>();
    public Task<IReadOnlyList<KeyValuePair<string, AlertStates>>> AlertStatesAsync(CancellationToken cancel) => Gone<IReadOnlyList<KeyValuePair<string, AlertStates>>>();
    public Task<IReadOnlyList<Silence>> SilencesAsync(CancellationToken cancel) => Gone<IReadOnlyList<Silence>>();
    public Task<IReadOnlyList<AuditEntry>> AuditAsync(AuditQuery query, CancellationToken cancel) => Gone<IReadOnlyList<AuditEntry>>();
    public Task<IReadOnlyList<Transition>> TransitionsAsync(string? key, int limit, CancellationToken cancel) => Gone<IReadOnlyList<Transition>>();
}
