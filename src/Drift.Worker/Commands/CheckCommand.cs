using System.CommandLine;
using System.Text;
using System.Text.Json;
using Drift.Alerts;

namespace Drift.Worker.Commands;

/// <summary><c>drift check</c>: the gate for builds and promotions. One window is judged by a policy; exit code 1 says that it may not pass.</summary>
static class CheckCommand
{
    public static Command Create(Cli cli)
    {
        var policy = new Option<string?>("--policy") { Description = "The policy; without it the built-in one.", HelpName = "P.json" };
        var failOn = new Option<string>("--fail-on") { Description = "The least severity that fails.", DefaultValueFactory = _ => "warning", HelpName = "warning|critical" };
        var allow = new Option<bool>("--allow-insufficient") { Description = "A rule that cannot be judged for want of data passes." };
        var command = new Command("check", "Judges data by a policy: exit code 1 when a rule is violated or cannot be judged.") { policy, failOn, allow };
        var flags = new CompareFlags(command);
        var performance = new CheckedPerformance(command, flags);
        command.SetAction(given =>
        {
            var least = given.GetValue(failOn) switch { "warning" => Severity.Warning, "critical" => Severity.Critical, var other => throw new UsageException($"--fail-on {other}: warning or critical") };
            var rules = given.GetValue(policy) is { } path ? PolicyCommand.Read(path) : Policy.Default;
            var report = performance.AddTo(flags.Compare(given, cli), given);
            var result = PolicyGate.Check(rules, WindowOf(report), report.Readings, least, given.GetValue(allow));
            flags.Write(given, cli, flags.Format(given) switch
            {
                "json" => Json(report, rules, result),
                "markdown" => $"```\n{Text(report, result)}```\n\n{report.ToMarkdown()}",
                "html" => report.ToHtml(),
                _ => Text(report, result),
            });
            return result.Passed ? ExitCode.Fine : ExitCode.Violated;
        });
        return command;
    }

    static Window WindowOf(DriftReport report) => new()
    {
        Model = report.Reference.Model.Length > 0 ? report.Reference.Model : "data",
        Version = report.Reference.ModelVersion,
        Start = report.Current.Start ?? DateTimeOffset.UnixEpoch,
        End = report.Current.End ?? DateTimeOffset.UnixEpoch,
        Rows = report.Current.Rows,
        ClosedBy = "end",
        Reference = report.Reference.Id,
    };

    static string Text(DriftReport report, GateResult result)
    {
        var text = new StringBuilder();
        foreach (var finding in result.Violations) text.Append($"{finding.Breach.Severity.ToString().ToLowerInvariant()}: {TextTable.Clean(finding.Text)}\n");
        foreach (var finding in result.Changes) text.Append($"change: {TextTable.Clean(finding.Text)}\n");
        foreach (var finding in result.Unjudged) text.Append($"not judged: {TextTable.Clean(finding.Text)}\n");
        var found = (result.Violations.Count, result.Unjudged.Count) switch
        {
            (0, 0) => "no rule is violated",
            (var v, 0) => $"{Count(v, "violation")}",
            (0, var u) => $"{Count(u, "rule")} could not be judged",
            (var v, var u) => $"{Count(v, "violation")}, {Count(u, "rule")} could not be judged",
        };
        if (report.LeftOutLine() is { } leftOut) text.Append($"{leftOut}\n");
        return text.Append($"{(result.Passed ? "passed" : "failed")}: {found}; {report.Current.Rows:N0} rows against {report.Reference.Rows:N0} of the reference\n").ToString();
    }

    static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";

    static string Json(DriftReport report, Policy policy, GateResult result) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("passed", result.Passed);
        json.WriteString("policy", policy.Hash);
        Findings(json, "violations", result.Violations);
        Findings(json, "changes", result.Changes);
        Findings(json, "unjudged", result.Unjudged);
        // The members of the report follow at the same level: a reader of compare's document reads this one too.
        using (var document = JsonDocument.Parse(report.ToJson()))
            foreach (var member in document.RootElement.EnumerateObject()) member.WriteTo(json);
        json.WriteEndObject();
    }) + "\n";

    static void Findings(Utf8JsonWriter json, string name, IReadOnlyList<GateFinding> findings)
    {
        json.WriteStartArray(name);
        foreach (var (breach, text) in findings)
        {
            json.WriteStartObject();
            json.WriteString("rule", breach.Rule);
            json.WriteString("severity", breach.Severity.ToString().ToLowerInvariant());
            json.WriteString("measure", breach.Measure);
            json.WriteString("column", breach.Column);
            json.WriteString("segment", breach.Segment);
            JsonNumber.Write(json, "value", breach.Value);
            json.WriteNumber("rows", breach.Rows);
            json.WriteString("text", text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
