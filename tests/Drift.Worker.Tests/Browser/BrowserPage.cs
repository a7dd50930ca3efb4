using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Drift.Worker.Tests.Browser;

/// <summary>One tab, which remembers every request and every complaint.</summary>
sealed class BrowserPage : IAsyncDisposable
{
    readonly IBrowserContext context;
    readonly ConcurrentQueue<string> requests = new(), complaints = new();

    BrowserPage(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        page.Request += (_, request) => requests.Enqueue(request.Url);
        page.PageError += (_, error) => complaints.Enqueue("exception: " + error);
        page.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning" or "assert") complaints.Enqueue($"{said.Type}: {said.Text} ({said.Location})");
        };
    }

    public IPage Page { get; }

    /// <summary>The addresses of all requests since the tab was opened.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    /// <summary>Console errors and warnings, exceptions, refused contents and broken answers.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    public static async Task<BrowserPage> OpenAsync(IBrowser browser, int width, int height, bool dark)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, IsMobile = width < 600, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
        context.SetDefaultTimeout(60_000);
        return new BrowserPage(context, await context.NewPageAsync());
    }

    /// <summary>Goes somewhere and waits until the page stands.</summary>
    public Task GoAsync(Uri server, string path = "/") => Page.GotoAsync(new Uri(server, path).AbsoluteUri);

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> AskAsync(string script) => await Page.EvaluateAsync<JsonElement?>(script) is { } answer ? JsonNode.Parse(answer.GetRawText()) : null;

    /// <summary>What stands at a selector, in the order of the page.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(string selector) => [.. (await Page.Locator(selector).AllTextContentsAsync()).Select(t => t.Trim())];

    /// <summary>The body of the table with this caption, opened or not: the cells of each row as text.</summary>
    public Task<string[][]> TableAsync(string caption) => Page.EvaluateAsync<string[][]>(
        "caption => [...[...document.querySelectorAll('table')].find(t => t.caption.textContent === caption).tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent.trim()))", caption);

    /// <summary>The facts above a page by their names.</summary>
    public async Task<Dictionary<string, string>> FactsAsync() => (await TextsAsync(".facts dt")).Zip(await TextsAsync(".facts dd")).ToDictionary(f => f.First, f => f.Second);

    /// <summary>A picture of the whole page.</summary>
    public Task<byte[]> PictureAsync() => Page.ScreenshotAsync(new() { FullPage = true });

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
