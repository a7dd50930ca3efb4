using Microsoft.AspNetCore.Http;

namespace Drift.Worker.Web.Pages;

/// <summary>The frame of every page.</summary>
static class Layout
{
    /// <summary>How often a page asks again, in seconds; no script is needed for it.</summary>
    const int Refresh = 10;

    public static Task WriteAsync(HttpContext http, string title, Html content)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(Page(title, content).Markup, http.RequestAborted);
    }

    static Html Page(string title, Html content) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="refresh" content="{Refresh}">
        <title>{title}</title>
        <link rel="stylesheet" href="/assets/drift.css">
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        <header><a class="brand" href="/">Drift</a><nav aria-label="Interfaces"><a href="/api/v1/models">models</a><a href="/api/v1/alerts">alerts</a><a href="/api/v1/sources">sources</a><a href="/metrics">metrics</a></nav></header>
        <main id="main">
        {content}
        </main>
        </body>
        </html>
        """);
}
