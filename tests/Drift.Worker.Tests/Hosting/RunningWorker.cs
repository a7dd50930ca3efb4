using Drift.Worker.Hosting;
using Drift.Worker.Stores;

namespace Drift.Worker.Tests.Hosting;

/// <summary>A worker that runs in the test's own process until it is told to stop.</summary>
sealed class RunningWorker : IAsyncDisposable
{
    readonly DriftWorker worker;
    readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    readonly Task running;

    public RunningWorker(DriftWorker worker)
    {
        this.worker = worker;
        running = worker.RunAsync(stop.Token);
    }

    /// <summary>Waits until something is so; a store that is not open yet is no answer.</summary>
    public Task UntilAsync(string hope, Func<Task<bool>> isSo) => Eventually.BeAsync(hope, async () =>
    {
        try
        {
            return await isSo();
        }
        catch (StoreException)
        {
            return false;
        }
    }, () => string.Join("; ", worker.Health.Problems));

    /// <summary>Stops as SIGTERM does: what was read is committed.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await running.WaitAsync(Eventually.Patience, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }
}
