using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Api;

/// <summary>GET /api/v1/sources: how far every partition has been read, and what could not be. GET /api/v1/truths: how truths have fared, over all topics.</summary>
static class SourcesApi
{
    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        app.MapGet("/api/v1/sources", (HttpContext http) => SourcesAsync(context, http));
        app.MapGet("/api/v1/truths", async (HttpContext http) =>
        {
            var totals = await context.Store.TruthTotalsAsync(http.RequestAborted);
            await Json.WriteAsync(http, json =>
            {
                json.WriteStartObject();
                json.WriteNumber("waiting", totals.Waiting);
                json.WriteNumber("orphans", totals.Orphans);
                json.WriteNumber("duplicates", totals.Duplicates);
                json.WriteEndObject();
            });
        });
    }

    static async Task SourcesAsync(WebContext context, HttpContext http)
    {
        var sources = await context.Store.SourcesAsync(http.RequestAborted);
        await Json.WriteAsync(http, json =>
        {
            json.WriteStartArray();
            foreach (var source in sources)
            {
                json.WriteStartObject();
                json.WriteString("topic", source.Source.Topic);
                json.WriteNumber("partition", source.Source.Partition);
                if (source.Position is { } position) json.WriteNumber("offset", position);
                else json.WriteNull("offset");
                if (source.Watermark is { } watermark) json.WriteString("watermark", EventTime.Format(watermark));
                else json.WriteNull("watermark");
                json.WriteNumber("records", source.Records);
                json.WriteNumber("rows", source.Rows);
                json.WriteNumber("late", source.Late);
                json.WriteNumber("gaps", source.Gaps);
                Counts(json, "invalid", source.Invalid);
                Counts(json, "skipped", source.Skipped);
                json.WriteString("owner", source.Owner);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    static void Counts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach (var (reason, count) in counts.OrderBy(c => c.Key, StringComparer.Ordinal)) json.WriteNumber(reason, count);
        json.WriteEndObject();
    }
}
