using System.Net;
using System.Net.Sockets;
using Drift.Worker.Stores;
using Drift.Worker.Web.Api;
using Drift.Worker.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Drift.Worker.Web;

/// <summary>The HTTP interface and the dashboard, in the worker's process: Kestrel, loopback only unless there are keys.</summary>
public sealed class WebServer : IAsyncDisposable
{
    const long LargestBody = 1 << 20;
    readonly WebApplication app;

    WebServer(WebApplication app) => this.app = app;

    /// <summary>The address that it listens on; a port 0 has become a real one.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>Every route that it answers.</summary>
    internal IReadOnlyList<Endpoint> Endpoints => app.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints;

    /// <summary>Checks what may be bound, and starts.</summary>
    /// <exception cref="InputException">The address is wrong, taken, or not loopback although there are no keys.</exception>
    public static async Task<WebServer> StartAsync(WebContext context, CancellationToken cancel)
    {
        var url = CheckUrl(context.Config.Url, context.Config.Keys.Count > 0);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.AddSingleton(context);
        var app = builder.Build();
        Map(app, context);
        try
        {
            await app.StartAsync(cancel);
            return new WebServer(app);
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new InputException($"{context.Config.Url}: cannot listen there: {e.InnerException?.Message ?? e.Message}; choose another address", e);
        }
    }

    static void Map(WebApplication app, WebContext context)
    {
        app.UseExceptionHandler(failed => failed.Run(FailedAsync));
        app.UseMiddleware<RateGate>();
        app.UseMiddleware<Guard>();
        app.UseStatusCodePages(status => Problem.WriteAsync(status.HttpContext, status.HttpContext.Response.StatusCode, Reason(status.HttpContext)));
        HealthApi.Map(app, context);
        ModelsApi.Map(app, context);
        WindowsApi.Map(app, context);
        RankingApi.Map(app, context);
        CaptureApi.Map(app, context);
        AlertsApi.Map(app, context);
        SilencesApi.Map(app, context);
        AuditApi.Map(app, context);
        SourcesApi.Map(app, context);
        PolicyApi.Map(app, context);
        app.MapGet("/metrics", async (HttpContext http) =>
        {
            http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            await http.Response.WriteAsync(await context.Metrics(http.RequestAborted), http.RequestAborted);
        });
        Dashboard.Map(app, context);
    }

    static string Reason(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"there is nothing at {http.Request.Path}",
        StatusCodes.Status405MethodNotAllowed => $"{http.Request.Method} is not possible at {http.Request.Path}",
        _ => "the request could not be served",
    };

    static Task FailedAsync(HttpContext http) => http.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        RequestException e => Problem.WriteAsync(http, e.Status, e.Message),
        StoreException => Problem.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "the store cannot be reached"),
        BadHttpRequestException e => Problem.WriteAsync(http, e.StatusCode, e.Message),
        _ => Problem.WriteAsync(http, StatusCodes.Status500InternalServerError, "a failure in drift itself"),
    };

    static string CheckUrl(string url, bool hasKeys)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
            throw new InputException($"Drift.Web.Url: '{url}' is no address such as http://127.0.0.1:5080");
        if (!hasKeys && !IsLoopback(parsed.Host))
            throw new InputException($"Drift.Web.Url: {url} would be open to the network; without Drift.Web.Keys only a loopback address may be bound");
        return parsed.GetLeftPart(UriPartial.Authority);
    }

    internal static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try { await app.StopAsync(soon.Token); }
        catch (Exception e) when (e is OperationCanceledException or SocketException) { }
        await app.DisposeAsync();
    }
}
