using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Drift.Alerts.Tests.Channels;

/// <summary>Every channel against every way in which a destination fails: what is told delivered has arrived, and what has not is told how to go on.</summary>
public sealed class MisbehaviourTests : IDisposable
{
    static readonly string[] kinds = ["webhook", "alertmanager", "slack", "teams", "pagerduty"];

    readonly ChannelHttp http = new();

    public void Dispose() => http.Dispose();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => [.. kinds];

    IAlertChannel Channel(string kind, string url, string timeout = "00:00:30")
    {
        var key = kind == "pagerduty" ? """, "routing_key": "${env:KEY}" """ : "";
        var policy = Make.Policy($$"""{ "rules": {}, "channels": { "it": { "kind": "{{kind}}", "url": "{{url}}", "timeout": "{{timeout}}" {{key}} } } }""");
        return ChannelFactory.Create(policy.Channels.Single(), new ChannelServices { Http = http, Secrets = (_, _) => "secret" })!;
    }

    static Notice Notice()
    {
        var run = new Run(Make.Rules(""" "drift": { "measure": "ks", "above": 0.1 } """));
        run.Day(0, Make.Drift("amount", 0.2));
        return run.Notices.Single();
    }

    async Task<ChannelException> Fails(string kind, Answer answer, string timeout = "00:00:30")
    {
        await using var receiver = new Receiver((_, _) => answer);
        var failure = await Assert.ThrowsAsync<ChannelException>(() => Channel(kind, receiver.Url, timeout).SendAsync(Notice(), Cancel));
        // Whoever is given up may on a busy machine be given up before the request has been read.
        if (!answer.Hang) Assert.Single(receiver.Requests);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/hook", failure.Message, StringComparison.Ordinal);
        return failure;
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Slow_is_not_late(string kind)
    {
        await using var receiver = new Receiver((_, _) => new Answer(200, After: TimeSpan.FromMilliseconds(700)));
        await Channel(kind, receiver.Url).SendAsync(Notice(), Cancel);
        Assert.Single(receiver.Requests);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Silence_is_given_up_and_tried_again(string kind)
    {
        var failure = await Fails(kind, new Answer(0, Hang: true), "00:00:00.300");
        Assert.Equal((ChannelFault.Retry, "it: no answer from 127.0.0.1 within 0.3 s"), (failure.Fault, failure.Message));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Too_many_requests_say_when_to_come_again(string kind)
    {
        var failure = await Fails(kind, new Answer(429, "Retry-After: 7"));
        Assert.Equal((ChannelFault.Retry, TimeSpan.FromSeconds(7)), (failure.Fault, failure.RetryAfter));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_error_is_tried_again_and_gone_is_gone(string kind)
    {
        Assert.Equal(ChannelFault.Retry, (await Fails(kind, new Answer(500))).Fault);
        Assert.Equal(ChannelFault.Gone, (await Fails(kind, new Answer(410))).Fault);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_reset_after_the_body_is_tried_again(string kind) => Assert.Equal(ChannelFault.Retry, (await Fails(kind, new Answer(0, Reset: true))).Fault);

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_redirect_leads_nowhere(string kind)
    {
        await using var elsewhere = new Receiver();
        var failure = await Fails(kind, new Answer(307, $"Location: {elsewhere.Url}"));
        Assert.Equal(ChannelFault.Retry, failure.Fault);
        Assert.Contains("a redirect, which is not followed", failure.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_certificate_that_nobody_vouches_for_gets_nothing(string kind)
    {
        using var certificate = SelfSigned();
        await using var receiver = new Receiver(certificate: certificate);
        var failure = await Assert.ThrowsAsync<ChannelException>(() => Channel(kind, receiver.Url).SendAsync(Notice(), Cancel));
        Assert.Equal(ChannelFault.Retry, failure.Fault);
        Assert.Empty(receiver.Requests);
    }

    static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var made = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using (made) return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>What a mail server does instead of taking the mail.</summary>
    public enum Mail
    {
        Hangs, Breaks, Later, Full, BadTls,
    }

    [Theory]
    [InlineData(Mail.Hangs, "no answer from 127.0.0.1")]
    [InlineData(Mail.Breaks, "127.0.0.1")]
    [InlineData(Mail.Later, "127.0.0.1: ServiceNotAvailable")]
    [InlineData(Mail.Full, "127.0.0.1: InsufficientStorage")]
    [InlineData(Mail.BadTls, "127.0.0.1")]
    public async Task A_mail_server_that_fails_is_tried_again(Mail mail, string expected)
    {
        using var certificate = SelfSigned();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var serving = ServeAsync(listener, mail, certificate, stop.Token);
        var policy = Make.Policy($$"""
            { "rules": {}, "channels": { "mail": { "kind": "email", "host": "127.0.0.1", "port": {{((IPEndPoint)listener.LocalEndpoint).Port}}, "from": "drift@example.org", "to": "a@example.org",
              "starttls": {{(mail == Mail.BadTls ? "true" : "false")}}, "timeout": "{{(mail == Mail.Hangs ? "00:00:00.500" : "00:00:30")}}" } } }
            """);
        var failure = await Assert.ThrowsAsync<ChannelException>(() => ChannelFactory.Create(policy.Channels.Single(), new ChannelServices { Http = http })!.SendAsync(Notice(), Cancel));
        Assert.Equal(ChannelFault.Retry, failure.Fault);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        var said = await serving.WaitAsync(TimeSpan.FromMinutes(3), Cancel);
        if (mail == Mail.BadTls) Assert.DoesNotContain(said, line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    static async Task<List<string>> ServeAsync(TcpListener listener, Mail mail, X509Certificate2 certificate, CancellationToken stop)
    {
        var said = new List<string>();
        try
        {
            using var client = await listener.AcceptTcpClientAsync(stop);
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 test");
            while (await reader.ReadLineAsync(stop) is { } line)
            {
                said.Add(line);
                if (line.StartsWith("EHLO", StringComparison.Ordinal)) await writer.WriteLineAsync(mail == Mail.BadTls ? "250-test\r\n250 STARTTLS" : "250 test");
                else if (line == "STARTTLS")
                {
                    await writer.WriteLineAsync("220 go on");
                    await using var secure = new SslStream(client.GetStream());
                    await secure.AuthenticateAsServerAsync(certificate);
                    using var inside = new StreamReader(secure, Encoding.ASCII);
                    while (await inside.ReadLineAsync(stop) is { } secret) said.Add(secret);
                }
                else if (line == "DATA")
                {
                    if (mail == Mail.Later) await writer.WriteLineAsync("421 come again");
                    if (mail == Mail.Full) await writer.WriteLineAsync("452 full");
                    if (mail is Mail.Later or Mail.Full) continue;
                    await writer.WriteLineAsync("354 go on");
                    while (await reader.ReadLineAsync(stop) is { } text && text != ".") said.Add(text);
                    if (mail == Mail.Hangs) await Task.Delay(Timeout.Infinite, stop);
                    client.LingerState = new LingerOption(true, 0);
                    return said;
                }
                else await writer.WriteLineAsync("250 ok");
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or AuthenticationException or ObjectDisposedException)
        {
            // The client left, or the test is over.
        }
        return said;
    }
}
