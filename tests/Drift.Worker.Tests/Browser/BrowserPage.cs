using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Drift.Worker.Tests.Browser;

/// <summary>One tab: goes somewhere, asks the page, and remembers every request and every complaint.</summary>
sealed class BrowserPage : IAsyncDisposable
{
    readonly DevTools tools;
    readonly string context, target, session;
    readonly ConcurrentQueue<string> requests = new(), complaints = new();
    volatile TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    BrowserPage(DevTools tools, string context, string target, string session)
    {
        (this.tools, this.context, this.target, this.session) = (tools, context, target, session);
        tools.Said += Hear;
    }

    /// <summary>The addresses of all requests since the tab was opened.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    /// <summary>Console errors, exceptions, refused contents and broken answers.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    public static async Task<BrowserPage> OpenAsync(DevTools tools, int width, int height, bool dark, CancellationToken cancel)
    {
        var context = (string)(await tools.SendAsync("Target.createBrowserContext", cancel: cancel))["browserContextId"]!;
        var target = (string)(await tools.SendAsync("Target.createTarget", new() { ["url"] = "about:blank", ["browserContextId"] = context }, cancel: cancel))["targetId"]!;
        var session = (string)(await tools.SendAsync("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = true }, cancel: cancel))["sessionId"]!;
        var page = new BrowserPage(tools, context, target, session);
        foreach (var domain in (string[])["Page", "Network", "Runtime", "Log"]) await page.Send($"{domain}.enable", null, cancel);
        await page.Send("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 }, cancel);
        await page.Send("Emulation.setEmulatedMedia", new() { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }) }, cancel);
        return page;
    }

    Task<JsonNode> Send(string method, JsonObject? parameters, CancellationToken cancel) => tools.SendAsync(method, parameters, session, cancel);

    void Hear(string from, string method, JsonNode said)
    {
        if (from != session) return;
        switch (method)
        {
            case "Network.requestWillBeSent": requests.Enqueue((string)said["request"]!["url"]!); break;
            case "Page.loadEventFired": loaded.TrySetResult(); break;
            case "Runtime.exceptionThrown": complaints.Enqueue("exception: " + said["exceptionDetails"]!.ToJsonString()); break;
            case "Runtime.consoleAPICalled" when (string)said["type"]! is "error" or "warning" or "assert": complaints.Enqueue("console: " + said["args"]!.ToJsonString()); break;
            case "Log.entryAdded" when (string)said["entry"]!["level"]! is "error" or "warning": complaints.Enqueue("log: " + said["entry"]!.ToJsonString()); break;
        }
    }

    public async Task GoAsync(Uri address, CancellationToken cancel)
    {
        loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var went = await Send("Page.navigate", new() { ["url"] = address.AbsoluteUri }, cancel);
        if (went["errorText"] is { } wrong) throw new InvalidOperationException($"{address}: {wrong}");
        await loaded.Task.WaitAsync(TimeSpan.FromSeconds(60), cancel);
    }

    /// <summary>Does something that leads to another page, and waits until it stands.</summary>
    public async Task LeadsOnAsync(string script, CancellationToken cancel)
    {
        loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await AskAsync(script, cancel);
        await loaded.Task.WaitAsync(TimeSpan.FromSeconds(60), cancel);
    }

    /// <summary>The value of an expression in the page; a promise is awaited.</summary>
    public async Task<JsonNode?> AskAsync(string script, CancellationToken cancel)
    {
        var answer = await Send("Runtime.evaluate", new() { ["expression"] = script, ["returnByValue"] = true, ["awaitPromise"] = true }, cancel);
        if (answer["exceptionDetails"] is { } wrong) throw new InvalidOperationException($"{script}: {wrong.ToJsonString()}");
        return answer["result"]!["value"];
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task UntilAsync(string condition, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!(bool)(await AskAsync($"!!({condition})", cancel))!)
        {
            if (patience.IsCancellationRequested) throw new TimeoutException($"never true: {condition}");
            await Task.Delay(50, cancel);
        }
    }

    public async Task<string> TextAsync(CancellationToken cancel) => (string)(await AskAsync("document.body.innerText", cancel))!;

    /// <summary>Presses a key as a person does.</summary>
    public async Task PressAsync(string key, int code, CancellationToken cancel)
    {
        foreach (var type in (string[])["keyDown", "keyUp"]) await Send("Input.dispatchKeyEvent", new() { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code }, cancel);
    }

    /// <summary>A picture of the whole page.</summary>
    public async Task<byte[]> PictureAsync(CancellationToken cancel) =>
        Convert.FromBase64String((string)(await Send("Page.captureScreenshot", new() { ["format"] = "png", ["captureBeyondViewport"] = true }, cancel))["data"]!);

    public async ValueTask DisposeAsync()
    {
        tools.Said -= Hear;
        await tools.SendAsync("Target.closeTarget", new() { ["targetId"] = target });
        await tools.SendAsync("Target.disposeBrowserContext", new() { ["browserContextId"] = context });
    }
}
