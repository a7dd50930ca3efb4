using Drift.Worker.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Api;

/// <summary>
/// GET /api/v1/models/{model}/ranking: the columns whose drift goes together with the change in performance, first those to look at first.
/// <c>?version=&amp;measure=&amp;drift=&amp;from=&amp;to=&amp;limit=</c>: the performance measure (default: the most telling one that there is, realised before
/// estimated), the drift measure (default: psi_corrected, else psi, ks, js), and the windows.
/// </summary>
static class RankingApi
{
    static readonly string[] telling = ["auc", "f1", "accuracy", "rmse", "mae", "r2", "ndcg"], drifts = ["psi_corrected", "psi", "ks", "js"];

    public static void Map(IEndpointRouteBuilder app, WebContext context) => app.MapGet("/api/v1/models/{model}/ranking", async (HttpContext http, string model) =>
    {
        await WindowsApi.MustExistAsync(context, model, http.RequestAborted);
        var from = Query.Instant(http, "from");
        var query = new WindowQuery(model) { Version = Query.Text(http, "version"), From = from, To = Query.Instant(http, "to"), Limit = Query.Whole(http, "limit", 100, 1, 1000), NewestFirst = from is null };
        var windows = await context.Store.WindowsAsync(query, http.RequestAborted);
        // Of several versions the one of the newest window: two models' windows are no series.
        var version = query.Version ?? windows.MaxBy(w => w.Window.Start)?.Window.Version ?? "";
        var own = windows.Where(w => w.Window.Version == version).OrderBy(w => w.Window.Start).ToList();
        var measure = Query.Text(http, "measure") ?? Telling(own);
        var performance = own.ConvertAll(w => w.Readings.FirstOrDefault(r => r.Measure == measure && IsWhole(r) && r.Column.Length == 0));
        var ordinary = performance.OfType<Reading>().Select(r => r.ReferenceValue).FirstOrDefault(v => v is not null) ?? double.NaN;
        var ranked = FindingRanking.ByCorrelation(
            Columns(own, Query.Text(http, "drift")), [.. performance.Select(r => r?.Value ?? double.NaN)], ordinary, context.Models.FirstOrDefault(m => m.Name == model)?.Importance);
        await Json.WriteAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteString("version", version);
            json.WriteString("measure", measure);
            JsonNumber.Write(json, "ordinary", ordinary);
            json.WriteNumber("windows", own.Count);
            json.WriteStartArray("columns");
            foreach (var column in ranked)
            {
                json.WriteStartObject();
                json.WriteNumber("rank", column.Rank);
                json.WriteString("column", column.Column);
                JsonNumber.Write(json, "correlation", column.Correlation);
                JsonNumber.Write(json, "p_value", column.PValue);
                json.WriteNumber("windows", column.Windows);
                json.WriteBoolean("drifted", column.HasDrifted);
                JsonNumber.Write(json, "weight", column.Weight);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    });

    static bool IsWhole(Reading reading) => reading.Segment.Length == 0 && reading.Detail?.Class is null;

    static string Telling(List<JudgedWindow> windows)
    {
        bool Known(string name) => windows.Count(w => w.Readings.Any(r => r.Measure == name && IsWhole(r) && double.IsFinite(r.Value))) >= FindingRanking.LeastWindows;
        return telling.FirstOrDefault(Known) ?? telling.Select(name => PerformanceReadings.Estimated + name).FirstOrDefault(Known) ?? telling[0];
    }

    static ColumnDrift[] Columns(List<JudgedWindow> windows, string? drift)
    {
        var byColumn = windows.SelectMany((w, at) => w.Readings.Where(r => r.Kind == ReadingKind.Drift && IsWhole(r) && r.Column.Length > 0).Select(r => (At: at, Reading: r)))
            .GroupBy(r => r.Reading.Column, StringComparer.Ordinal);
        return [.. byColumn.Select(column =>
        {
            var measure = drift ?? drifts.FirstOrDefault(name => column.Any(r => r.Reading.Measure == name)) ?? column.First().Reading.Measure;
            var values = new double[windows.Count];
            Array.Fill(values, double.NaN);
            foreach (var (at, reading) in column)
                if (reading.Measure == measure) values[at] = reading.Value;
            return new ColumnDrift(column.Key, values, column.Any(r => r.Reading.Verdict >= Verdict.Warning));
        })];
    }
}
