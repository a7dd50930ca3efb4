using System.Net;
using System.Net.Sockets;

namespace Drift.Tests;

/// <summary>
/// A port of this machine for a server that has to be told one. It lies below those that the kernel gives to whoever asks for any, so that no connection
/// of a test that runs beside takes it between this look and its use.
/// </summary>
static class FreePort
{
    const int First = 20_000, End = 30_000;

    public static int Find()
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            var port = Random.Shared.Next(First, End);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's; the next.
            }
        }
        throw new InvalidOperationException($"no port from {First} to {End} is free");
    }
}
