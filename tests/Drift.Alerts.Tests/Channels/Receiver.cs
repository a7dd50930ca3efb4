using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Drift.Alerts.Tests.Channels;

/// <summary>A request as it came in.</summary>
sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>What the receiver does with a request: answer, close the connection rudely, or say nothing until it is disposed.</summary>
sealed record Answer(int Status, string Headers = "", bool Reset = false, bool Hang = false, TimeSpan After = default)
{
    public static readonly Answer Ok = new(200);
}

/// <summary>A receiver on loopback that keeps every request and misbehaves as it is told.</summary>
sealed class Receiver : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly List<Received> received = [];
    readonly List<Task> connections = [];
    readonly Task accepting;
    readonly Func<int, Received, Answer> answer;
    readonly X509Certificate2? certificate;

    /// <summary>Answers the n-th request (from 0) as the function says; with a certificate over TLS.</summary>
    public Receiver(Func<int, Received, Answer>? answer = null, X509Certificate2? certificate = null)
    {
        this.certificate = certificate;
        this.answer = answer ?? ((_, _) => Answer.Ok);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Url => $"{(certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hook";

    public IReadOnlyList<Received> Requests
    {
        get
        {
            lock (received) return [.. received];
        }
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                lock (connections) connections.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Disposed; a listener that was stopped between two accepts says that it is not listening.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            Stream stream = client.GetStream();
            if (certificate is not null)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(certificate);
                stream = secure;
            }
            while (await ReadAsync(stream) is { } request)
            {
                int n;
                lock (received)
                {
                    n = received.Count;
                    received.Add(request);
                }
                var reply = answer(n, request);
                if (reply.After > TimeSpan.Zero) await Task.Delay(reply.After, stop.Token);
                if (reply.Hang) await Task.Delay(Timeout.Infinite, stop.Token);
                if (reply.Reset)
                {
                    client.LingerState = new LingerOption(true, 0);
                    return;
                }
                var text = $"HTTP/1.1 {reply.Status} X\r\nContent-Length: 0\r\n{(reply.Headers.Length > 0 ? reply.Headers + "\r\n" : "")}\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(text), stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
        {
            // The sender gave up, or the test is over.
        }
    }

    async Task<Received?> ReadAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !(head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n'))
        {
            if (await stream.ReadAsync(one, stop.Token) == 0) return null;
            head.Add(one[0]);
        }
        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, stop.Token);
        return new Received(lines[0].Split(' ')[1], headers, body);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(connections);
        stop.Dispose();
    }
}
