using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Drift.Alerts.Tests.Channels;

public class EmailChannelTests
{
    /// <summary>Speaks enough SMTP to take a mail; offers no encryption.</summary>
    sealed class MailServer : IAsyncDisposable
    {
        readonly TcpListener listener = new(IPAddress.Loopback, 0);
        readonly Task serving;
        readonly string recipientReply;

        public MailServer(string recipientReply = "250 ok")
        {
            this.recipientReply = recipientReply;
            listener.Start();
            serving = ServeAsync();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public List<string> Commands { get; } = [];

        public StringBuilder Mail { get; } = new();

        async Task ServeAsync()
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
                await writer.WriteLineAsync("220 test");
                while (await reader.ReadLineAsync() is { } line)
                {
                    Commands.Add(line);
                    if (line == "DATA")
                    {
                        await writer.WriteLineAsync("354 go on");
                        while (await reader.ReadLineAsync() is { } text && text != ".") Mail.AppendLine(text);
                    }
                    await writer.WriteLineAsync(line.StartsWith("RCPT", StringComparison.Ordinal) ? recipientReply : "250 ok");
                }
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // The client left.
            }
        }

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await serving.WaitAsync(TimeSpan.FromMinutes(3));
        }
    }

    static Notice Notice()
    {
        var run = new Run(Make.Rules(""" "drift": { "measure": "ks", "above": 0.1 } """));
        run.Day(0, Make.Drift("amount", 0.2), Make.Drift("größe", 0.3));
        return run.Notices.Single();
    }

    static IAlertChannel Channel(int port, string more = "", string to = "\"ops@example.org\"")
    {
        var policy = Make.Policy($$"""{ "rules": {}, "channels": { "mail": { "kind": "email", "host": "127.0.0.1", "port": {{port}}, "from": "drift@example.org", "to": [{{to}}] {{more}} } } }""");
        return ChannelFactory.Create(policy.Channels.Single(), new ChannelServices { Http = new ChannelHttp() })!;
    }

    [Fact]
    public async Task A_mail_says_every_alert_and_belongs_to_its_groups_thread()
    {
        await using var server = new MailServer();
        var notice = Notice();
        await Channel(server.Port, """, "starttls": false """, """ "a@example.org", "b@example.org" """).SendAsync(notice, TestContext.Current.CancellationToken);
        Assert.Equal(2, server.Commands.Count(c => c.StartsWith("RCPT TO", StringComparison.Ordinal)));
        var mail = server.Mail.ToString();
        Assert.Contains($"Message-ID: <{notice.Id}@example.org>", mail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("References: <drift_", mail);
        Assert.Contains("Subject: fraud: 2 alerts, warning", mail);
        var body = Encoding.UTF8.GetString(Convert.FromBase64String(mail[(mail.IndexOf("\n\n", StringComparison.Ordinal) is > 0 and var at ? at : mail.IndexOf("\r\n\r\n", StringComparison.Ordinal))..].Trim()));
        Assert.Equal(string.Join("\n\n", notice.Alerts.Select(a => a.Text)) + "\n", body.Replace("\r\n", "\n"));
    }

    [Fact]
    public async Task Without_encryption_nothing_is_sent_unless_the_policy_says_so()
    {
        await using var server = new MailServer();
        await Assert.ThrowsAsync<ChannelException>(() => Channel(server.Port).SendAsync(Notice(), TestContext.Current.CancellationToken));
        Assert.DoesNotContain(server.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_refuses_and_one_that_is_absent_are_failures()
    {
        int absent;
        await using (var server = new MailServer("550 no such user"))
        {
            absent = server.Port;
            var refused = await Assert.ThrowsAsync<ChannelException>(() => Channel(server.Port, """, "starttls": false """).SendAsync(Notice(), TestContext.Current.CancellationToken));
            Assert.Equal("mail: 127.0.0.1: MailboxUnavailable", refused.Message);
        }
        await Assert.ThrowsAsync<ChannelException>(() => Channel(absent, """, "starttls": false """).SendAsync(Notice(), TestContext.Current.CancellationToken));
    }
}
