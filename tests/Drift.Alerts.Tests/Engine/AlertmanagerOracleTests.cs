using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Drift.Tests;
using Drift.Alerts.Tests.Channels;

namespace Drift.Alerts.Tests.Engine;

/// <summary>The same stream of alerts through our grouping and through a real Alertmanager: the same notifications, in the same order.</summary>
/// <remarks>Ours runs in simulated time with <c>"list": "all"</c>. The default, <c>"list": "new"</c>, differs in one way, on purpose: a notice names what is new and
/// not the rest of the group again, so an alert is in exactly one firing notice.</remarks>
public class AlertmanagerOracleTests
{
    // Flushes happen 2 s after a group begins and every 4 s from then on; every event of a scenario keeps a second's distance from them.
    const int Length = 20;
    static readonly string[] places = ["/usr/bin/prometheus-alertmanager", "/usr/bin/alertmanager", "/usr/local/bin/alertmanager"];

    /// <summary>At a second: a rule on a column begins or ends.</summary>
    sealed record Event(int At, string Name, string Column, bool Fires);

    sealed record Mute(int From, int To, string Column);

    sealed record Scenario(string Model, Event[] Events, params Mute[] Mutes);

    static Event On(int at, string column, string name = "drift") => new(at, name, column, true);

    static Event Off(int at, string column, string name = "drift") => new(at, name, column, false);

    static readonly Scenario[] scenarios =
    [
        new("grouping", [On(0, "a"), On(1, "b"), On(4, "c")]),
        new("repeat", [On(0, "a")]),
        new("resolve", [On(0, "a"), On(0, "b"), Off(4, "b"), Off(8, "a")]),
        new("flap", [On(0, "a"), Off(3, "a"), On(5, "a")]),
        new("untold", [On(0, "a"), Off(1, "a")]),
        new("again", [On(0, "a"), Off(4, "a"), On(8, "a"), Off(12, "a")]),
        new("silence", [On(0, "a"), On(0, "b")], new Mute(0, 8, "b")),
        new("silenced-end", [On(0, "a"), On(0, "b"), Off(4, "a"), Off(12, "b")], new Mute(3, 18, "a")),
        new("inhibit", [On(0, "a"), On(0, "s", "schema"), On(4, "b"), Off(8, "s", "schema")]),
    ];

    [Fact]
    public async Task Grouping_repeat_resolve_silence_and_inhibition_are_told_alike()
    {
        var program = places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "Alertmanager is not installed");
        var ours = scenarios.Select(s => $"{s.Model}: {string.Join(" | ", Ours(s, "all"))}").ToList();
        var theirs = await TheirsAsync(program!, TestContext.Current.CancellationToken);
        // Theirs runs by the clock: a machine that stood still for a second has told it another story. Once more, then.
        for (var more = 0; more < 5 && !ours.SequenceEqual(theirs); more++) theirs = await TheirsAsync(program!, TestContext.Current.CancellationToken);
        Assert.Equal(ours, theirs);
    }

    [Fact]
    public void By_default_a_notice_names_what_is_new_and_nothing_else()
    {
        List<string> Default(string model) => Ours(scenarios.Single(s => s.Model == model), "new");
        Assert.Equal(["firing drift a firing, drift b firing", "firing drift c firing", "firing drift a firing, drift b firing", "firing drift c firing"], Default("grouping"));
        Assert.Equal(["firing drift a firing, drift b firing", "resolved drift b resolved", "resolved drift a resolved"], Default("resolve"));
        Assert.Equal(Ours(scenarios.Single(s => s.Model == "again"), "all"), Default("again"));
    }

    static List<string> Ours(Scenario scenario, string list)
    {
        var policy = Make.Policy($$"""
            { "rules": { "drift": { "measure": "ks", "above": 0.1 }, "schema": { "measure": "violation_rate", "above": 0.1 } },
              "routes": [{ "group_by": ["model"], "wait": "00:00:02", "interval": "00:00:04", "repeat": "00:00:09", "list": "{{list}}", "channels": ["out"] }],
              "channels": { "out": { "kind": "console" } },
              "inhibit": [{ "source": { "alertname": "schema" }, "target": { "alertname": "drift" }, "equal": ["model"] }] }
            """);
        var run = new Run(policy);
        var firing = new Dictionary<(string Name, string Column), bool>();
        for (var tenth = 0; tenth < Length * 10; tenth++)
        {
            var now = Make.Origin.AddSeconds(tenth / 10.0);
            run.Context = new AlertContext { Now = now, Silences = [.. scenario.Mutes.Select(m => Silence(scenario, m))] };
            var events = tenth % 10 == 0 ? scenario.Events.Where(e => e.At == tenth / 10).ToList() : [];
            foreach (var e in events) firing[(e.Name, e.Column)] = e.Fires;
            if (events.Count == 0) run.Tick(now);
            else run.Judge(Make.Day(tenth, model: scenario.Model), [.. firing.Select(f => Reading(f.Key.Name, f.Key.Column, f.Value))]);
        }
        return [.. run.Notices.Select(n => Told(n.Status, n.Alerts.Select(a => $"{a.Name} {a.Column} {AlertFormat.Name(a.Status)}")))];
    }

    static Silence Silence(Scenario scenario, Mute mute) => new()
    {
        Match = new Selector { Labels = new Dictionary<string, Globs> { ["model"] = new([scenario.Model]), ["column"] = new([mute.Column]) } },
        Starts = Make.Origin.AddSeconds(mute.From), Ends = Make.Origin.AddSeconds(mute.To),
    };

    static Reading Reading(string name, string column, bool fires) =>
        name == "drift" ? Make.Drift(column, fires ? 0.3 : 0) : Make.Rate(column, fires ? 0.5 : 0, 0, "violation_rate");

    static string Told(AlertStatus status, IEnumerable<string> alerts) => $"{AlertFormat.Name(status)} {string.Join(", ", alerts.Order(StringComparer.Ordinal))}";

    static async Task<List<string>> TheirsAsync(string program, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("drift-alertmanager-");
        await using var receiver = new Receiver();
        var url = $"http://127.0.0.1:{FreePort.Find()}";
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "am.yml"), $$"""
            route: { receiver: hook, group_by: [model], group_wait: 2s, group_interval: 4s, repeat_interval: 9s }
            receivers: [ { name: hook, webhook_configs: [ { url: "{{receiver.Url}}", send_resolved: true } ] } ]
            inhibit_rules: [ { source_matchers: [ alertname="schema" ], target_matchers: [ alertname="drift" ], equal: [model] } ]
            """, cancellation);
        using var process = Process.Start(new ProcessStartInfo(program,
            ["--config.file=am.yml", "--storage.path=data", $"--web.listen-address={url[7..]}", "--cluster.listen-address=", "--log.level=error"]) { WorkingDirectory = folder.FullName })!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(url) };
            await ReadyAsync(client, process, cancellation);
            await DriveAsync(client, cancellation);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            folder.Delete(recursive: true);
        }
        var told = receiver.Requests.Select(Parse).ToLookup(p => p.Model, p => p.Told);
        return [.. scenarios.Select(s => $"{s.Model}: {string.Join(" | ", told[s.Model])}")];
    }

    static async Task DriveAsync(HttpClient client, CancellationToken cancellation)
    {
        // Silences first, and from a common beginning: one is created well before it begins.
        var clock = TimeProvider.System;
        var origin = clock.GetUtcNow().AddSeconds(1.5);
        foreach (var scenario in scenarios)
            foreach (var mute in scenario.Mutes) await PostAsync(client, "/api/v2/silences", SilenceJson(scenario, mute, origin), cancellation);
        for (var second = 0; second < Length; second++)
        {
            var wait = origin.AddSeconds(second) - clock.GetUtcNow();
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellation);
            var events = scenarios.SelectMany(s => s.Events.Where(e => e.At == second).Select(e => AlertJson(s.Model, e, clock.GetUtcNow()))).ToList();
            if (events.Count > 0) await PostAsync(client, "/api/v2/alerts", $"[{string.Join(',', events)}]", cancellation);
        }
    }

    static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    static string AlertJson(string model, Event e, DateTimeOffset now) =>
        $$"""{"labels":{"alertname":"{{e.Name}}","model":"{{model}}","column":"{{e.Column}}"},"startsAt":"{{Time(now.AddMilliseconds(-1))}}","endsAt":"{{Time(e.Fires ? now.AddHours(1) : now)}}"}""";

    static string SilenceJson(Scenario scenario, Mute mute, DateTimeOffset origin) => $$"""
        {"matchers":[{"name":"model","value":"{{scenario.Model}}","isRegex":false},{"name":"column","value":"{{mute.Column}}","isRegex":false}],
         "startsAt":"{{Time(origin.AddSeconds(mute.From - (mute.From == 0 ? 0.5 : 0)))}}","endsAt":"{{Time(origin.AddSeconds(mute.To))}}","createdBy":"test","comment":"test"}
        """;

    static async Task PostAsync(HttpClient client, string path, string json, CancellationToken cancellation)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
    }

    static async Task ReadyAsync(HttpClient client, Process process, CancellationToken cancellation)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            Assert.False(process.HasExited, "Alertmanager ended at once");
            try
            {
                using var response = await client.GetAsync(new Uri("/-/ready", UriKind.Relative), cancellation);
                if (response.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
            await Task.Delay(100, cancellation);
        }
        Assert.Fail("Alertmanager did not become ready");
    }

    static (string Model, string Told) Parse(Received request)
    {
        using var json = JsonDocument.Parse(request.Body);
        var alerts = json.RootElement.GetProperty("alerts").EnumerateArray()
            .Select(a => $"{a.GetProperty("labels").GetProperty("alertname")} {a.GetProperty("labels").GetProperty("column")} {a.GetProperty("status")}").ToList();
        var status = json.RootElement.GetProperty("status").GetString() == "firing" ? AlertStatus.Firing : AlertStatus.Resolved;
        return (json.RootElement.GetProperty("groupLabels").GetProperty("model").GetString()!, Told(status, alerts));
    }
}
