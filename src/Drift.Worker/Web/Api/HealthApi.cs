using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Api;

/// <summary>Whether the process lives, and whether it can work: ready only while the store answers.</summary>
static class HealthApi
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(3);

    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        app.MapGet("/health/live", (HttpContext http) => WriteAsync(http, "live", new Dictionary<string, string>()));
        app.MapGet("/health/ready", async (HttpContext http) =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            limit.CancelAfter(patience);
            try
            {
                await context.Store.PingAsync(limit.Token).WaitAsync(limit.Token);
                await WriteAsync(http, "ready", context.Problems());
            }
            catch (Exception) when (!http.RequestAborted.IsCancellationRequested)
            {
                await Problem.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "the store cannot be reached");
            }
        });
    }

    static Task WriteAsync(HttpContext http, string status, IReadOnlyDictionary<string, string> problems) => Json.WriteAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteString("status", status);
        if (problems.Count > 0)
        {
            json.WriteStartObject("problems");
            foreach (var (part, why) in problems) json.WriteString(part, why);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });
}
