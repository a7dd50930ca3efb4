using System.Text.Json;

namespace Drift.Alerts;

/// <summary>Reads the parts of a policy document in turn, gathering errors and warnings.</summary>
sealed class PolicyReader
{
    internal static readonly string[] TopMembers = ["$schema", "rules", "routes", "channels", "silences", "maintenance", "inhibit"];
    internal static readonly string[] RouteMembers =
        ["severity", "models", "versions", "columns", "segments", "alerts", "measures", "tags", "group_by", "wait", "interval", "repeat", "continue", "list", "channels", "report"];
    internal static readonly string[] ReportMembers = ["schedule", "time_zone", "since"];

    // Members of a route by the label that they pick.
    internal static readonly (string Member, string Label)[] RouteLabels =
        [("models", "model"), ("versions", "version"), ("columns", "column"), ("segments", "segment"), ("alerts", "alertname"), ("measures", "measure"), ("severity", "severity")];

    static readonly TimeSpan LongestReview = TimeSpan.FromDays(366);

    readonly List<PolicyError> errors = [];
    readonly List<PolicyError> warnings = [];

    public PolicyCheck Read(JsonElement root)
    {
        var top = new ObjectReader(root, "$", errors, TopMembers);
        top.Text("$schema", allowEmpty: true);
        var rules = Rules(top);
        var channels = Channels(top);
        var routes = Routes(top, channels);
        var quiet = new QuietReader(errors);
        var silences = quiet.Silences(top);
        var maintenance = quiet.Maintenance(top);
        var inhibit = quiet.Inhibitions(top);
        var policy = errors.Count == 0 ? new Policy(rules, routes, channels, silences, maintenance, inhibit) : null;
        return new PolicyCheck(policy, errors, warnings);
    }

    List<Rule> Rules(ObjectReader top)
    {
        var rules = new List<Rule>();
        if (!top.Require("rules", "an object of rules by name")) return rules;
        var reader = new ObjectReader(top.Members["rules"], top.PathOf("rules"), errors);
        foreach (var (name, element) in reader.Members)
        {
            if (!IsName(name)) reader.Error(name, "is not a name: letters, digits, '-' and '_', beginning with a letter");
            var rule = RuleReader.Read(name, element, reader.PathOf(name), errors);
            if (rule.Outside == Outside.Reference)
                warnings.Add(new PolicyError(ObjectReader.Join(reader.PathOf(name), "outside"), "not_applicable to models whose reference holds no chunk thresholds"));
            rules.Add(rule);
        }
        return rules;
    }

    static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    List<ChannelSpec> Channels(ObjectReader top)
    {
        var channels = new List<ChannelSpec>();
        if (!top.Has("channels")) return channels;
        var reader = new ObjectReader(top.Members["channels"], top.PathOf("channels"), errors);
        foreach (var (name, element) in reader.Members)
        {
            if (!IsName(name)) reader.Error(name, "is not a name: letters, digits, '-' and '_', beginning with a letter");
            channels.Add(ChannelReader.Read(name, element, reader.PathOf(name), errors, warnings));
        }
        return channels;
    }

    List<Route> Routes(ObjectReader top, List<ChannelSpec> channels)
    {
        var routes = new List<Route>();
        foreach (var (element, path) in top.Items("routes"))
        {
            var reader = new ObjectReader(element, path, errors, RouteMembers);
            routes.Add(ReadRoute(reader));
            var names = reader.Require("channels", "a list of channel names") ? reader.Texts("channels") ?? [] : [];
            for (var i = 0; i < names.Count; i++)
                if (!channels.Any(c => c.Name == names[i]))
                    reader.Error($"channels[{i}]", $"there is no channel '{names[i]}'; " + Nearest.Hint(names[i], [.. channels.Select(c => c.Name)]));
            routes[^1] = routes[^1] with { Channels = names };
        }
        if (routes.Count == 0 && top.IsObject && errors.Count == 0)
            warnings.Add(new PolicyError("$.routes", "no route: alerts are kept and shown, but told to nobody"));
        return routes;
    }

    static ReviewSchedule? Report(ObjectReader reader)
    {
        var zone = QuietReader.Zone(reader);
        var schedule = reader.Require("schedule", "a text like \"0 8 * * 1\"") && reader.Text("schedule") is { } text ? QuietReader.ReadSchedule(reader, text, zone) : null;
        var since = reader.Duration("since", allowZero: false) ?? ReviewSchedule.Usual;
        if (since > LongestReview) reader.Error("since", $"{since:c} is more than {LongestReview:c}");
        return schedule is null ? null : new ReviewSchedule(schedule, since);
    }

    static Route ReadRoute(ObjectReader reader)
    {
        var labels = new Dictionary<string, Globs>();
        foreach (var (member, label) in RouteLabels)
            if (reader.Patterns(member) is { } globs) labels[label] = globs;
        if (labels.TryGetValue("severity", out var severities))
            foreach (var severity in severities.Patterns)
                if (!RuleReader.Severities.Any(s => Globs.Match(severity, s.Name))) reader.Error("severity", $"\"{severity}\" is not warning or critical");
        var groupBy = reader.Texts("group_by", allowNone: true) ?? ["model"];
        foreach (var label in groupBy)
            if (!Alert.LabelNames.Contains(label)) reader.Error("group_by", $"\"{label}\" is not a label; " + Nearest.Hint(label, Alert.LabelNames));
        return new Route
        {
            Match = new Selector { Labels = labels, Tags = RuleReader.Tags(reader) },
            GroupBy = groupBy,
            Wait = reader.Duration("wait") ?? TimeSpan.Zero,
            Interval = reader.Duration("interval") ?? TimeSpan.Zero,
            Repeat = reader.Duration("repeat") ?? TimeSpan.FromDays(1),
            Continue = reader.Flag("continue") ?? false,
            ListAll = reader.Choice("list", [("new", false), ("all", true)]) ?? false,
            Report = reader.Has("report") ? Report(reader.Child("report", ReportMembers)) : null,
            Channels = [],
        };
    }
}
