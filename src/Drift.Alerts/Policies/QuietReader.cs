using System.Text.Json;

namespace Drift.Alerts;

/// <summary>Reads what keeps alerts quiet: silences, maintenance, inhibition.</summary>
sealed class QuietReader(List<PolicyError> errors)
{
    internal static readonly string[] SilenceMembers = ["id", "match", "starts", "ends", "author", "reason"];
    internal static readonly string[] MaintenanceMembers = ["match", "schedule", "time_zone", "duration", "reason"];
    internal static readonly string[] InhibitMembers = ["source", "target", "equal"];
    internal static readonly TimeSpan LongestMaintenance = TimeSpan.FromDays(7);

    public List<Silence> Silences(ObjectReader top)
    {
        var silences = new List<Silence>();
        foreach (var (element, path) in top.Items("silences"))
            if (Silence(element, path) is { } silence) silences.Add(silence);
        return silences;
    }

    public Silence? Silence(JsonElement element, string path)
    {
        var reader = new ObjectReader(element, path, errors, SilenceMembers);
        var match = Match(reader, "match");
        var starts = reader.Instant("starts");
        var ends = reader.Require("ends", "an ISO 8601 time") ? reader.Instant("ends") : null;
        if (ends <= starts) reader.Error("ends", "must be after starts");
        if (ends is null) return null;
        return new Silence
        {
            Id = reader.Text("id", allowEmpty: true) ?? "", Match = match, Starts = starts, Ends = ends.Value,
            Author = reader.Text("author", allowEmpty: true) ?? "", Reason = reader.Text("reason", allowEmpty: true) ?? "",
        };
    }

    public List<Maintenance> Maintenance(ObjectReader top)
    {
        var all = new List<Maintenance>();
        foreach (var (element, path) in top.Items("maintenance"))
        {
            var reader = new ObjectReader(element, path, errors, MaintenanceMembers);
            var match = Match(reader, "match");
            var zone = Zone(reader);
            var schedule = reader.Require("schedule", "a text like \"0 2 * * 6\"") && reader.Text("schedule") is { } text ? ReadSchedule(reader, text, zone) : null;
            var duration = reader.Require("duration", "a time span") ? reader.Duration("duration", allowZero: false) : null;
            if (duration > LongestMaintenance) reader.Error("duration", $"{duration} is more than {LongestMaintenance}; a silence is meant for that");
            if (schedule is null || duration is null) continue;
            all.Add(new Maintenance { Match = match, Schedule = schedule, Duration = duration.Value, Reason = reader.Text("reason", allowEmpty: true) ?? "" });
        }
        return all;
    }

    internal static TimeZoneInfo Zone(ObjectReader reader)
    {
        if (reader.Text("time_zone") is not { } id) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)) return zone;
        reader.Error("time_zone", $"\"{id}\" is no time zone of this machine; a name like Europe/Berlin is expected");
        return TimeZoneInfo.Utc;
    }

    internal static Schedule? ReadSchedule(ObjectReader reader, string text, TimeZoneInfo zone)
    {
        if (!Schedule.TryParse(text, zone, out var schedule, out var error)) reader.Error("schedule", $"\"{text}\": {error}");
        return schedule;
    }

    public List<Inhibition> Inhibitions(ObjectReader top)
    {
        var all = new List<Inhibition>();
        foreach (var (element, path) in top.Items("inhibit"))
        {
            var reader = new ObjectReader(element, path, errors, InhibitMembers);
            var equal = reader.Texts("equal", allowNone: true) ?? ["model"];
            foreach (var label in equal)
                if (!Alert.LabelNames.Contains(label)) reader.Error("equal", $"\"{label}\" is not a label; " + Nearest.Hint(label, Alert.LabelNames));
            all.Add(new Inhibition { Source = Match(reader, "source"), Target = Match(reader, "target"), Equal = equal });
        }
        return all;
    }

    static Selector Match(ObjectReader parent, string name)
    {
        if (!parent.Require(name, "an object of labels")) return new Selector();
        var reader = parent.Child(name, [.. Alert.LabelNames, "tags"]);
        var labels = new Dictionary<string, Globs>();
        foreach (var label in Alert.LabelNames)
            if (reader.Patterns(label) is { } globs) labels[label] = globs;
        var selector = new Selector { Labels = labels, Tags = RuleReader.Tags(reader) };
        if (reader.IsObject && !parent.Members[name].EnumerateObject().Any()) reader.Error("", "picks every alert; say \"alertname\": \"*\" when that is meant");
        return selector;
    }
}
