using System.Text;

namespace Drift.Alerts.Tests.Policies;

public class PolicyFormatTests
{
    static PolicyCheck Read(string json) => PolicyFormat.Read(Encoding.UTF8.GetBytes(json));

    [Fact]
    public void The_default_is_the_documented_one()
    {
        var policy = Policy.Default;
        Assert.Equal(["drift", "drift-strong", "drift-broken", "rates", "rates-broken", "schema", "performance", "estimated", "sla", "silence", "unreadable"], policy.Rules.Select(r => r.Name));
        var strong = policy.Rules[1];
        Assert.Equal(("drift", 0.2, 0.16, 0.01, new Quorum(2, 3), 3, Severity.Critical), (strong.Family, strong.Above, strong.ClearAt, strong.PAdjustedBelow, strong.For, strong.ClearFor, strong.Severity));
        Assert.Equal([ColumnRole.Feature, ColumnRole.Prediction, ColumnRole.Score], strong.Roles);
        Assert.Equal(TimeSpan.FromDays(1), policy.Routes.Single().Repeat);
        Assert.True(policy.Channels.Single().IsPlaceholder);
        Assert.Equal(
            ["$.rules.performance.outside", "$.rules.estimated.outside", "$.channels.team.url"],
            Read(Policy.DefaultText).Warnings.Select(w => w.Path));
    }

    [Fact]
    public void What_is_written_is_read_as_the_same_policy()
    {
        var policy = Make.Policy(Everything);
        var again = PolicyFormat.Read(PolicyFormat.Write(policy));
        Assert.True(again.IsValid, again.ToString());
        Assert.Equal(policy.Hash, again.Policy!.Hash);
        Assert.Equal(PolicyFormat.Write(policy), PolicyFormat.Write(again.Policy));
        Assert.Equal(Policy.Default.Hash, PolicyFormat.Read(PolicyFormat.Write(Policy.Default)).Policy!.Hash);
    }

    [Fact]
    public void The_hash_follows_the_meaning_and_not_the_spelling()
    {
        var a = Make.Policy("""{ "rules": { "a": { "measure": "psi", "above": 0.10 }, "b": { "measure": ["ks"], "above": 1, "for": "1 of 1" } } }""");
        var b = Make.Policy("""{ "rules": { "b": { "above": 1.0, "measure": "ks", "model": "*" }, /* the same */ "a": { "measure": "psi", "above": 0.1, "severity": "warning", }, }, "routes": [] }""");
        var c = Make.Policy("""{ "rules": { "b": { "above": 1.0, "measure": "ks" }, "a": { "measure": "psi", "above": 0.11 } } }""");
        Assert.Equal(a.Hash, b.Hash);
        Assert.NotEqual(a.Hash, c.Hash);
        Assert.Equal(64, a.Hash.Length);
    }

    [Fact]
    public void Everything_wrong_is_said_at_once_with_its_place()
    {
        var check = Read("""
            { "rules": {
                "drift": { "mesure": "psi", "above": "0.1", "for": "4 of 3", "severity": "fatal" },
                "rates": { "measure": "missing_rat", "above": 0.1, "above": 0.2, "clear_at": 0.3, "roles": ["features"], "clear_for": 0 },
                "both":  { "measure": "psi", "above": 1, "change_above": 1 },
                "none":  { "measure": [] },
                "band":  { "measure": "psi", "above": 1, "below": 2, "p_adjusted_below": 0 } },
              "routes": [{ "chanels": ["team"], "group_by": ["host"], "repeat": "1d" }, { "channels": ["teem"] }],
              "channels": { "team": { "kind": "webhok" }, "ops": { "kind": "webhook", "url": "ftp://x", "secret": "hunter2", "topic": "x" }, "log": { "kind": "console", "template": "{text} {colum}" } },
              "silences": [{ "match": {}, "starts": "2026-11-20T00:00:00Z", "ends": "2026-11-19T00:00:00Z" }],
              "maintenance": [{ "match": { "model": "a" }, "schedule": "0 25 * * *", "time_zone": "Mars/Olympus", "duration": "8.00:00:00" }],
              "inhibit": [{ "source": { "alertnam": "schema" } }] }
            """);
        Assert.Equal("""
            $.rules.drift.mesure: unknown member; did you mean 'measure'?
            $.rules.drift.measure: missing; the name of a measure, or a list of names is expected
            $.rules.drift.above: "0.1" is not a number
            $.rules.drift.for: "4 of 3" is not "n of m" windows with 1 <= n <= m <= 1000, like "2 of 3"
            $.rules.drift.severity: "fatal" is not warning or critical
            $.rules.rates.above: given twice
            $.rules.rates.measure: "missing_rat" is no measure; did you mean 'missing_rate'?
            $.rules.rates.roles: "features" is no role; did you mean 'feature'?
            $.rules.rates.clear_for: 0 is not a whole number from 1 to 1000
            $.rules.rates.clear_at: 0.3 must be at most the threshold 0.1
            $.rules.both: has several thresholds; either above and below, or change_above, or outside
            $.rules.none.measure: [] is not a text or a list of texts
            $.rules.none: has no threshold; above, below, change_above or outside is expected
            $.rules.band.p_adjusted_below: 0 is not a number above 0 and at most 1
            $.rules.band.below: 2 must be less than above (1)
            $.channels.team.kind: "webhok" is no kind of channel; did you mean 'webhook'?
            $.channels.ops.topic: unknown member; known: kind, url, secret, action, timeout, allow_private, template
            $.channels.ops.url: "ftp://x" is not an http or https address
            $.channels.ops.secret: a secret never stands in the policy; a reference ${env:NAME} or ${file:PATH} is expected
            $.channels.log.template: there is no {colum}; did you mean 'column'?
            $.routes[0].chanels: unknown member; did you mean 'channels'?
            $.routes[0].group_by: "host" is not a label; known: alertname, model, version, column, measure, segment, severity
            $.routes[0].repeat: "1d" is not a time span like 1.00:00:00 (one day) or 00:05:00 (five minutes)
            $.routes[0].channels: missing; a list of channel names is expected
            $.routes[1].channels[0]: there is no channel 'teem'; did you mean 'team'?
            $.silences[0].match: picks every alert; say "alertname": "*" when that is meant
            $.silences[0].ends: must be after starts
            $.maintenance[0].time_zone: "Mars/Olympus" is no time zone of this machine; a name like Europe/Berlin is expected
            $.maintenance[0].schedule: "0 25 * * *": the hour '25' is none: *, a number from 0 to 23, a range 1-5, a step */2, or a list of these
            $.maintenance[0].duration: 8.00:00:00 is more than 7.00:00:00; a silence is meant for that
            $.inhibit[0].source.alertnam: unknown member; did you mean 'alertname'?
            $.inhibit[0].target: missing; an object of labels is expected
            """, string.Join('\n', check.Errors));
        Assert.Null(check.Policy);
        Assert.DoesNotContain("hunter2", check.ToString());
    }

    [Theory]
    [InlineData("", "$: not JSON at line 1")]
    [InlineData("{", "$: not JSON at line 1")]
    [InlineData("{ \"rules\": {} } x", "$: not JSON at line 1")]
    [InlineData("{ \"rules\": {} } {}", "$: ")]
    [InlineData("[]", "$: [] is not an object")]
    [InlineData("{}", "$.rules: missing; an object of rules by name is expected")]
    [InlineData("{\"rules\": 3}", "$.rules: 3 is not an object")]
    [InlineData("{\"rules\": {\"a b\": 3}}", "$.rules['a b']: is not a name")]
    [InlineData("{\"rules\": {}, \"silences\": {}}", "$.silences: {} is not a list")]
    public void Documents_that_are_no_policy_are_said_to_be_none(string json, string expected) => Assert.StartsWith(expected, Read(json).ToString());

    [Fact]
    public void Half_a_document_never_is_a_policy_and_never_throws()
    {
        var bytes = Encoding.UTF8.GetBytes(Everything.TrimEnd());
        for (var length = 0; length < bytes.Length; length++) Assert.False(PolicyFormat.Read(bytes.AsSpan(0, length)).IsValid);
    }

    internal const string Everything = """
        { "$schema": "https://example.org/policy.json",
          "rules": {
            "drift": { "measure": ["psi_corrected", "ks"], "roles": ["feature", "score"], "model": "fr*", "version": ["3", "4"], "column": "a*", "segment": "country=*",
                       "tags": { "team": ["fraud", "risk"] }, "above": 0.1, "clear_at": 0.08, "p_adjusted_below": 0.01, "for": "2 of 3", "clear_for": 3, "min_rows": 500,
                       "no_data": "ok", "on_error": "alert", "severity": "critical" },
            "band": { "measure": "metric_revenue_mean", "above": 2, "below": 1 },
            "rates": { "measure": "*_rate", "change_above": 0.01 },
            "sla": { "measure": "p99_ms", "outside": "sla" } },
          "routes": [ { "severity": "critical", "models": ["fraud"], "alerts": "drift", "tags": { "team": "fraud" }, "group_by": [], "wait": "00:00:30", "interval": "00:05:00",
                        "repeat": "04:00:00", "continue": true, "list": "all", "report": { "schedule": "0 8 * * 1", "time_zone": "Europe/Berlin", "since": "14.00:00:00" }, "channels": ["mail", "hook"] }, { "channels": ["log"] } ],
          "channels": {
            "hook": { "kind": "webhook", "url": "https://example.org/x", "secret": ["${env:NEW}", "${file:/run/secrets/old}"], "timeout": "00:00:10", "allow_private": true },
            "mail": { "kind": "email", "host": "mail.example.org", "port": 587, "from": "drift@example.org", "to": ["a@example.org", "b@example.org"], "user": "u", "password": "${env:P}", "starttls": true },
            "log": { "kind": "file", "path": "alerts.jsonl", "template": "{severity}: {text} ({tag:team})" } },
          "silences": [ { "match": { "model": "fraud", "tags": { "team": "x" } }, "starts": "2026-11-20T00:00:00Z", "ends": "2026-11-21T00:00:00+01:00", "author": "a", "reason": "b" } ],
          "maintenance": [ { "match": { "alertname": "*" }, "schedule": "0 2 * * 6", "time_zone": "Europe/Berlin", "duration": "04:00:00", "reason": "backup" } ],
          "inhibit": [ { "source": { "alertname": "schema" }, "target": { "alertname": "drift" }, "equal": ["model", "version"] } ] }
        """;
}
