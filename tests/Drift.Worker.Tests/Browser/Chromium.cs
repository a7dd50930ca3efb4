using System.Reflection;
using Microsoft.Playwright;

namespace Drift.Worker.Tests.Browser;

/// <summary>The operating system's Chromium without a window, driven by Playwright; no browser is downloaded.</summary>
sealed class Chromium : IAsyncDisposable
{
    static readonly string[] names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    static readonly string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Whether there is one.</summary>
    public static bool IsInstalled => path is not null;

    readonly IPlaywright playwright;
    readonly IBrowser browser;

    Chromium(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        if (path is null) Assert.Skip($"no Chromium on the PATH ({string.Join(", ", names)}): the dashboard is NOT looked at in a browser; ./build.sh setup installs it where there is apt-get");
        // Where the package lies: the build says so, and copies nothing.
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", typeof(Chromium).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PlaywrightDriver").Value);
        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox", "--disable-quic"] }));
    }

    /// <summary>A new page without history, cookies or cache.</summary>
    public Task<BrowserPage> PageAsync(int width = 1280, int height = 900, bool dark = false) => BrowserPage.OpenAsync(browser, width, height, dark);

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
