using System.Security.Cryptography;
using System.Text;
using Drift.Worker.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Drift.Worker.Web.Pages;

/// <summary>
/// GET /events: server-sent events. <c>changed</c>: windows or alerts are no longer what they were; <c>progress</c>: records were read. All listeners share
/// one look at the store.
/// </summary>
static class LiveEvents
{
    const int MostListeners = 200;
    static readonly TimeSpan look = TimeSpan.FromSeconds(2), heartbeat = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        var watch = new StoreWatch(context);
        var listeners = 0;
        var stopping = app.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        app.MapGet("/events", async (HttpContext http) =>
        {
            if (Interlocked.Increment(ref listeners) > MostListeners)
            {
                Interlocked.Decrement(ref listeners);
                throw new RequestException(StatusCodes.Status503ServiceUnavailable, $"{MostListeners} pages listen already; this one renews itself more slowly");
            }
            try
            {
                using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
                http.Response.ContentType = "text/event-stream";
                await SendAsync(http.Response, watch, context.Time, end.Token);
            }
            catch (OperationCanceledException)
            {
                // The page was left, or the worker ends.
            }
            finally
            {
                Interlocked.Decrement(ref listeners);
            }
        });
    }

    static async Task SendAsync(HttpResponse response, StoreWatch watch, TimeProvider time, CancellationToken cancel)
    {
        // What the page shows is what stood when it was loaded, a moment ago: the first look is only remembered.
        var (seen, spoken) = (await watch.StampAsync(cancel), time.GetTimestamp());
        await response.WriteAsync("retry: 3000\n: listening\n\n", cancel);
        await response.Body.FlushAsync(cancel);
        while (true)
        {
            await Task.Delay(look, time, cancel);
            var now = await watch.StampAsync(cancel);
            if (now == seen && time.GetElapsedTime(spoken) < heartbeat) continue;
            await response.WriteAsync(now == seen ? ": still here\n\n" : now.Results == seen.Results ? "event: progress\ndata: 1\n\n" : "event: changed\ndata: 1\n\n", cancel);
            await response.Body.FlushAsync(cancel);
            (seen, spoken) = (now, time.GetTimestamp());
        }
    }
}

/// <summary>What changes when windows or alerts do, and what changes with every record; both from one look.</summary>
readonly record struct StoreStamp(ulong Results, ulong Progress);

/// <summary>Looks at the store at most once in a while, however many ask.</summary>
sealed class StoreWatch(WebContext context) : IDisposable
{
    static readonly TimeSpan freshness = TimeSpan.FromSeconds(1.5);
    readonly SemaphoreSlim gate = new(1, 1);
    long? looked;
    TimeSpan took;
    StoreStamp stamp;

    public async Task<StoreStamp> StampAsync(CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            // A slow store is asked less often.
            if (looked is { } at && context.Time.GetElapsedTime(at) < freshness + 10 * took) return stamp;
            var began = context.Time.GetTimestamp();
            stamp = await LookAsync(cancel);
            (looked, took) = (context.Time.GetTimestamp(), context.Time.GetElapsedTime(began));
            return stamp;
        }
        finally
        {
            gate.Release();
        }
    }

    async Task<StoreStamp> LookAsync(CancellationToken cancel)
    {
        StringBuilder text = new(), progress = new();
        try
        {
            foreach (var v in await context.Store.VersionsAsync(cancel)) text.Append(v.Model).Append('\0').Append(v.Version).Append('\0').Append(v.Windows).Append(' ').Append(v.Last?.Start.UtcTicks).Append(' ').Append(v.Last?.Revision).Append('\n');
            foreach (var (_, states) in await context.Store.AlertStatesAsync(cancel))
                foreach (var (key, state) in states.Alerts) text.Append(key).Append((int)state.Alert.Status).Append((int)state.Alert.Severity).Append(state.Acknowledged).Append(state.Alert.Breached).Append('\n');
            foreach (var silence in await context.Store.SilencesAsync(cancel)) text.Append(silence.Id).Append(silence.Ends.UtcTicks).Append('\n');
            foreach (var p in await context.Store.SourcesAsync(cancel)) progress.Append(p.Source).Append(p.Records).Append('\n');
        }
        catch (StoreException)
        {
            text.Append("away");
        }
        foreach (var (part, why) in context.Problems()) text.Append(part).Append(why).Append('\n');
        return new StoreStamp(Hash(text), Hash(progress));
    }

    static ulong Hash(StringBuilder text) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

    public void Dispose() => gate.Dispose();
}
