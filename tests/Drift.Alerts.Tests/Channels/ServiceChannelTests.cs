using System.Text;
using System.Text.Json;

namespace Drift.Alerts.Tests.Channels;

/// <summary>Alertmanager, Slack, Teams, PagerDuty and files: what arrives, and that it stays within what the service takes.</summary>
public sealed class ServiceChannelTests : IAsyncDisposable
{
    readonly Receiver receiver = new();
    readonly ChannelHttp http = new();
    readonly ManualTime time = new(Make.Origin.AddDays(9));

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await receiver.DisposeAsync();
    }

    IAlertChannel Channel(string spec) => ChannelFactory.Create(
        Make.Policy($$"""{ "rules": {}, "channels": { "it": { {{spec.Replace("URL", receiver.Url)}} } } }""").Channels.Single(),
        new ChannelServices { Http = http, Secrets = (_, name) => name == "KEY" ? "secret-key" : null, Time = time })!;

    static Run Fired(int alerts, string prefix = "column_")
    {
        var run = new Run(Make.Rules(""" "drift": { "measure": "ks", "above": 0.1, "severity": "critical" } """));
        run.Day(0, [.. Enumerable.Range(0, alerts).Select(i => Make.Drift($"{prefix}{i}", 0.2))]);
        return run;
    }

    static Notice Firing(int alerts = 1, string prefix = "column_") => Fired(alerts, prefix).Notices.Single();

    static Notice Resolved()
    {
        var run = Fired(1);
        run.Day(1, Make.Drift("column_0", 0));
        return run.Notices.Single(n => n.Status == AlertStatus.Resolved);
    }

    async Task<JsonElement> Sent(string spec, Notice notice)
    {
        var before = receiver.Requests.Count;
        await Channel(spec).SendAsync(notice, TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(receiver.Requests.Skip(before).First().Body);
        return json.RootElement.Clone();
    }

    [Fact]
    public async Task Alertmanager_gets_what_identifies_an_alert_as_labels_and_an_end_to_be_renewed()
    {
        const string spec = """ "kind": "alertmanager", "url": "URL", "user": "u", "password": "${env:KEY}", "resend": "00:05:00" """;
        var fired = (await Sent(spec, Firing()))[0];
        Assert.Equal("""{"alertname":"drift","model":"fraud","version":"3","column":"column_0"}""", fired.GetProperty("labels").GetRawText());
        Assert.Equal("critical", fired.GetProperty("annotations").GetProperty("severity").GetString());
        Assert.Equal(time.GetUtcNow().AddMinutes(20), fired.GetProperty("endsAt").GetDateTimeOffset());
        Assert.Equal("/hook/api/v2/alerts", receiver.Requests[0].Path);
        Assert.Equal("Basic " + Convert.ToBase64String("u:secret-key"u8), receiver.Requests[0].Headers["Authorization"]);
        var over = (await Sent(spec, Resolved()))[0];
        Assert.Equal(time.GetUtcNow(), over.GetProperty("endsAt").GetDateTimeOffset());
        Assert.Equal(fired.GetProperty("labels").GetRawText(), over.GetProperty("labels").GetRawText());
    }

    [Fact]
    public void Alertmanager_is_told_again_whoever_has_taken_the_alert_on()
    {
        var policy = Make.Policy("""
            { "rules": { "drift": { "measure": "ks", "above": 0.1 } }, "routes": [{ "repeat": "1.00:00:00", "channels": ["am", "log"] }],
              "channels": { "am": { "kind": "alertmanager", "url": "http://127.0.0.1:9093", "resend": "00:05:00" }, "log": { "kind": "console" } } }
            """);
        var run = new Run(policy, new AlertContext { Now = Make.Origin });
        Assert.Equal(Make.Origin.AddMinutes(5), run.Day(0, Make.Drift("amount", 0.3)).Due);
        run.States = run.States.Acknowledge(run.Only!.Key, new Acknowledgement("ann", "", Make.Origin, null));
        Assert.Equal(["am"], run.Tick(Make.Origin.AddMinutes(5)).Notices.Select(n => n.Channel));
        Assert.Equal(["am"], run.Tick(Make.Origin.AddDays(2)).Notices.Select(n => n.Channel));
    }

    [Fact]
    public async Task Slack_gets_blocks_that_it_takes_and_no_markup_from_names()
    {
        const string spec = """ "kind": "slack", "url": "URL" """;
        var one = await Sent(spec, Firing(1, "<!channel>"));
        Assert.Equal("fraud: 1 alert, critical", one.GetProperty("text").GetString());
        Assert.Contains("&lt;!channel&gt;0 drifted", one.GetProperty("blocks")[1].GetProperty("text").GetProperty("text").GetString());
        var many = await Sent(spec, Firing(500));
        var blocks = many.GetProperty("blocks").EnumerateArray().ToList();
        Assert.InRange(blocks.Count, 10, 50);
        Assert.Equal("and 455 more", blocks[^1].GetProperty("text").GetProperty("text").GetString());
        var longest = await Sent(spec, Firing(1, new string('x', 9000)));
        Assert.All(longest.GetProperty("blocks").EnumerateArray(), b => Assert.InRange(b.GetProperty("text").GetProperty("text").GetString()!.Length, 1, 3000));
    }

    [Fact]
    public async Task Teams_gets_a_card_under_its_limit()
    {
        const string spec = """ "kind": "teams", "url": "URL" """;
        var card = (await Sent(spec, Resolved())).GetProperty("attachments")[0];
        Assert.Equal("application/vnd.microsoft.card.adaptive", card.GetProperty("contentType").GetString());
        var body = card.GetProperty("content").GetProperty("body");
        Assert.Equal(("fraud: 1 alert, resolved", "Good"), (body[0].GetProperty("text").GetString(), body[0].GetProperty("color").GetString()));
        Assert.Contains("column\\_0 is back", body[1].GetProperty("text").GetString());
        await Sent(spec, Firing(500));
        Assert.InRange(receiver.Requests[^1].Body.Length, 8_000, 28_000);
    }

    [Fact]
    public async Task PagerDuty_opens_and_closes_one_incident_for_an_episode()
    {
        const string spec = """ "kind": "pagerduty", "url": "URL", "routing_key": "${env:KEY}" """;
        var trigger = await Sent(spec, Firing(1, new string('y', 3000)));
        Assert.Equal(("secret-key", "trigger", "critical"), (trigger.GetProperty("routing_key").GetString(), trigger.GetProperty("event_action").GetString(), trigger.GetProperty("payload").GetProperty("severity").GetString()));
        Assert.Equal(1024, trigger.GetProperty("payload").GetProperty("summary").GetString()!.Length);
        var opened = await Sent(spec, Firing());
        var closed = await Sent(spec, Resolved());
        Assert.Equal("resolve", closed.GetProperty("event_action").GetString());
        Assert.Equal(opened.GetProperty("dedup_key").GetString(), closed.GetProperty("dedup_key").GetString());
        var before = receiver.Requests.Count;
        await Sent(spec, Firing(3));
        Assert.Equal(before + 3, receiver.Requests.Count);
        Assert.InRange(receiver.Requests.Max(r => r.Body.Length), 1, 512_000);
    }

    [Fact]
    public async Task A_file_gets_one_line_for_each_notice()
    {
        var folder = Directory.CreateTempSubdirectory("drift-file-");
        try
        {
            var path = Path.Combine(folder.FullName, "alerts.jsonl");
            var channel = Channel($$""" "kind": "file", "path": "{{JsonEncodedText.Encode(path)}}" """);
            Notice[] notices = [Firing(3), Resolved()];
            foreach (var notice in notices) await channel.SendAsync(notice, TestContext.Current.CancellationToken);
            var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(notices.Select(n => n.Id), lines.Select(l => AlertFormat.ReadNotice(Encoding.UTF8.GetBytes(l)).Id));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_line_of_the_console_stays_one_line_whatever_a_column_is_called()
    {
        var output = new StringWriter();
        await new ConsoleChannel("c", output).SendAsync(Firing(1, "a\nb\u001b[31m"), TestContext.Current.CancellationToken);
        Assert.Equal("critical: fraud v3: a b [31m0 drifted, ks 0.20 (alert over 0.10), 18,240 rows, since 2026-11-19 (1 of 1 days).", output.ToString().TrimEnd());
    }

    [Fact]
    public void Kafka_is_the_hosts_and_the_placeholder_is_the_console()
    {
        var policy = Make.Policy("""{ "rules": {}, "channels": { "topic": { "kind": "kafka", "topic": "alerts" }, "team": { "kind": "webhook", "url": "https://.." } } }""");
        Assert.Equal(["team"], ChannelFactory.Create(policy, new ChannelServices { Http = http }).Values.OfType<ConsoleChannel>().Select(c => c.Name));
    }
}
