using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.References;
using Drift.Worker.Sources.Kafka;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Postgres;
using Drift.Worker.Stores.Sqlite;
using Drift.Worker.Windows;
using Microsoft.Extensions.Logging;

namespace Drift.Worker.Hosting;

/// <summary>
/// The worker: Kafka in, judged windows and notices out. The composition root: only here do sources, windows, stores and channels meet. What is wrong
/// with the configuration is an <see cref="InputException"/> of the constructor; what is away while running is waited for.
/// </summary>
public sealed class DriftWorker : IDisposable
{
    readonly WorkerOptions options;
    readonly ILogger log;
    readonly ActivePolicy policy;
    readonly ChannelHttp http = new();

    public DriftWorker(DriftConfig config, WorkerOptions? options = null)
    {
        Config = config;
        this.options = options ?? new WorkerOptions();
        log = this.options.Logging.CreateLogger("Drift.Worker");
        Models = WatchedModels.Load(config);
        KafkaSettings.Check(config.Source);
        var services = new ChannelServices { Http = http, Time = this.options.Time, Console = this.options.Console, ExternalUrl = config.Web.Url };
        Health = new WorkerHealth(this.options.Time);
        policy = new ActivePolicy(config.Policy, this.options.Policy, services, Health, this.options.Time, log);
        Store = OpenStore(config.Store);
    }

    public DriftConfig Config { get; }

    public WatchedModels Models { get; }

    /// <summary>The policy in force.</summary>
    public Policy Policy => policy.Current;

    /// <summary>Everything that can be read, while the worker runs or not.</summary>
    public IDriftStore Store { get; }

    public WorkerHealth Health { get; }

    public WorkerMetrics Metrics { get; } = new();

    internal static IDriftStore OpenStore(StoreConfig config) => config.Postgres is { } postgres ? PostgresStore.At(postgres) : SqliteStore.At(config.Sqlite!);

    /// <summary>Runs until cancelled, then commits what was read and leaves the group. It never ends because broker or store are away.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (!await StartStoreAsync(stop)) return;
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var delivery = new Delivery(Store, policy.Channel, options.Time, new DeliveryOptions { Report = Report });
        var delivering = Task.Run(() => delivery.RunAsync(sending.Token), CancellationToken.None);
        var looking = policy.RunAsync(sending.Token);
        var truths = Config.Source.TruthTopics.ToHashSet(StringComparer.Ordinal);
        var engine = new WindowEngine(Store, Models, new Judge(Models, () => policy.Current, options.Time) { Link = Link(), TruthTopics = truths }, Limits(Config), options.Owner)
        {
            TruthTopics = truths,
            OnSaved = Metrics.Committed, OnFenced = partition =>
            {
                Metrics.Fenced();
                log.LogWarning("another owner has taken over {Partition}", partition);
            }, OnJudged = judged =>
            {
                Metrics.Judged(judged);
                if (judged.Any(j => j.Judgement.Notices.Count > 0)) delivery.Wake();
                options.OnJudged?.Invoke(judged);
            },
        };
        using (var loop = new KafkaLoop(Config.Source, engine, Health, Metrics, options.Time, log))
            await Task.Factory.StartNew(() => loop.Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await sending.CancelAsync();
        await delivering;
        await looking;
    }

    /// <summary>Sentences lead to the model's page.</summary>
    string Link() => $"{Config.Web.Url.TrimEnd('/')}/models/{{model}}?version={{version}}&column={{column}}&window={{window}}";

    internal static RecordLimits Limits(DriftConfig config) => new()
    {
        MessageBytes = config.Limits.MessageBytes, Depth = config.Limits.Depth, Features = config.Limits.Features, TextBytes = config.Limits.TextBytes,
        Ahead = config.Limits.Ahead, TimeUnit = config.Source.TimeUnit,
    };

    /// <summary>Waits for the store, creates its tables and keeps the references in it. False: cancelled before.</summary>
    async Task<bool> StartStoreAsync(CancellationToken stop)
    {
        for (var pause = TimeSpan.FromMilliseconds(200); !stop.IsCancellationRequested; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            try
            {
                Store.Open();
                foreach (var model in Models.All) Store.SaveReference(model.ReferenceId, model.Name, model.Document);
                Health.Good("store");
                return true;
            }
            catch (StoreException e)
            {
                Health.Bad("store", e.Message);
                log.LogWarning("the store does not answer: {Why}", e.Message);
                await Task.Delay(pause, options.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        return false;
    }

    void Report(Notice notice, DeliveryOutcome outcome, string error)
    {
        Metrics.Notice(notice.Channel, outcome switch { DeliveryOutcome.Delivered => "sent", DeliveryOutcome.Retried => "retried", _ => "failed" });
        if (error.Length > 0) log.LogWarning("notice {Id} to {Channel}: {Outcome}: {Error}", notice.Id, notice.Channel, outcome, error);
        options.OnDelivery?.Invoke(notice, outcome, error);
    }

    public void Dispose()
    {
        Store.Dispose();
        Metrics.Dispose();
        http.Dispose();
    }
}
