using System.Text.Json;
using Drift.Worker.Stores;
using Drift.Worker.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Api;

/// <summary>GET /api/v1/models/{model}/windows, and one window's profile.</summary>
static class WindowsApi
{
    /// <summary>So many windows a report's lines go back.</summary>
    const int HistoryWindows = 20;

    public static void Map(IEndpointRouteBuilder app, WebContext context)
    {
        var sheets = new WindowSheets(context.Store);
        app.MapGet("/api/v1/models/{model}/windows", async (HttpContext http, string model) =>
        {
            await MustExistAsync(context, model, http.RequestAborted);
            var from = Query.Instant(http, "from");
            var windows = await context.Store.WindowsAsync(
                new WindowQuery(model)
                {
                    Version = Query.Text(http, "version"),
                    Segment = Query.Text(http, "segment") ?? "",
                    From = from,
                    To = Query.Instant(http, "to"),
                    Limit = Query.Whole(http, "limit", 100, 1, 1000),
                    // Without a beginning a limit keeps the newest; with one, a client pages forward.
                    NewestFirst = from is null,
                },
                http.RequestAborted);
            await Json.WriteAsync(http, json =>
            {
                json.WriteStartArray();
                foreach (var window in windows.OrderBy(w => w.Window.Start).ThenBy(w => w.Window.Version, StringComparer.Ordinal)) Write(json, window);
                json.WriteEndArray();
            });
        });
        app.MapGet("/api/v1/models/{model}/windows/{start}/profile", async (HttpContext http, string model, string start) =>
        {
            var window = await FindAsync(context, http, model, start);
            if (await context.Store.ProfileAsync(window, http.RequestAborted) is not { } profile) throw RequestException.NotFound($"the reference {window.Window.Reference} of this window is no longer stored");
            await Json.WriteAsync(http, json => ProfileFormat.Write(json, profile));
        });
        app.MapGet("/api/v1/models/{model}/windows/{start}/report", async (HttpContext http, string model, string start) =>
        {
            var window = await FindAsync(context, http, model, start);
            if (await context.Store.ProfileAsync(window, http.RequestAborted) is not { } profile || await context.Store.ReferenceAsync(window.Window.Reference, http.RequestAborted) is not { } reference)
                throw RequestException.NotFound($"the reference {window.Window.Reference} of this window is no longer stored");
            var report = new DriftReport(reference, profile, [.. window.Readings.Where(r => r.Segment == window.Segment)], options: CompareOptions.Default with { Segment = window.Segment }) { History = await HistoryAsync(sheets, window.Window, window.Segment, http.RequestAborted) };
            if (!http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
            {
                await Json.WriteAsync(http, report.Write);
                return;
            }
            // A report is one file that must also stand alone: its style is inside it. It has no script.
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            http.Response.ContentType = "text/html; charset=utf-8";
            await http.Response.WriteAsync(report.ToHtml(), http.RequestAborted);
        });
    }

    /// <summary>How far every column was from the reference in the windows before this one; nothing where it is the first.</summary>
    static async Task<IReadOnlyDictionary<string, IReadOnlyList<double>>> HistoryAsync(WindowSheets sheets, Window window, string segment, CancellationToken cancel)
    {
        var before = (await sheets.ReadAsync(new WindowQuery(window.Model) { Version = window.Version, To = window.Start.AddTicks(1), Limit = HistoryWindows, NewestFirst = true }, segment, cancel)).Reverse().ToList();
        var columns = before.Count < 2 ? [] : before[^1].Columns.Keys;
        return columns.ToDictionary(c => c, c => (IReadOnlyList<double>)[.. before.Select(w => w.Columns.TryGetValue(c, out var column) ? column.Of("psi_corrected").Value : double.NaN)], StringComparer.Ordinal);
    }

    public static void Write(Utf8JsonWriter json, JudgedWindow judged)
    {
        json.WriteStartObject();
        Json.Write(json, judged.Window);
        json.WriteString("policy", judged.Policy);
        json.WriteString("reference", judged.Window.Reference);
        json.WriteString("judged_at", Json.Instant(judged.JudgedAt));
        json.WritePropertyName("readings");
        ReadingFormat.Write(json, judged.Readings);
        json.WriteEndObject();
    }

    /// <summary>The one window that a path and <c>?version=&amp;segment=&amp;revision=</c> name. Without a version: the only one, else an error that lists them.</summary>
    public static async Task<JudgedWindow> FindAsync(WebContext context, HttpContext http, string model, string start)
    {
        await MustExistAsync(context, model, http.RequestAborted);
        var at = Query.Instant(start, "start");
        var versions = await context.Store.VersionsOfAsync(model, at, http.RequestAborted);
        if (versions.Count == 0) throw RequestException.NotFound($"model '{model}' has no window that starts at {Json.Instant(at)}");
        var version = Query.Text(http, "version") ?? (versions.Count == 1 ? versions[0] : throw RequestException.Bad($"version: this window has several: {string.Join(", ", versions.Select(v => $"'{v}'"))}"));
        if (!versions.Contains(version)) throw RequestException.NotFound($"version '{version}' has no such window; these have: {string.Join(", ", versions.Select(v => $"'{v}'"))}");
        var segment = Query.Text(http, "segment") ?? "";
        var revision = Query.Text(http, "revision") is null ? (int?)null : Query.Whole(http, "revision", 0, 0, int.MaxValue);
        return await context.Store.WindowAsync(model, version, at, segment, revision, http.RequestAborted)
            ?? throw RequestException.NotFound($"this window has no {(revision is null ? "" : $"revision {revision} ")}{(segment.Length > 0 ? $"segment '{segment}'" : "")}".TrimEnd());
    }

    internal static async Task MustExistAsync(WebContext context, string model, CancellationToken cancel)
    {
        if (context.Models.Any(m => m.Name == model)) return;
        var known = (await context.Store.VersionsAsync(cancel)).Select(v => v.Model).Concat(context.Models.Select(m => m.Name)).Distinct().ToList();
        if (!known.Contains(model)) throw RequestException.NotFound($"there is no model '{model}'; there {(known.Count == 0 ? "is none" : $"is {string.Join(", ", known.Take(50).Select(m => $"'{m}'"))}")}");
    }
}
