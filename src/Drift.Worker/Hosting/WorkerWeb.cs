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
                StoreKind = worker.Config.Store.ToString(),
                Metrics = telemetry.ScrapeAsync,
                Problems = () => worker.Health.Problems,
                Policy = () => worker.Policy,
                Pages = worker.PagesAsync,
                Operations = new Operations(worker.Store, time),
                Accessed = access => worker.Audit.Write(access.Actor, access.Method is "GET" or "HEAD" ? "api.read" : "api.write", $"{access.Method} {access.Route}".TrimEnd(), $"{access.Status}"),
                Recorded = worker.Audit.FlushAsync,
                WatchedModels = () => [.. worker.Models.All.Select(m => new ModelInfo(m.Name, m.ReferenceId, m.Config.Window, m.Config.Tags) { Importance = m.Config.Importance })],
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

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        telemetry.Dispose();
    }
}
