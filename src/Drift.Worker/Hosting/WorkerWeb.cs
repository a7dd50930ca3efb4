using Drift.Alerts;
using Drift.Worker.Stores;
using Drift.Worker.Telemetry;
using Drift.Worker.Web;

namespace Drift.Worker.Hosting;

/// <summary>A worker's HTTP interface and telemetry: what puts the three together.</summary>
public sealed class WorkerWeb : IAsyncDisposable
{
    readonly WorkerTelemetry telemetry;
    readonly WebServer server;

    WorkerWeb(WorkerTelemetry telemetry, WebServer server) => (this.telemetry, this.server) = (telemetry, server);

    /// <summary>The address that it listens on.</summary>
    public Uri Address => server.Address;

    /// <summary>Starts both; before the worker runs, so that nothing it counts is missed.</summary>
    public static async Task<WorkerWeb> StartAsync(DriftWorker worker, TimeProvider time, CancellationToken cancel)
    {
        var telemetry = new WorkerTelemetry(worker.Store, worker.Metrics.Meter, time, worker.Config.Telemetry.Otlp is { } otlp ? new Uri(otlp) : null);
        worker.Metrics.Begin(worker.Config.Source.Topics, worker.Config.Models.Keys, worker.Policy.Channels.Select(c => c.Name));
        try
        {
            var server = await WebServer.StartAsync(new WebContext
            {
                Config = worker.Config.Web,
                Store = worker.Store,
                Metrics = telemetry.ScrapeAsync,
                Problems = () => worker.Health.Problems,
                Policy = () => worker.Policy,
                Acknowledge = (key, acknowledgement, stop) => AcknowledgeAsync(worker.Store, time, key, acknowledgement, stop),
                Models = [.. worker.Models.All.Select(m => new ModelInfo(m.Name, m.ReferenceId, m.Config.Window, m.Config.Tags))],
                Time = time,
            }, cancel);
            return new WorkerWeb(telemetry, server);
        }
        catch
        {
            telemetry.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes an alert on in a transaction of its own, under the lock of judging: a window that is being judged meanwhile must not write the old states
    /// back. False: there is no such alert.
    /// </summary>
    internal static async Task<bool> AcknowledgeAsync(IDriftStore store, TimeProvider time, string key, Acknowledgement acknowledgement, CancellationToken cancel)
    {
        foreach (var (model, states) in await store.AlertStatesAsync(cancel))
        {
            if (!states.Alerts.ContainsKey(key)) continue;
            while (true)
            {
                using var transaction = store.Begin();
                if (transaction.TryLockJudging())
                {
                    var now = transaction.AlertStates(model);
                    if (!now.Alerts.ContainsKey(key)) return false;
                    transaction.SaveAlerts(model, new Judgement { States = now.Acknowledge(key, acknowledgement) });
                    transaction.Commit();
                    return true;
                }
                // Another worker judges; that takes milliseconds.
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancel);
            }
        }
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        telemetry.Dispose();
    }
}
