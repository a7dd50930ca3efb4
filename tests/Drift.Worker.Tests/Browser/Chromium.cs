using System.Diagnostics;

namespace Drift.Worker.Tests.Browser;

/// <summary>The operating system's Chromium without a window, spoken to by its own protocol: no package and no download stands between a test and what a reader sees.</summary>
sealed class Chromium : IAsyncDisposable
{
    static readonly string[] names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    readonly Process process;
    readonly DirectoryInfo profile;

    Chromium(Process process, DirectoryInfo profile, DevTools tools) => (this.process, this.profile, Tools) = (process, profile, tools);

    public DevTools Tools { get; }

    /// <summary>Where it is installed, or null.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => names.Select(name => System.IO.Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    public static async Task<Chromium> StartAsync(CancellationToken cancel)
    {
        if (Path is null) Assert.Skip($"no Chromium on the PATH ({string.Join(", ", names)}): the dashboard is NOT looked at in a browser; ./build.sh setup installs it where there is apt-get");
        var profile = Directory.CreateTempSubdirectory("drift-browser-");
        var start = new ProcessStartInfo(Path, [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-default-apps", "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank"])
        { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(TimeSpan.FromSeconds(60));
            const string Says = "DevTools listening on ";
            while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
                if (line.StartsWith(Says, StringComparison.Ordinal))
                {
                    // What it says later must be read away, or it would stop when the pipe is full.
                    _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                    _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                    return new Chromium(process, profile, await DevTools.ConnectAsync(new Uri(line[Says.Length..]), cancel));
                }
            throw new InvalidOperationException("the browser ended before it listened");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>A new page without history, cookies or cache.</summary>
    public Task<BrowserPage> PageAsync(int width, int height, bool dark, CancellationToken cancel) => BrowserPage.OpenAsync(Tools, width, height, dark, cancel);

    public async ValueTask DisposeAsync()
    {
        await Tools.DisposeAsync();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        try { profile.Delete(recursive: true); }
        catch (IOException) { /* a process of its own that ends a moment later still holds a file */ }
    }
}
