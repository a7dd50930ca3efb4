using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Drift.Worker.Hosting;
using Drift.Worker.Telemetry;
using Drift.Worker.Tests.Chaos;
using Drift.Worker.Tests.Web;
using Drift.Worker.Tests.Windows;
using Drift.Worker.Windows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.Telemetry;

/// <summary>An OpenTelemetry collector on loopback, which knows as much of OTLP over gRPC as it takes to name metrics and spans.</summary>
public sealed class OtlpTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_and_spans_reach_a_collector()
    {
        var (metrics, spans) = (new ConcurrentDictionary<string, bool>(), new ConcurrentDictionary<string, bool>());
        await using var collector = await StartAsync(metrics, spans);
        var store = WebFixture.Filled();
        using var instruments = new WorkerMetrics();
        using (new WorkerTelemetry(store, instruments.Meter, TimeProvider.System, new Uri(collector.Urls.Single())))
        {
            instruments.Begin(["predictions"], ["fraud"], ["team"]);
            var engine = Engine(store, Models());
            store.SaveReference(Models().All[0].ReferenceId, "m", Models().All[0].Document);
            engine.Claim(P(0));
            engine.Take(0, Row(5));
            engine.Take(0, Row(50));
            engine.Commit([P(0)]);
        } // what has not left yet leaves at the end
        foreach (var name in (string[])["drift_records_total", "drift_windows_judged_total", "drift_store_up"]) Assert.Contains(name, metrics.Keys);
        Assert.Contains("commit", spans.Keys);
        Assert.Contains("judge window", spans.Keys);
    }

    static async Task<WebApplication> StartAsync(ConcurrentDictionary<string, bool> metrics, ConcurrentDictionary<string, bool> spans)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, Cancel);
            // resource_metrics = 1, scope_metrics = 2, metrics = 2, name = 1; resource_spans = 1, scope_spans = 2, spans = 2, name = 5
            var isTrace = http.Request.Path.Value!.Contains("TraceService", StringComparison.Ordinal);
            foreach (var name in Texts(Message(body.ToArray()), isTrace ? [1, 2, 2, 5] : [1, 2, 2, 1])) (isTrace ? spans : metrics).TryAdd(name, true);
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(new byte[5], Cancel);
            http.Response.AppendTrailer("grpc-status", "0");
        });
        await app.StartAsync(Cancel);
        return app;
    }

    /// <summary>A gRPC frame: one byte that says whether it is compressed, four bytes of length, the message.</summary>
    static byte[] Message(byte[] frame)
    {
        Assert.Equal(0, frame[0]);
        Assert.Equal(frame.Length - 5, (int)BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(1)));
        return frame[5..];
    }

    /// <summary>The texts at a path of field numbers of a protocol buffers message.</summary>
    static IEnumerable<string> Texts(byte[] message, int[] path)
    {
        if (path.Length == 0) return [Encoding.UTF8.GetString(message)];
        var found = new List<string>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0: Varint(message, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                default:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == path[0]) found.AddRange(Texts(message[at..(at + length)], path[1..]));
                    at += length;
                    break;
            }
        }
        return found;
    }

    static ulong Varint(byte[] bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }
}
