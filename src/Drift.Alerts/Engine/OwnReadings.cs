using System.Globalization;

namespace Drift.Alerts;

/// <summary>What a window says of itself without anybody measuring it: how many rows it has, and whether its model should still be in use.</summary>
public static class OwnReadings
{
    /// <summary>The tag that holds the date (ISO 8601) from which a model should see no traffic.</summary>
    public const string SunsetTag = "sunset_on";

    /// <summary>The measure: days from the sunset to the window's start, for windows with rows; negative before it.</summary>
    public const string SunsetDays = "sunset_days";

    /// <summary>The measure: 1 for a window most of whose records could not be read, else 0; so is one without rows while nothing of its log can be read.</summary>
    public const string SchemaBreak = "schema_break";

    static readonly Rule schemaBreak = new() { Name = SchemaBreak, Measures = new Globs([SchemaBreak]), Above = 0.5, Severity = Severity.Critical };

    /// <summary>Where the records cannot be read, what the few readable ones look like is no news.</summary>
    internal static readonly Inhibition BrokenSchema = new()
    {
        Source = new Selector { Labels = new Dictionary<string, Globs> { ["alertname"] = new([SchemaBreak]) } },
        Target = new Selector { Labels = new Dictionary<string, Globs> { ["alertname"] = new(["drift*", "rates*", "estimated*", "performance*", "silence*", "unreadable*"]) } },
    };

    // In force for models that have the tag, unless the policy says otherwise by a family of this name.
    static readonly Rule sunset = new() { Name = "sunset", Measures = new Globs([SunsetDays]), Above = 0, Severity = Severity.Warning };

    internal static IReadOnlyList<Rule> Rules(Policy policy, Window window, IReadOnlyList<Reading> readings)
    {
        bool Misses(Rule rule) => !policy.Rules.Any(r => r.Family == rule.Family);
        var rules = policy.Rules;
        if (SunsetOf(window) is not null && Misses(sunset)) rules = [.. rules, sunset];
        if (Misses(schemaBreak) && readings.Any(r => r.Measure == SchemaBreak)) rules = [.. rules, schemaBreak];
        return rules;
    }

    /// <summary>The window's readings and its own, so that nobody who judges columns alone hears of silence.</summary>
    internal static IReadOnlyList<Reading> With(Window window, IReadOnlyList<Reading> readings)
    {
        var own = new List<Reading>();
        if (!readings.Any(r => r.Measure == "rows" && r.Column.Length == 0 && r.Segment.Length == 0)) own.Add(Whole("rows", window.Rows, window));
        if (SunsetOf(window) is { } date && window.Rows > 0) own.Add(Whole(SunsetDays, (window.Start - date).TotalDays, window));
        return own.Count == 0 ? readings : [.. readings, .. own];
    }

    static Reading Whole(string measure, double value, Window window) => new() { Measure = measure, Kind = ReadingKind.Service, Value = value, Rows = window.Rows };

    static DateTimeOffset? SunsetOf(Window window) =>
        window.Tags.TryGetValue(SunsetTag, out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
