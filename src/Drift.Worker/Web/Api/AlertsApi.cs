using System.Text.Json;
using Drift.Alerts;
using Drift.Worker.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Api;

/// <summary>GET /api/v1/alerts: what is pending, firing or resolved, each with its history.</summary>
static class AlertsApi
{
    const int MostTransitions = 10_000;

    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        app.MapGet("/api/v1/alerts", (HttpContext http) => ListAsync(context, http));
        app.MapPost("/api/v1/alerts/{key}/ack", (HttpContext http, string key) => AcknowledgeAsync(context, http, key));
    }

    /// <summary>Body: <c>{"author","reason","until"}</c>, the author by default the key's name; until it ends, or the alert does, the alert is neither repeated nor escalated.</summary>
    static async Task AcknowledgeAsync(WebContext context, HttpContext http, string key)
    {
        await AcknowledgeAsync(context, http, key, await ReadAsync(http, context.Time.GetUtcNow(), Guard.KeyOf(http)));
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>The same for the interface and for the dashboard's form.</summary>
    public static async Task AcknowledgeAsync(WebContext context, HttpContext http, string key, Acknowledgement acknowledgement)
    {
        if (context.Operations is not { } operations) throw new RequestException(StatusCodes.Status501NotImplemented, "alerts cannot be acknowledged here");
        if (acknowledgement.Until <= acknowledgement.At) throw RequestException.Bad("until: lies in the past");
        if (!await operations.AcknowledgeAsync(Guard.ActorOf(http), key, acknowledgement, http.RequestAborted)) throw RequestException.NotFound($"no alert '{key}' is pending or firing");
    }

    static async Task<Acknowledgement> ReadAsync(HttpContext http, DateTimeOffset now, string? keyName)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            var root = body.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw RequestException.Bad("a JSON object with author and reason is expected");
            if (root.EnumerateObject().FirstOrDefault(m => m.Name is not ("author" or "reason" or "until")) is { Value.ValueKind: not JsonValueKind.Undefined } odd) throw RequestException.Bad($"{odd.Name}: unknown member; known are author, reason, until");
            string Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 1000 } text
                ? text : throw RequestException.Bad($"{name}: a text of at most 1000 characters is needed");
            var until = root.TryGetProperty("until", out var end) && end.ValueKind != JsonValueKind.Null ? Query.Instant(end.ValueKind == JsonValueKind.String ? end.GetString()! : end.GetRawText(), "until") : (DateTimeOffset?)null;
            return new Acknowledgement(keyName is not null && !root.TryGetProperty("author", out _) ? keyName : Text("author"), Text("reason"), now, until);
        }
        catch (JsonException e)
        {
            throw RequestException.Bad($"not JSON: {e.Message}");
        }
    }

    static async Task ListAsync(WebContext context, HttpContext http)
    {
        var wanted = Query.Text(http, "state") switch
        {
            null => (AlertStatus?)null,
            "firing" => AlertStatus.Firing,
            "pending" => AlertStatus.Pending,
            "resolved" => AlertStatus.Resolved,
            var other => throw RequestException.Bad($"state: '{other}' is none of firing, pending, resolved"),
        };
        var (alerts, history) = await ReadAsync(context.Store, http.RequestAborted);
        var model = Query.Text(http, "model");
        await Json.WriteAsync(http, json =>
        {
            json.WriteStartArray();
            foreach (var (alert, acknowledged) in alerts.Where(a => (wanted is null || a.Alert.Status == wanted) && (model is null || a.Alert.Model == model)))
                Write(json, alert, acknowledged, history[alert.Key]);
            json.WriteEndArray();
        });
    }

    /// <summary>The alerts as they stand, worst first: those the machine remembers, and the last end of those that are over.</summary>
    public static async Task<(IReadOnlyList<(Alert Alert, Acknowledgement? Acknowledged)> Alerts, ILookup<string, Transition> History)> ReadAsync(IResultStore store, CancellationToken cancel)
    {
        var states = await store.AlertStatesAsync(cancel);
        var history = await store.TransitionsAsync(null, MostTransitions, cancel);
        var alerts = new Dictionary<string, (Alert, Acknowledgement?)>(StringComparer.Ordinal);
        foreach (var (_, model) in states)
            foreach (var (key, state) in model.Alerts) alerts[key] = (state.Alert, state.Acknowledged);
        foreach (var over in history.Where(t => t.To == AlertStatus.Resolved)) alerts.TryAdd(over.Alert.Key, (over.Alert, null));
        var steps = history.ToLookup(t => t.Alert.Key, StringComparer.Ordinal);
        return ([.. alerts.Values
            .OrderBy(a => a.Item1.Status switch { AlertStatus.Firing => 0, AlertStatus.Pending => 1, _ => 2 })
            .ThenByDescending(a => a.Item1.Severity).ThenByDescending(a => a.Item1.Since).ThenByDescending(a => Told(a.Item1, steps[a.Item1.Key]).Beyond).ThenBy(a => a.Item1.Key, StringComparer.Ordinal)],
            steps);
    }

    /// <summary>A firing alert as its notice told it: as it was when it began to fire or last became more severe.</summary>
    public static Alert Told(Alert alert, IEnumerable<Transition> history) =>
        alert.Status == AlertStatus.Firing && history.FirstOrDefault(t => t.To == AlertStatus.Firing && t.Alert.Episode == alert.Episode) is { } step ? step.Alert : alert;

    public static void Write(Utf8JsonWriter json, Alert alert, Acknowledgement? acknowledged, IEnumerable<Transition> history)
    {
        json.WriteStartObject();
        using (var document = JsonDocument.Parse(AlertFormat.Write(alert)))
            foreach (var member in document.RootElement.EnumerateObject()) member.WriteTo(json);
        if (acknowledged is not null)
        {
            json.WriteStartObject("acknowledged");
            json.WriteString("author", acknowledged.Author);
            json.WriteString("reason", acknowledged.Reason);
            json.WriteString("at", Json.Instant(acknowledged.At));
            if (acknowledged.Until is { } until) json.WriteString("until", Json.Instant(until));
            json.WriteEndObject();
        }
        json.WriteStartArray("history");
        foreach (var step in history.Reverse())
        {
            json.WriteStartObject();
            json.WriteString("from", step.From.ToString().ToLowerInvariant());
            json.WriteString("to", step.To.ToString().ToLowerInvariant());
            json.WriteString("window_start", Json.Instant(step.WindowStart));
            json.WriteNumber("revision", step.Revision);
            json.WriteString("severity", step.Alert.Label("severity"));
            json.WriteString("episode", step.Alert.Episode);
            json.WriteString("text", step.Alert.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
