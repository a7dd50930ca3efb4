using System.Globalization;
using Drift.Worker.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drift.Worker.Web.Pages;

/// <summary>The operating view: what stands in the way, how far every partition is, what could not be read, and what left for whom.</summary>
static class OperationsPage
{
    const int ShownPartitions = 200;

    public static void Map(IEndpointRouteBuilder app, WebContext context) => app.MapGet("/operations", async (HttpContext http) =>
        await Layout.WriteAsync(http, "Operations", await PageAsync(context, http.RequestAborted), Layout.Progress));

    static async Task<Html> PageAsync(WebContext context, CancellationToken cancel)
    {
        var began = context.Time.GetTimestamp();
        await context.Store.PingAsync(cancel);
        var answered = context.Time.GetElapsedTime(began);
        var sources = await context.Store.SourcesAsync(cancel);
        var metrics = MetricSample.Parse(await context.Metrics(cancel));
        var now = context.Time.GetUtcNow();
        var lag = metrics.Where(m => m.Name == "drift_lag_records").ToList();
        var oldest = sources.Where(s => s.Watermark is not null && !s.Ended).Select(s => (DateTimeOffset?)EventTime.ToInstant(s.Watermark!.Value)).Min();
        return Html.Of($"""
            <h1>Operations</h1>
            {Problems(context)}
            {Parts.Facts(
                ("records read", Whole(sources.Sum(s => s.Records))), ("rows in windows", Whole(sources.Sum(s => s.Rows))), ("late", Whole(sources.Sum(s => s.Late))),
                ("invalid", Whole(sources.Sum(s => s.Invalid.Values.Sum()))), ("lag", lag.Count == 0 ? Html.Of($"-") : Html.Of($"{lag.Sum(m => Math.Max(0, m.Value)):N0} <small>records</small>")),
                ("slowest watermark", oldest is { } mark ? Html.Of($"{Parts.Span(now - mark)} <small>behind</small>") : Html.Of($"-")), ("store", Html.Of($"{answered.TotalMilliseconds:0.0} <small>ms, {context.StoreKind}</small>")))}
            {Partitions(sources, lag, now)}
            {Unread(sources)}
            {Counted(metrics)}
            """);
    }

    static Html Whole(long number) => Html.Of($"{number:N0}");

    static Html Problems(WebContext context)
    {
        var problems = context.Problems();
        return problems.Count == 0
            ? Html.Of($"<section class=\"card good\"><p>{Parts.Badge("ok")} Nothing stands in the way of the worker's work.</p></section>")
            : Html.Of($"<section class=\"card problem\" aria-labelledby=\"problems\"><h2 id=\"problems\">What stands in the way</h2><ul>{problems.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Html.Of($"<li>{Parts.Badge("failed")} <b>{p.Key}</b>: <bdi>{p.Value}</bdi></li>"))}</ul></section>");
    }

    static Html Partitions(IReadOnlyList<PartitionState> sources, List<MetricSample> lag, DateTimeOffset now)
    {
        if (sources.Count == 0) return Html.Of($"<section class=\"card\"><h2>Partitions</h2>{Parts.Empty("No partition has been claimed yet.")}</section>");
        var rows = sources.OrderBy(s => s.Watermark ?? long.MinValue).Take(ShownPartitions).Select(s => Html.Of($"<tr><th scope=\"row\"><bdi>{s.Source.Topic}</bdi></th>{Parts.Num($"{s.Source.Partition}")}{Num(s.Position)}<td>{(s.Watermark is { } mark ? Parts.Time(EventTime.ToInstant(mark)) : Html.Of($"-"))}</td><td>{State(s, now)}</td>{Num(Lag(lag, s))}{Num(s.Records)}{Num(s.Rows)}{Num(s.Late)}{Num(s.Invalid.Values.Sum())}{Num(s.Gaps)}<td><bdi>{(s.Owner.Length > 0 ? s.Owner : "nobody")}</bdi></td></tr>"));
        var more = sources.Count > ShownPartitions ? Html.Of($"<p class=\"soft\">And {sources.Count - ShownPartitions} partitions that are further on.</p>") : Html.Empty;
        return Html.Of($"<section class=\"card\" aria-labelledby=\"partitions\"><h2 id=\"partitions\">Partitions</h2>{Parts.Table("Every partition, the slowest first; watermarks in UTC", Parts.Heads("topic", "#partition", "#offset", "watermark", "state", "#lag", "#records", "#rows", "#late", "#invalid", "#gaps", "owner"), rows)}{more}</section>");
    }

    static Html State(PartitionState source, DateTimeOffset now) => source.Ended ? Html.Of($"read to its end") : source.QuietSince is { } quiet ? Html.Of($"quiet for {Parts.Span(now - quiet)}") : Html.Of($"flowing");

    static long? Lag(List<MetricSample> lag, PartitionState source) =>
        lag.Find(m => m.Labels.GetValueOrDefault("topic") == source.Source.Topic && m.Labels.GetValueOrDefault("partition") == source.Source.Partition.ToString(CultureInfo.InvariantCulture)) is { } found ? (long)Math.Max(0, found.Value) : null;

    static Html Num(long? number) => Parts.Num(number is { } known ? known.ToString("N0", CultureInfo.InvariantCulture) : "-");

    static Html Unread(IReadOnlyList<PartitionState> sources)
    {
        var reasons = sources.SelectMany(s => s.Invalid.Select(i => (s.Source.Topic, Kind: "invalid", i.Key, i.Value)).Concat(s.Skipped.Select(i => (s.Source.Topic, Kind: "skipped", i.Key, i.Value))))
            .GroupBy(x => (x.Topic, x.Kind, x.Key)).Select(g => (g.Key, Count: g.Sum(x => x.Value))).OrderByDescending(g => g.Count).ToList();
        if (reasons.Count == 0) return Html.Of($"<section class=\"card\"><h2>Not counted</h2>{Parts.Empty("Every record could be read.")}</section>");
        return Html.Of($"<section class=\"card\" aria-labelledby=\"unread\"><h2 id=\"unread\">Not counted</h2>{Parts.Table("Records that became no row, by reason", Parts.Heads("topic", "kind", "reason", "#records"), reasons.Select(r => Html.Of($"<tr><th scope=\"row\"><bdi>{r.Key.Topic}</bdi></th><td>{r.Key.Kind}</td><td>{r.Key.Key.Replace('_', ' ')}</td>{Num(r.Count)}</tr>")))}</section>");
    }

    static Html Counted(IReadOnlyList<MetricSample> metrics)
    {
        var notices = metrics.Where(m => m.Name == "drift_notices_total").ToList();
        var table = notices.Count == 0 ? Parts.Empty("No notice has left yet.") : Parts.Table("Notices since the worker started", Parts.Heads("channel", "outcome", "#notices"),
            notices.Select(m => Html.Of($"<tr><th scope=\"row\"><bdi>{m.Labels.GetValueOrDefault("channel")}</bdi></th><td>{m.Labels.GetValueOrDefault("outcome")}</td>{Num((long)m.Value)}</tr>")));
        return Html.Of($"<section class=\"card\" aria-labelledby=\"notices\"><h2 id=\"notices\">Notices</h2>{table}</section>");
    }
}
