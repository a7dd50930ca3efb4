using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Drift.Worker.Tests.Browser;

/// <summary>The browser's protocol: commands with answers, and events, as JSON over one socket.</summary>
sealed class DevTools : IAsyncDisposable
{
    readonly ClientWebSocket socket = new();
    readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> waiting = new();
    readonly SemaphoreSlim sending = new(1, 1);
    readonly CancellationTokenSource end = new();
    Task reading = Task.CompletedTask;
    int last;

    /// <summary>Every event: session, method, parameters.</summary>
    public event Action<string, string, JsonNode>? Said;

    public static async Task<DevTools> ConnectAsync(Uri address, CancellationToken cancel)
    {
        var tools = new DevTools();
        await tools.socket.ConnectAsync(address, cancel);
        tools.reading = Task.Run(tools.ReadAsync, CancellationToken.None);
        return tools;
    }

    public async Task<JsonNode> SendAsync(string method, JsonObject? parameters = null, string? session = null, CancellationToken cancel = default)
    {
        var id = Interlocked.Increment(ref last);
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null) message["sessionId"] = session;
        var answer = waiting[id] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        await sending.WaitAsync(cancel);
        try { await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, cancel); }
        finally { sending.Release(); }
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(60), cancel);
    }

    async Task ReadAsync()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var got = await socket.ReceiveAsync(buffer, end.Token);
                if (got.MessageType == WebSocketMessageType.Close) break;
                message.Write(buffer, 0, got.Count);
                if (!got.EndOfMessage) continue;
                var node = JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!;
                message.SetLength(0);
                if (node["id"] is { } id)
                {
                    if (!waiting.TryRemove((int)id, out var answer)) continue;
                    if (node["error"] is { } error) answer.SetException(new InvalidOperationException(error.ToJsonString()));
                    else answer.SetResult(node["result"]!);
                }
                else Said?.Invoke((string?)node["sessionId"] ?? "", (string)node["method"]!, node["params"]!);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            foreach (var (_, answer) in waiting) answer.TrySetException(new InvalidOperationException("the browser is gone"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await reading;
        socket.Dispose();
        sending.Dispose();
        end.Dispose();
    }
}
