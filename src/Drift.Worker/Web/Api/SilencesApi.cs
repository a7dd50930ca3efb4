using System.Text.Json;
using Drift.Alerts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Api;

/// <summary>GET, POST, DELETE /api/v1/silences: which alerts are not told for a time, by whom and why.</summary>
static class SilencesApi
{
    const int LongestText = 1000;

    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        app.MapGet("/api/v1/silences", async (HttpContext http) =>
        {
            var now = context.Time.GetUtcNow();
            var stored = await context.Store.SilencesAsync(http.RequestAborted);
            await Json.WriteAsync(http, json =>
            {
                json.WriteStartArray();
                foreach (var silence in context.Policy().Silences) Write(json, silence, now, "policy");
                foreach (var silence in stored) Write(json, silence, now, "api");
                json.WriteEndArray();
            });
        });
        app.MapPost("/api/v1/silences", (HttpContext http) => CreateAsync(context, http));
        app.MapDelete("/api/v1/silences/{id}", (HttpContext http, string id) => DeleteAsync(context, http, id));
        app.MapDelete("/api/v1/silences", (HttpContext http) => DeleteAsync(context, http, Query.Text(http, "id") ?? throw RequestException.Bad("id: which silence? DELETE /api/v1/silences/ID")));
    }

    /// <summary>Body: a silence as in a policy (<c>match</c>, <c>starts</c>, <c>ends</c>, <c>author</c>, <c>reason</c>); the author is by default the key's name.</summary>
    static async Task CreateAsync(WebContext context, HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (SilenceFormat.Read(body.ToArray(), out var errors) is not { } silence) throw RequestException.Bad(string.Join("; ", errors));
        if (silence.Id.Length > 0) throw RequestException.Bad("$.id: is given by the worker; leave it out");
        silence = await KeepAsync(context, http, silence);
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = $"/api/v1/silences/{silence.Id}";
        await Json.WriteAsync(http, json => Write(json, silence, context.Time.GetUtcNow(), "api"));
    }

    /// <summary>The same for the interface and for the dashboard's form.</summary>
    public static async Task<Silence> KeepAsync(WebContext context, HttpContext http, Silence silence)
    {
        if (context.Operations is not { } operations) throw new RequestException(StatusCodes.Status501NotImplemented, "alerts cannot be silenced here");
        if (silence.Author.Length == 0) silence = silence with { Author = Guard.KeyOf(http) ?? throw RequestException.Bad("$.author: who silences? a text is needed") };
        if (silence.Reason.Length == 0) throw RequestException.Bad("$.reason: why? a text is needed");
        if (silence.Author.Length > LongestText || silence.Reason.Length > LongestText) throw RequestException.Bad($"author and reason have at most {LongestText} characters");
        var now = context.Time.GetUtcNow();
        if (silence.Ends <= now) throw RequestException.Bad("$.ends: lies in the past");
        return await operations.SilenceAsync(Guard.ActorOf(http), silence with { Starts = silence.Starts ?? now }, http.RequestAborted)
            ?? throw new RequestException(StatusCodes.Status409Conflict, "there are too many silences; take some back");
    }

    static async Task DeleteAsync(WebContext context, HttpContext http, string id)
    {
        await TakeBackAsync(context, http, id);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>The same for the interface and for the dashboard's form.</summary>
    public static async Task TakeBackAsync(WebContext context, HttpContext http, string id)
    {
        if (context.Operations is not { } operations) throw new RequestException(StatusCodes.Status501NotImplemented, "silences cannot be taken back here");
        if (!await operations.UnsilenceAsync(Guard.ActorOf(http), id, http.RequestAborted)) throw RequestException.NotFound($"there is no silence '{id}'");
    }

    static void Write(Utf8JsonWriter json, Silence silence, DateTimeOffset now, string source)
    {
        using var document = JsonDocument.Parse(SilenceFormat.Write(silence));
        json.WriteStartObject();
        foreach (var member in document.RootElement.EnumerateObject()) member.WriteTo(json);
        json.WriteString("state", silence.IsActive(now) ? "active" : silence.Ends > now ? "pending" : "ended");
        json.WriteString("source", source);
        json.WriteEndObject();
    }
}
