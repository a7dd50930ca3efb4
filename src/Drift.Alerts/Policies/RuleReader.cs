using System.Text.Json;

namespace Drift.Alerts;

/// <summary>Reads one rule and checks that it makes sense.</summary>
static class RuleReader
{
    internal static readonly string[] Members =
    [
        "measure", "roles", "model", "version", "column", "segment", "tags", "above", "below", "change_above", "outside", "clear_at", "p_adjusted_below", "for",
        "clear_for", "min_rows", "no_data", "on_error", "severity",
    ];

    internal static readonly (string Name, Severity Value)[] Severities = [("warning", Severity.Warning), ("critical", Severity.Critical)];
    internal static readonly (string Name, Absence Value)[] Absences = [("alert", Absence.Alert), ("ok", Absence.Ok), ("keep", Absence.Keep)];
    internal static readonly (string Name, Outside Value)[] Limits = [("reference", Outside.Reference), ("sla", Outside.Sla)];

    internal static readonly (string Name, ColumnRole Value)[] Roles =
    [
        ("feature", ColumnRole.Feature), ("prediction", ColumnRole.Prediction), ("score", ColumnRole.Score), ("truth", ColumnRole.Truth),
        ("segment", ColumnRole.Segment), ("service", ColumnRole.Service),
    ];

    public static Rule Read(string name, JsonElement element, string path, List<PolicyError> errors)
    {
        var reader = new ObjectReader(element, path, errors, Members);
        var rule = new Rule
        {
            Name = name,
            Measures = Measures(reader),
            Roles = ReadRoles(reader),
            Model = reader.Patterns("model") ?? Globs.All,
            Version = reader.Patterns("version") ?? Globs.All,
            Column = reader.Patterns("column") ?? Globs.All,
            Segment = reader.Patterns("segment") ?? Globs.All,
            Tags = Tags(reader),
            Above = reader.Number("above"),
            Below = reader.Number("below"),
            ChangeAbove = reader.Number("change_above", 0),
            Outside = reader.Choice("outside", Limits) ?? Outside.None,
            ClearAt = reader.Number("clear_at"),
            PAdjustedBelow = reader.Number("p_adjusted_below", 0, 1, leastExcluded: true),
            For = For(reader),
            ClearFor = (int?)reader.Integer("clear_for", 1, Quorum.Largest) ?? 1,
            MinRows = reader.Integer("min_rows", 0, long.MaxValue) ?? 0,
            NoData = reader.Choice("no_data", Absences) ?? Absence.Keep,
            OnError = reader.Choice("on_error", Absences) ?? Absence.Keep,
            Severity = reader.Choice("severity", Severities) ?? Severity.Warning,
        };
        if (reader.IsObject) CheckThresholds(reader, rule);
        return rule;
    }

    static Globs Measures(ObjectReader reader)
    {
        if (!reader.Require("measure", "the name of a measure, or a list of names") || reader.Texts("measure") is not { } names) return new Globs([]);
        foreach (var name in names)
            if (!MeasureNames.CanMatch(name))
                reader.Error("measure", $"\"{name}\" is no measure; " + Nearest.Hint(name, [.. MeasureNames.Known, MeasureNames.PerformanceGroup]));
        return new Globs(names);
    }

    static List<ColumnRole>? ReadRoles(ObjectReader reader)
    {
        if (reader.Texts("roles") is not { } names) return null;
        var roles = new List<ColumnRole>();
        foreach (var name in names)
        {
            var found = Roles.Where(r => r.Name == name).Select(r => (ColumnRole?)r.Value).FirstOrDefault();
            if (found is { } role) roles.Add(role);
            else reader.Error("roles", $"\"{name}\" is no role; " + Nearest.Hint(name, [.. Roles.Select(r => r.Name)]));
        }
        return roles;
    }

    internal static IReadOnlyDictionary<string, Globs> Tags(ObjectReader parent)
    {
        if (!parent.Has("tags")) return Selector.NoTags;
        var tags = new Dictionary<string, Globs>();
        var reader = parent.Child("tags");
        foreach (var name in reader.Members.Keys)
            if (reader.Patterns(name) is { } globs) tags[name] = globs;
        return tags;
    }

    static Quorum For(ObjectReader reader)
    {
        if (!reader.Has("for")) return Quorum.AtOnce;
        var value = reader.Members["for"];
        if (value.ValueKind == JsonValueKind.String && Quorum.TryParse(value.GetString(), out var quorum)) return quorum;
        reader.Expected("for", value, $"\"n of m\" windows with 1 <= n <= m <= {Quorum.Largest}, like \"2 of 3\"");
        return Quorum.AtOnce;
    }

    static void CheckThresholds(ObjectReader reader, Rule rule)
    {
        bool band = reader.Has("above") || reader.Has("below"), change = reader.Has("change_above"), outside = reader.Has("outside");
        var ways = (band ? 1 : 0) + (change ? 1 : 0) + (outside ? 1 : 0);
        if (ways == 0) reader.Error("", "has no threshold; above, below, change_above or outside is expected");
        if (ways > 1) reader.Error("", "has several thresholds; either above and below, or change_above, or outside");
        if (rule is { Above: { } above, Below: { } below } && below >= above) reader.Error("below", $"{below:R} must be less than above ({above:R})");
        if (!reader.Has("clear_at")) return;
        if (outside) reader.Error("clear_at", "has no meaning with outside");
        else if (reader.Has("above") && reader.Has("below")) reader.Error("clear_at", "has no meaning with both above and below");
        else if (rule.ClearAt > (rule.Above ?? rule.ChangeAbove)) reader.Error("clear_at", $"{rule.ClearAt:R} must be at most the threshold {rule.Above ?? rule.ChangeAbove:R}");
        else if (rule.ClearAt < rule.Below) reader.Error("clear_at", $"{rule.ClearAt:R} must be at least the threshold {rule.Below:R}");
        else if (change && rule.ClearAt < 0) reader.Error("clear_at", $"{rule.ClearAt:R} must not be negative");
    }
}
