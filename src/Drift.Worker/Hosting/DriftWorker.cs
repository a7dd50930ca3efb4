using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.References;
using Drift.Worker.Sources.Formats;
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
    readonly ActiveModels models;
    readonly ChannelHttp http = new();
    readonly NoticeProducer notices;

    public DriftWorker(DriftConfig config, WorkerOptions? options = null)
    {
        Config = config;
        this.options = options ?? new WorkerOptions();
        log = this.options.Logging.CreateLogger("Drift.Worker");
        var loaded = WatchedModels.Load(config);
        KafkaSettings.Check(config.Source);
        var services = new ChannelServices { Http = http, Time = this.options.Time, Console = this.options.Console, ExternalUrl = config.Web.Url };
        notices = new NoticeProducer(config.Source);
        Health = new WorkerHealth(this.options.Time);
        models = new ActiveModels(config, loaded, this.options.Reread, Health, this.options.Time, log);
        policy = new ActivePolicy(config.Policy, this.options.Policy, services, Health, this.options.Time, log, OwnChannel);
        Store = OpenStore(config.Store);
        Audit = new AuditWriter(Store, this.options.Time, log);
        Pages = new PageRates(Store);
        Metrics.Watch(() => policy.IsCurrent, () => Pages.Last);
    }

    public DriftConfig Config { get; }

    /// <summary>The models watched now.</summary>
    public WatchedModels Models => models.Current;

    /// <summary>The policy in force.</summary>
    public Policy Policy => policy.Current;

    /// <summary>Everything that can be read, while the worker runs or not.</summary>
    public IDriftStore Store { get; }

    public WorkerHealth Health { get; }

    /// <summary>How often the policy calls somebody.</summary>
    internal PageRates Pages { get; }

    readonly Lock pagesGate = new();
    (string Policy, DateTimeOffset At, Task<IReadOnlyList<PageRate>> Found)? pagesLook;

    /// <summary>Looks at it: a month of windows is read, so that whoever asks within the same minute gets the same look.</summary>
    internal Task<IReadOnlyList<PageRate>> PagesAsync(CancellationToken cancel)
    {
        var (active, now) = (Policy, options.Time.GetUtcNow());
        lock (pagesGate)
        {
            if (pagesLook is not { Found.IsFaulted: false } last || last.Policy != active.Hash || now - last.At >= TimeSpan.FromMinutes(1))
                pagesLook = (active.Hash, now, Task.Run(() => Pages.LookAsync(active, now - PageRates.Back, CancellationToken.None), CancellationToken.None));
            return pagesLook.Value.Found.WaitAsync(cancel);
        }
    }

    /// <summary>Looks at it from time to time, for the metric.</summary>
    async Task CountPagesAsync(CancellationToken stop)
    {
        for (var pause = TimeSpan.FromMinutes(1); !stop.IsCancellationRequested; pause = TimeSpan.FromMinutes(15))
        {
            await Task.Delay(pause, options.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
            try
            {
                await PagesAsync(stop);
            }
            catch (Exception e) when (e is StoreException or OperationCanceledException)
            {
                // The next look finds what this one could not.
            }
        }
    }

    /// <summary>Puts on record what happens outside of the store's own transactions.</summary>
    public AuditWriter Audit { get; }

    public WorkerMetrics Metrics { get; } = new();

    internal static IDriftStore OpenStore(StoreConfig config) => config.Postgres is { } postgres ? PostgresStore.At(postgres) : SqliteStore.At(config.Sqlite!);

    /// <summary>Runs until cancelled, then commits what was read and leaves the group. It never ends because broker or store are away.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (!await StartStoreAsync(stop)) return;
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var delivery = new Delivery(Store, policy.Channel, options.Time, new DeliveryOptions { Report = Report });
        var delivering = Task.Run(() => delivery.RunAsync(sending.Token), CancellationToken.None);
        policy.Looked += (hash, why) => Looked(delivery, hash, why);
        Audit.Write("worker", "worker.start", options.Owner, JudgeAudit.Json(json => json.WriteString("policy", Policy.Hash)));
        var looking = Task.WhenAll(policy.RunAsync(options.PolicyLook, sending.Token), models.RunAsync(sending.Token));
        var reviewing = new ReviewSender(Store, () => Policy, options.Time).RunAsync(delivery.Wake, sending.Token);
        var counting = CountPagesAsync(sending.Token);
        using var recording = new CancellationTokenSource();
        var recorded = Task.Run(() => Audit.RunAsync(recording.Token), CancellationToken.None);
        var truths = Config.Source.TruthTopics.ToHashSet(StringComparer.Ordinal);
        using var dead = DeadLetters.Of(Config.Source, Metrics.DeadLetter, log);
        var engine = new WindowEngine(Store, Models, new Judge(Models, () => policy.Current, options.Time) { Link = Link(), TruthTopics = truths, Retention = Config.Store.Retention, RevisionAtLeast = options.RevisionAtLeast }, Limits(Config), options.Owner)
        {
            TruthTopics = truths, Options = Options(Config), OnInvalid = dead is null ? null : dead.Take, BeforeCommit = dead is null ? null : dead.Flush, Current = () => models.Current,
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
        var warming = Failpoint.IsArmed ? Task.CompletedTask : Task.Run(() => WarmUp.RunAsync(Models.All[0], Limits(Config), Options(Config), TimeProvider.System, stop), CancellationToken.None);
        using (var loop = new KafkaLoop(Config.Source, engine, Health, Metrics, options.Time, log))
            await Task.Factory.StartNew(() => loop.Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await sending.CancelAsync();
        await delivering;
        await looking;
        await warming;
        await counting;
        await reviewing;
        Audit.Write("worker", "worker.stop", options.Owner);
        await recording.CancelAsync();
        await recorded;
    }

    void Looked(Delivery delivery, string hash, string why)
    {
        Metrics.PolicyLoaded(taken: why.Length == 0);
        Audit.Write("worker", why.Length == 0 ? "policy.load" : "policy.refuse", hash, why);
        if (why.Length > 0) return;
        // A destination that said it is gone may be another one now.
        foreach (var channel in delivery.Disabled.Keys) delivery.Enable(channel);
        delivery.Wake();
    }

    KafkaChannel? OwnChannel(ChannelSpec spec) => spec.Kind == "kafka" ? new KafkaChannel(spec.Name, spec["topic"]!.ToString(), notices) : null;

    /// <summary>Sentences lead to the model's page.</summary>
    string Link() => $"{Config.Web.Url.TrimEnd('/')}/models/{{model}}?version={{version}}&column={{column}}&window={{window}}";

    internal static RecordLimits Limits(DriftConfig config) => new()
    {
        MessageBytes = config.Limits.MessageBytes, Depth = config.Limits.Depth, Features = config.Limits.Features, TextBytes = config.Limits.TextBytes,
        Ahead = config.Limits.Ahead, TimeUnit = config.Source.TimeUnit,
    };

    internal static LogOptions Options(DriftConfig config) => new()
    {
        Format = config.Source.Format, Formats = config.Source.Formats, Model = config.Source.Model, PairWait = config.Source.PairWait, Waiting = config.Limits.Waiting,
        Rows = config.Limits.Rows, Versions = config.Limits.Versions, Windows = config.Limits.Windows,
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
        if (outcome != DeliveryOutcome.Retried) Audit.Write("worker", outcome == DeliveryOutcome.Delivered ? "notice.sent" : "notice.dead", notice.Id, JudgeAudit.Json(json =>
        {
            json.WriteString("channel", notice.Channel);
            json.WriteString("reason", notice.Reason.ToString().ToLowerInvariant());
            json.WriteStartArray("alerts");
            foreach (var alert in notice.Alerts) json.WriteStringValue(alert.Key);
            json.WriteEndArray();
            if (error.Length > 0) json.WriteString("error", error);
        }));
        options.OnDelivery?.Invoke(notice, outcome, error);
    }

    public void Dispose()
    {
        Store.Dispose();
        Metrics.Dispose();
        notices.Dispose();
        http.Dispose();
    }
}
