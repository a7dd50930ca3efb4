using Drift.Worker.Stores;
using Drift.Worker.Web.Api;
using Microsoft.AspNetCore.Http;

namespace Drift.Worker.Web.Pages;

/// <summary>What every page of one model shares: which version, segment and windows are looked at, and the way to its other pages.</summary>
sealed record ModelFrame(ModelView Model, string Version, string Segment, int Count, DateTimeOffset? Before, DateTimeOffset? Window)
{
    const int UsualWindows = 30, MostWindows = 200;
    static readonly int[] lengths = [7, 14, 30, 60, 100, 200];
    static readonly (string Path, string Name)[] places = [("", "Columns"), ("/quality", "Data quality"), ("/performance", "Performance"), ("/versions", "Versions")];

    public string Name => Model.Name;

    public string Path => $"/models/{Uri.EscapeDataString(Name)}";

    public WindowQuery Query => new(Name) { Version = Version, To = Before, Limit = Count, NewestFirst = true };

    public static async Task<ModelFrame> OfAsync(WebContext context, HttpContext http, string name)
    {
        var model = (await ModelView.AllAsync(context, http.RequestAborted)).FirstOrDefault(m => m.Name == name) ?? throw RequestException.NotFound($"there is no model '{name}'");
        return new ModelFrame(model, Api.Query.Text(http, "version") ?? model.Last?.Version ?? "", Api.Query.Text(http, "segment") ?? "",
            Api.Query.Whole(http, "windows", UsualWindows, 1, MostWindows), Instant(http, "before"), Instant(http, "window"));
    }

    /// <summary>A field that was left empty asks for nothing.</summary>
    static DateTimeOffset? Instant(HttpContext http, string name) => Api.Query.Text(http, name) is { Length: > 0 } text ? Api.Query.Instant(text, name) : null;

    /// <summary>An address of one of the model's pages that keeps what is looked at.</summary>
    public string Link(string page = "", params (string Name, string? Value)[] more) => Parts.Link(Path + page,
        [("version", Version), ("segment", Segment), ("windows", Count == UsualWindows ? null : $"{Count}"), ("before", Before is { } before ? Json.Instant(before) : null), .. more]);

    /// <summary>The head of the page: where it is, how the model is, and the tabs.</summary>
    public Html Head(DateTimeOffset now, string here) => Html.Of($"""
        <nav class="crumbs" aria-label="Way back"><a href="/">Models</a> / <bdi>{Name}</bdi></nav>
        <h1><bdi>{Name}</bdi> {Parts.Badge(Model.State)}</h1>
        <p>Version {Parts.Version(Version)}{Freshness(now)}</p>
        <nav class="tabs" aria-label="Pages of this model">{places.Select(p => Html.Of($"<a href=\"{Link(p.Path)}\"{(p.Path == here ? Html.Of($" aria-current=\"page\"") : Html.Empty)}>{p.Name}</a>"))}</nav>
        """);

    Html Freshness(DateTimeOffset now) => Model.Versions.FirstOrDefault(v => v.Version == Version)?.Last is { } last
        ? Html.Of($", reference <bdi>{last.Reference}</bdi>; last window {Parts.Time(last.Start)} to {Parts.Time(last.End)} UTC with {last.Rows:N0} rows {ModelGlance.Fresh(Model.Configured, last, now)}")
        : Html.Empty;

    /// <summary>The form that chooses version, segment and time; it works without a script.</summary>
    public Html Choose(string page, IEnumerable<string> segments, Html more) => Html.Of($"""
        <form method="get" action="{Path}{page}" aria-label="What to show">
        <label>Version<select name="version">{Model.Versions.Select(v => v.Version).DefaultIfEmpty(Version).Select(v => Parts.Option(v, v.Length > 0 ? v : "(none)", v == Version))}</select></label>
        <label>Segment<select name="segment">{segments.Prepend("").Append(Segment).Distinct().Select(s => Parts.Option(s, s.Length > 0 ? s : "all rows", s == Segment))}</select></label>
        <label>Windows<select name="windows">{lengths.Append(Count).Distinct().Order().Select(n => Parts.Option($"{n}", $"last {n}", n == Count))}</select></label>
        <label>Before (UTC)<input name="before" size="20" placeholder="now" value="{(Before is { } before ? Json.Instant(before) : "")}"></label>
        {more}
        <button>Show</button></form>
        """);
}
