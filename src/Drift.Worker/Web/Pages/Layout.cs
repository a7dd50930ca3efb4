using Microsoft.AspNetCore.Http;

namespace Drift.Worker.Web.Pages;

/// <summary>The frame of every page.</summary>
static class Layout
{
    /// <summary>How often a page asks again where scripts are off, in seconds.</summary>
    const int Refresh = 30;

    /// <summary>The page renews itself when windows or alerts change, with every record read, or never: where the answer to a form stands.</summary>
    public const string Live = "yes", Progress = "progress", Still = "no";

    static readonly (string Path, string Name)[] places = [("/", "Models"), ("/alerts", "Alerts"), ("/policy", "Policy"), ("/operations", "Operations")];

    /// <summary>Sends a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="title">What the window's title says first.</param>
    /// <param name="content">The main part.</param>
    /// <param name="live">When the page renews itself: one of <see cref="Live"/>, <see cref="Progress"/>, <see cref="Still"/>.</param>
    public static Task WriteAsync(HttpContext http, string title, Html content, string live = Live)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(Page(http, title, content, live).ToString(), http.RequestAborted);
    }

    /// <summary>A page that says what went wrong and where to go on; it tries again by itself when the trouble is ours.</summary>
    public static Task ErrorAsync(HttpContext http, string title, string detail) => WriteAsync(http, title, Html.Of($"""
        <h1>{title}</h1>
        <section class="card problem"><p role="alert">{detail}</p><p><a href="/">All models</a></p></section>
        """), live: http.Response.StatusCode >= 500 ? Live : Still);

    static Html Page(HttpContext http, string title, Html content, string live) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        {(live != Still ? Html.Of($"<noscript><meta http-equiv=\"refresh\" content=\"{Refresh}\"></noscript>") : Html.Empty)}
        <title>{title} - Drift</title>
        <link rel="icon" href="{Assets.Link("drift.svg")}">
        <link rel="stylesheet" href="{Assets.Link("drift.css")}">
        <script src="{Assets.Link("drift.js")}" defer></script>
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top"><div><a class="brand" href="/"><img src="{Assets.Link("drift.svg")}" alt="">Drift</a><nav aria-label="Main">{places.Select(p => Place(http, p.Path, p.Name))}</nav><span id="live" class="live" role="status"></span></div></header>
        <main id="main" tabindex="-1" data-live="{live}">
        {content}
        </main>
        <footer><span>Drift {typeof(Profile).Assembly.GetName().Version?.ToString(3)}</span><span>role: {Guard.Role(http)}</span><a href="/openapi/v1.json">HTTP interface</a><a href="/metrics">metrics</a><a href="/health/ready">health</a></footer>
        </body>
        </html>
        """);

    static Html Place(HttpContext http, string path, string name) =>
        Html.Of($"<a href=\"{path}\"{(IsHere(http.Request.Path.Value ?? "/", path) ? Html.Of($" aria-current=\"page\"") : Html.Empty)}>{name}</a>");

    static bool IsHere(string at, string place) => place == "/" ? at == "/" || at.StartsWith("/models/", StringComparison.Ordinal) : at == place || at.StartsWith(place + "/", StringComparison.Ordinal);
}
