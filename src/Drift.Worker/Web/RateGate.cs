using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Drift.Worker.Web;

/// <summary>
/// How often one address may ask: as many requests a minute as are configured, no burst beyond them. Health is never refused.
/// It stands before the guard, so that keys cannot be guessed faster either.
/// </summary>
sealed class RateGate(RequestDelegate next, WebContext context) : IDisposable
{
    static readonly TimeSpan minute = TimeSpan.FromMinutes(1);
    const int Segments = 6;

    readonly PartitionedRateLimiter<HttpContext> limiter = PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetSlidingWindowLimiter(Caller(http), _ =>
        new SlidingWindowRateLimiterOptions { PermitLimit = context.Config.RequestsPerMinute, Window = minute, SegmentsPerWindow = Segments, QueueLimit = 0 }));

    /// <summary>An address, not a key that is not checked yet: whoever invents keys must not have a limit for each.</summary>
    static string Caller(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    public async Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments("/health"))
        {
            using var lease = limiter.AttemptAcquire(http);
            if (!lease.IsAcquired)
            {
                http.Response.Headers.RetryAfter = (lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? (int)Math.Ceiling(wait.TotalSeconds) : (int)minute.TotalSeconds / Segments).ToString(CultureInfo.InvariantCulture);
                await Problem.WriteAsync(http, StatusCodes.Status429TooManyRequests, $"more than {context.Config.RequestsPerMinute} requests in a minute from one address");
                return;
            }
        }
        await next(http);
    }

    public void Dispose() => limiter.Dispose();
}
