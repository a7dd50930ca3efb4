using System.Text.Json;

namespace Drift.Alerts.Tests.Channels;

public class WebhookChannelTests
{
    const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    static Notice Notice(int alerts = 1)
    {
        var run = new Run(Make.Rules(""" "drift": { "measure": "ks", "above": 0.1 } """));
        run.Day(0, [.. Enumerable.Range(0, alerts).Select(i => Make.Drift($"column_{i}", 0.2 + i / 1000.0))]);
        return run.Notices.Single();
    }

    static WebhookChannel Channel(string url, string more = "", Func<string, string?>? env = null) => new(
        Make.Policy($$"""{ "rules": {}, "channels": { "team": { "kind": "webhook", "url": "{{url}}" {{more}} } } }""").Channels.Single(),
        new ChannelServices { Http = new ChannelHttp(), Secrets = (_, name) => env?.Invoke(name), ExternalUrl = "http://drift.example.org" });

    [Fact]
    public async Task The_body_is_alertmanagers_and_the_signature_holds()
    {
        await using var receiver = new Receiver();
        var notice = Notice();
        var before = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        await Channel(receiver.Url, """, "secret": ["${env:NEW}", "${env:OLD}"] """, name => name == "NEW" ? Secret : "whsec_" + Convert.ToBase64String(new byte[24]))
            .SendAsync(notice, TestContext.Current.CancellationToken);
        var request = receiver.Requests.Single();
        Assert.Equal(notice.Id, request.Headers["webhook-id"]);
        var timestamp = long.Parse(request.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds(timestamp), before, TimeProvider.System.GetUtcNow());
        Assert.Equal(2, request.Headers["webhook-signature"].Split(' ').Length);
        Assert.True(WebhookSignature.Verify([Secret], notice.Id, timestamp, request.Body, request.Headers["webhook-signature"]));
        Assert.False(WebhookSignature.Verify([Secret], notice.Id, timestamp + 1, request.Body, request.Headers["webhook-signature"]));
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal("""
            {"version":"4","groupKey":"{}:{model=\"fraud\"}","truncatedAlerts":0,"status":"firing","receiver":"out","groupLabels":{"model":"fraud"},
            "commonLabels":{"alertname":"drift","model":"fraud","version":"3","column":"column_0","measure":"ks","segment":"","severity":"warning"},
            "commonAnnotations":{"summary":"fraud v3: column_0 drifted, ks 0.20 (alert over 0.10), 18,240 rows, since 2026-11-19 (1 of 1 days).","episode":"EPISODE","value":"0.2","threshold":"0.1"},
            "externalURL":"http://drift.example.org","alerts":[{"status":"firing",
            "labels":{"alertname":"drift","model":"fraud","version":"3","column":"column_0","measure":"ks","segment":"","severity":"warning"},
            "annotations":{"summary":"fraud v3: column_0 drifted, ks 0.20 (alert over 0.10), 18,240 rows, since 2026-11-19 (1 of 1 days).","episode":"EPISODE","value":"0.2","threshold":"0.1"},
            "startsAt":"2026-11-19T00:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"KEY"}]}
            """.Replace("\n", "").Replace("EPISODE", notice.Alerts[0].Episode).Replace("KEY", notice.Alerts[0].Key), request.Text);
    }

    [Fact]
    public async Task An_action_has_all_that_is_needed_to_act_and_is_asked_for_once()
    {
        await using var receiver = new Receiver();
        var run = new Run(Make.Rules(""" "drift": { "measure": "ks", "above": 0.1, "severity": "critical" } """));
        run.Judge(Make.Day(0) with { Reference = "ref-1", Tags = new Dictionary<string, string> { ["champion"] = "2" } }, Make.Drift("b", 0.2), Make.Drift("a", 0.3));
        var notice = run.Notices.Single();
        var channel = Channel(receiver.Url, """, "secret": "${env:S}", "action": "rollback" """, _ => Secret);
        await channel.SendAsync(notice, TestContext.Current.CancellationToken);
        foreach (var reason in (NoticeReason[])[NoticeReason.Repeat, NoticeReason.Resolved, NoticeReason.Group])
            await channel.SendAsync(notice with { Reason = reason }, TestContext.Current.CancellationToken);
        var request = receiver.Requests.Single();
        Assert.Contains("v1,", request.Headers["webhook-signature"], StringComparison.Ordinal);
        using var json = JsonDocument.Parse(request.Body);
        Assert.Equal(("4", 2), (json.RootElement.GetProperty("version").GetString(), json.RootElement.GetProperty("alerts").GetArrayLength()));
        Assert.Equal("""{"threshold":"0.1","tag_champion":"2"}""", json.RootElement.GetProperty("commonAnnotations").GetRawText());
        var action = json.RootElement.GetProperty("action");
        Assert.Equal(("rollback", notice.Id), (action.GetProperty("name").GetString(), action.GetProperty("id").GetString()));
        var target = action.GetProperty("targets").EnumerateArray().Single();
        string Text(string name) => target.GetProperty(name).GetString()!;
        Assert.Equal(("fraud", "3", "2", "ref-1"), (Text("model"), Text("version"), Text("champion"), Text("reference")));
        Assert.Equal(("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z", "critical"), (Text("from"), Text("to"), Text("severity")));
        Assert.Equal(["a", "b"], target.GetProperty("columns").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal((0.3, 0.1, 18240), (target.GetProperty("value").GetDouble(), target.GetProperty("threshold").GetDouble(), target.GetProperty("rows").GetInt32()));
        Assert.Contains("drifted", Text("reason"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_action_must_be_signed()
    {
        var check = PolicyFormat.Read("""{"rules":{},"channels":{"auto":{"kind":"webhook","url":"https://ci.example.org/hook","action":"retrain"}}}"""u8.ToArray());
        Assert.Contains(check.Errors, e => e.ToString().Contains("an action must be signed", StringComparison.Ordinal));
    }

    [Fact]
    public void The_signature_is_the_one_of_the_standards_own_example()
    {
        var signature = WebhookSignature.Sign([Secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8);
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public async Task A_large_notice_stays_under_the_limit_and_counts_what_it_leaves_out()
    {
        await using var receiver = new Receiver();
        await Channel(receiver.Url).SendAsync(Notice(500), TestContext.Current.CancellationToken);
        var body = receiver.Requests.Single();
        Assert.InRange(body.Body.Length, 10_000, WebhookBody.Limit);
        using var json = JsonDocument.Parse(body.Body);
        var alerts = json.RootElement.GetProperty("alerts");
        Assert.Equal(500, alerts.GetArrayLength() + json.RootElement.GetProperty("truncatedAlerts").GetInt32());
        Assert.Equal("column_499", alerts[0].GetProperty("labels").GetProperty("column").GetString());
        Assert.DoesNotContain("webhook-signature", body.Headers.Keys);
    }

    [Theory]
    [InlineData(500, ChannelFault.Retry, null)]
    [InlineData(404, ChannelFault.Retry, null)]
    [InlineData(429, ChannelFault.Retry, 7)]
    [InlineData(503, ChannelFault.Retry, 7)]
    [InlineData(410, ChannelFault.Gone, null)]
    [InlineData(413, ChannelFault.Refused, null)]
    [InlineData(302, ChannelFault.Retry, null)]
    public async Task Only_2xx_is_success_and_a_redirect_is_not_followed(int status, ChannelFault fault, int? retryAfter)
    {
        await using var elsewhere = new Receiver();
        await using var receiver = new Receiver((_, _) => new Answer(status, status == 302 ? $"Location: {elsewhere.Url}" : retryAfter is null ? "" : $"Retry-After: {retryAfter}"));
        var failure = await Assert.ThrowsAsync<ChannelException>(() => Channel(receiver.Url).SendAsync(Notice(), TestContext.Current.CancellationToken));
        Assert.Equal(fault, failure.Fault);
        Assert.Equal(retryAfter is { } s ? TimeSpan.FromSeconds(s) : null, failure.RetryAfter);
        Assert.DoesNotContain("hook", failure.Message);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_reset_after_the_body_and_silence_are_failures_to_be_tried_again()
    {
        await using var reset = new Receiver((_, _) => new Answer(0, Reset: true));
        await using var silent = new Receiver((_, _) => new Answer(0, Hang: true));
        var first = await Assert.ThrowsAsync<ChannelException>(() => Channel(reset.Url).SendAsync(Notice(), TestContext.Current.CancellationToken));
        var second = await Assert.ThrowsAsync<ChannelException>(() => Channel(silent.Url, """, "timeout": "00:00:00.3" """).SendAsync(Notice(), TestContext.Current.CancellationToken));
        Assert.Equal(ChannelFault.Retry, first.Fault);
        Assert.Equal("team: no answer from 127.0.0.1 within 0.3 s", second.Message);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_gets_no_alert()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=127.0.0.1", key, System.Security.Cryptography.HashAlgorithmName.SHA256,
            System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        await using var receiver = new Receiver(certificate: certificate);
        var failure = await Assert.ThrowsAsync<ChannelException>(() => Channel(receiver.Url).SendAsync(Notice(), TestContext.Current.CancellationToken));
        Assert.Equal((ChannelFault.Retry, "team: 127.0.0.1: SecureConnectionError"), (failure.Fault, failure.Message));
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task A_missing_or_malformed_secret_is_named_and_nothing_leaves_unsigned()
    {
        await using var receiver = new Receiver();
        var missing = await Assert.ThrowsAsync<ChannelException>(() => Channel(receiver.Url, """, "secret": "${env:HOOK}" """).SendAsync(Notice(), TestContext.Current.CancellationToken));
        var wrong = await Assert.ThrowsAsync<ChannelException>(() => Channel(receiver.Url, """, "secret": "${env:HOOK}" """, _ => "hunter2").SendAsync(Notice(), TestContext.Current.CancellationToken));
        Assert.Equal("team: the environment variable HOOK is not set", missing.Message);
        Assert.Equal("team: a webhook secret is whsec_ and base64 of at least 16 bytes", wrong.Message);
        Assert.Empty(receiver.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("192.168.0.1", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("64:ff9b::a00:1", true)]
    [InlineData("2001:4860:4860::8888", false)]
    public void Private_addresses_are_known(string address, bool expected) => Assert.Equal(expected, PrivateAddresses.Contains(System.Net.IPAddress.Parse(address)));

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_refused_unless_allowed()
    {
        // The machine's own name is no spelled-out address; where it leads nowhere private there is nothing to refuse.
        var name = System.Net.Dns.GetHostName();
        var addresses = await Resolve(name);
        Assert.SkipWhen(addresses.Length == 0 || !addresses.Any(PrivateAddresses.Contains), "this machine's name does not lead to a private address");
        await using var receiver = new Receiver();
        var url = receiver.Url.Replace("127.0.0.1", name);
        var refused = await Assert.ThrowsAsync<ChannelException>(() => Channel(url).SendAsync(Notice(), TestContext.Current.CancellationToken));
        Assert.Contains("allow_private", refused.Message);
        // Allowed, it gets as far as the network lets it.
        var allowed = await Record.ExceptionAsync(() => Channel(url, """, "allow_private": true, "timeout": "00:00:02" """).SendAsync(Notice(), TestContext.Current.CancellationToken));
        Assert.DoesNotContain("allow_private", allowed?.Message ?? "");
    }

    static async Task<System.Net.IPAddress[]> Resolve(string name)
    {
        try
        {
            return await System.Net.Dns.GetHostAddressesAsync(name, TestContext.Current.CancellationToken);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return [];
        }
    }
}
