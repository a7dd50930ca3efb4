using System.Text.Json;
using Drift.Alerts;
using Drift.Worker.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Api;

/// <summary>GET /api/v1/audit: who changed what, which policy judged which window; GET /api/v1/audit/verify: whether the record is whole.</summary>
static class AuditApi
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        app.MapGet("/api/v1/audit", async (HttpContext http) =>
        {
            await RecordedAsync(context, http.RequestAborted);
            var (from, after) = (Query.Instant(http, "from"), Query.Whole(http, "after", 0, 0, int.MaxValue));
            var entries = await context.Store.AuditAsync(new AuditQuery
            {
                From = from, To = Query.Instant(http, "to"), After = after, Limit = Query.Whole(http, "limit", 1000, 1, 10_000),
                // Without a beginning a limit keeps the newest; with one, a client pages forward.
                Newest = from is null && after == 0,
            }, http.RequestAborted);
            await Json.WriteAsync(http, json =>
            {
                json.WriteStartArray();
                foreach (var entry in entries) Write(json, entry);
                json.WriteEndArray();
            });
        });
        app.MapGet("/api/v1/audit/verify", async (HttpContext http) =>
        {
            await RecordedAsync(context, http.RequestAborted);
            var found = await AuditVerification.OfAsync(context.Store, Query.Text(http, "head"), http.RequestAborted);
            await Json.WriteAsync(http, json => Write(json, found));
        });
    }

    /// <summary>So that a client finds what it did just before; a store that is away is told by the query itself.</summary>
    static async Task RecordedAsync(WebContext context, CancellationToken cancel)
    {
        if (context.Recorded is not { } recorded) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            await recorded(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or System.Threading.Channels.ChannelClosedException && !cancel.IsCancellationRequested)
        {
            // What is not on record yet is shown later.
        }
    }

    static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("at", Json.Instant(entry.At));
        json.WriteString("actor", entry.Actor);
        json.WriteString("action", entry.Action);
        json.WriteString("subject", entry.Subject);
        json.WriteString("detail", entry.Detail);
        json.WriteString("previous", entry.Previous);
        json.WriteString("hash", entry.Hash);
        json.WriteEndObject();
    }

    /// <summary>The document of a verification, the same on the command line.</summary>
    public static void Write(Utf8JsonWriter json, AuditVerification found)
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", found is { Problem: null, Holds: true });
        json.WriteNumber("entries", found.Entries);
        json.WriteString("head", found.Head);
        if (found.Problem is { } problem)
        {
            json.WriteStartObject("problem");
            json.WriteNumber("sequence", problem.Sequence);
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }
        else if (!found.Holds)
        {
            json.WriteStartObject("problem");
            json.WriteNull("sequence");
            json.WriteString("message", "no entry has the hash that was asked for: the end was cut off, or it is another audit's");
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("problem");
        }
        json.WriteEndObject();
    }
}
