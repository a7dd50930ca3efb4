using System.Text.Json;
using Drift.Alerts;
using Drift.Worker.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Api;

/// <summary>A model at a glance.</summary>
/// <param name="Name">The model.</param>
/// <param name="Configured">What the configuration says; null for a model that is only in the store.</param>
/// <param name="Versions">The versions that have been seen.</param>
/// <param name="State">firing, pending, ok, or waiting for a first window.</param>
/// <param name="Firing">How many alerts fire.</param>
public sealed record ModelView(string Name, ModelInfo? Configured, IReadOnlyList<ModelVersionSummary> Versions, string State, int Firing)
{
    /// <summary>The last judged window of any version.</summary>
    public Window? Last => Versions.Select(v => v.Last).OfType<Window>().MaxBy(w => w.Start);

    public static async Task<IReadOnlyList<ModelView>> AllAsync(WebContext context, CancellationToken cancel)
    {
        var versions = (await context.Store.VersionsAsync(cancel)).ToLookup(v => v.Model, StringComparer.Ordinal);
        var states = (await context.Store.AlertStatesAsync(cancel)).ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);
        var names = context.Models.Select(m => m.Name).Concat(versions.Select(v => v.Key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. names.Select(name =>
        {
            var alerts = states.TryGetValue(name, out var own) ? own.Current.ToList() : [];
            var firing = alerts.Count(a => a.Status == AlertStatus.Firing);
            var state = firing > 0 ? "firing" : alerts.Exists(a => a.Status == AlertStatus.Pending) ? "pending" : versions[name].Any() ? "ok" : "waiting";
            return new ModelView(name, context.Models.FirstOrDefault(m => m.Name == name), [.. versions[name]], state, firing);
        })];
    }
}

/// <summary>GET /api/v1/models.</summary>
static class ModelsApi
{
    public static void Map(IEndpointRouteBuilder app, WebContext context) => app.MapGet("/api/v1/models", async (HttpContext http) =>
    {
        var models = await ModelView.AllAsync(context, http.RequestAborted);
        await Json.WriteAsync(http, json =>
        {
            json.WriteStartArray();
            foreach (var model in models) Write(json, model);
            json.WriteEndArray();
        });
    });

    static void Write(Utf8JsonWriter json, ModelView model)
    {
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        json.WriteString("state", model.State);
        json.WriteNumber("firing", model.Firing);
        json.WriteString("reference", model.Configured?.Reference ?? model.Last?.Reference ?? "");
        if (model.Configured is { } configured)
        {
            json.WriteString("window", configured.Window.ToString("c", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteStartObject("tags");
            foreach (var (name, value) in configured.Tags) json.WriteString(name, value);
            json.WriteEndObject();
        }
        Last(json, model.Last);
        json.WriteStartArray("versions");
        foreach (var version in model.Versions)
        {
            json.WriteStartObject();
            json.WriteString("version", version.Version);
            json.WriteString("reference", version.Reference);
            json.WriteNumber("windows", version.Windows);
            Last(json, version.Last);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Last(Utf8JsonWriter json, Window? window)
    {
        if (window is null)
        {
            json.WriteNull("last_window");
            return;
        }
        json.WriteStartObject("last_window");
        Json.Write(json, window);
        json.WriteEndObject();
    }
}
