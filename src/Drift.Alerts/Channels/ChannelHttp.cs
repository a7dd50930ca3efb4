using System.Net;
using System.Net.Sockets;

namespace Drift.Alerts;

/// <summary>The HTTP clients of channels: they follow no redirect, keep no cookie, and connect to private addresses only where the policy says so.</summary>
public sealed class ChannelHttp : IDisposable
{
    readonly HttpClient guarded;
    readonly HttpClient open;

    /// <summary>Creates clients with connections of their own.</summary>
    public ChannelHttp()
    {
        guarded = new HttpClient(Handler(guard: true)) { Timeout = Timeout.InfiniteTimeSpan };
        open = new HttpClient(Handler(guard: false)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Uses one client for everything; whoever gives it answers for where it connects and that it follows no redirects.</summary>
    public ChannelHttp(HttpClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        guarded = open = client;
    }

    /// <summary>The client for an address: an address that is spelled out is meant, a name is looked at when it is resolved.</summary>
    public HttpClient For(Uri url, bool allowPrivate)
    {
        ArgumentNullException.ThrowIfNull(url);
        return allowPrivate || PrivateAddresses.IsSpelledOut(url) ? open : guarded;
    }

    static SocketsHttpHandler Handler(bool guard)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxResponseHeadersLength = 16,
        };
        if (guard) handler.ConnectCallback = ConnectAsync;
        return handler;
    }

    static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        // A proxy is configured by whoever runs the process; only the way to the destination itself is guarded.
        var direct = context.InitialRequestMessage.RequestUri is not { } url || string.Equals(url.DnsSafeHost, host, StringComparison.OrdinalIgnoreCase);
        if (direct && Array.Exists(addresses, PrivateAddresses.Contains))
            throw new ChannelException($"{host} leads to a private address; the channel must say \"allow_private\": true when that is meant");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The addresses that were looked at, not the name, which could lead elsewhere by now.
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        guarded.Dispose();
        open.Dispose();
    }
}
