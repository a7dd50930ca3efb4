using System.Text.Json;
using Drift.Alerts;
using Drift.Worker.Stores;
using Drift.Worker.Windows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Api;

/// <summary>GET /api/v1/policy: what is in force, and how often it calls somebody beside how often it would for nothing; POST /api/v1/policy/dryrun: what another one would have raised over the stored windows.</summary>
static class PolicyApi
{
    static readonly TimeSpan usual = TimeSpan.FromDays(30);
    static readonly TimeSpan patience = TimeSpan.FromSeconds(3);

    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        app.MapGet("/api/v1/policy", async (HttpContext http) =>
        {
            var pages = await PagesAsync(context, http.RequestAborted);
            await Json.WriteAsync(http, json =>
            {
                var policy = context.Policy();
                json.WriteStartObject();
                json.WriteString("hash", policy.Hash);
                if (context.Problems().TryGetValue("policy", out var error)) json.WriteString("error", error);
                else json.WriteNull("error");
                json.WritePropertyName("document");
                json.WriteRawValue(PolicyFormat.Write(policy));
                Write(json, pages);
                json.WriteEndObject();
            });
        });
        app.MapPost("/api/v1/policy/dryrun", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            var check = PolicyFormat.Read(body.ToArray());
            if (check.Policy is not { } policy) throw RequestException.Bad(check.ToString());
            var from = Query.Instant(http, "from") ?? context.Time.GetUtcNow() - usual;
            var history = await StoredHistory.ReadAsync(context.Store, Query.Text(http, "model"), null, from, Query.Instant(http, "to"), http.RequestAborted);
            var result = StoredHistory.DryRun(policy, history);
            await Json.WriteAsync(http, json => Write(json, result));
        });
    }

    /// <summary>Soon or not at all: a first look at a wide model takes seconds, and is there the next time.</summary>
    static async Task<IReadOnlyList<PageRate>?> PagesAsync(WebContext context, CancellationToken cancel)
    {
        if (context.Pages is not { } pages) return null;
        try
        {
            return await pages(CancellationToken.None).WaitAsync(patience, context.Time, cancel);
        }
        catch (Exception e) when (e is TimeoutException or StoreException)
        {
            return null;
        }
    }

    static void Write(Utf8JsonWriter json, IReadOnlyList<PageRate>? pages)
    {
        if (pages is null)
        {
            json.WriteNull("pages");
            return;
        }
        json.WriteStartArray("pages");
        foreach (var rate in pages)
        {
            json.WriteStartObject();
            json.WriteString("model", rate.Model);
            json.WriteNumber("windows", rate.Windows);
            json.WriteNumber("pages", rate.Pages);
            JsonNumber.Write(json, "pages_per_year", rate.PagesPerYear);
            JsonNumber.Write(json, "expected_false_per_year", rate.ExpectedFalsePerYear);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The document of a dry run, the same on the command line.</summary>
    public static void Write(Utf8JsonWriter json, DryRunResult result)
    {
        json.WriteStartObject();
        json.WriteString("policy", result.PolicyHash);
        json.WriteNumber("windows", result.Windows);
        Instant(json, "from", result.From);
        Instant(json, "to", result.To);
        json.WriteNumber("notices", result.Notices);
        json.WriteNumber("pages", result.Pages);
        JsonNumber.Write(json, "pages_per_year", result.PagesPerYear);
        json.WriteStartArray("raised");
        foreach (var alert in result.Raised) AlertFormat.Write(json, alert);
        json.WriteEndArray();
        json.WriteStartArray("firing");
        foreach (var alert in result.Firing) AlertFormat.Write(json, alert);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Instant(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known) json.WriteString(name, Json.Instant(known));
        else json.WriteNull(name);
    }
}
