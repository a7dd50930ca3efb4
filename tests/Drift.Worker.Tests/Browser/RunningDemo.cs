using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Drift.Worker.Commands;

namespace Drift.Worker.Tests.Browser;

/// <summary>The classes that look at one running demo.</summary>
[CollectionDefinition(nameof(RunningDemo))]
public sealed class RunningDemoClasses : ICollectionFixture<RunningDemo>;

/// <summary>One demo with a fixed seed, through its sample and still serving its page, and one browser: what the walks through the dashboard share.</summary>
public sealed class RunningDemo : IAsyncLifetime
{
    readonly CancellationTokenSource stop = new();
    readonly Lines console = new();
    Task<int> running = Task.FromResult(0);
    Chromium? browser;

    /// <summary>What the console said.</summary>
    public IReadOnlyCollection<string> Said => console.All;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    internal HttpClient Client { get; } = new();

    /// <summary>The browser; skips the test, loudly, where there is none.</summary>
    internal async Task<Chromium> BrowserAsync() => browser ??= await Chromium.StartAsync();

    public async ValueTask InitializeAsync()
    {
        // Nothing to look with: the demo itself has its own tests.
        if (!Chromium.IsInstalled) return;
        running = DriftCommand.RunAsync(["demo", "--port", "0", "--seed", "1"], new Cli(console, console, TimeProvider.System) { Cancel = stop.Token });
        var ready = await Task.WhenAny(console.Until("The page stays at "), running).WaitAsync(TimeSpan.FromSeconds(150));
        if (ready is not Task<string> line || ready == running) throw new InvalidOperationException("the demo ended:\n" + string.Join('\n', Said));
        Address = new Uri((await line).Split(' ').First(w => w.StartsWith("http:", StringComparison.Ordinal)));
        Client.BaseAddress = Address;
    }

    internal async Task<JsonNode> ApiAsync(string path) => JsonNode.Parse(await Client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken))!;

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        await stop.CancelAsync();
        await running;
        Client.Dispose();
        stop.Dispose();
        await console.DisposeAsync();
    }

    /// <summary>A console that several threads write to and one test waits for.</summary>
    sealed class Lines : TextWriter
    {
        readonly ConcurrentQueue<string> lines = new();
        readonly ConcurrentDictionary<string, TaskCompletionSource<string>> awaited = new();

        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public IReadOnlyCollection<string> All => lines;

        public Task<string> Until(string start) => awaited.GetOrAdd(start, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public override void WriteLine(string? value)
        {
            var line = value ?? "";
            lines.Enqueue(line);
            foreach (var (start, one) in awaited)
                if (line.StartsWith(start, StringComparison.Ordinal)) one.TrySetResult(line);
        }
    }
}
