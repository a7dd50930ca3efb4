using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Drift.Alerts;

/// <summary>Writes a policy: rules, channels, tags and labels sorted by name, defaults left out. What is read back has the same hash.</summary>
static class PolicyWriter
{
    public static byte[] Write(Policy policy, bool indented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("rules");
            foreach (var rule in policy.Rules.OrderBy(r => r.Name, StringComparer.Ordinal)) Rule(writer, rule);
            writer.WriteEndObject();
            List(writer, "routes", policy.Routes, Route);
            writer.WriteStartObject("channels");
            foreach (var channel in policy.Channels.OrderBy(c => c.Name, StringComparer.Ordinal)) Channel(writer, channel);
            writer.WriteEndObject();
            List(writer, "silences", policy.Silences, Silence);
            List(writer, "maintenance", policy.Maintenance, Maintenance);
            List(writer, "inhibit", policy.Inhibit, Inhibit);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    static void List<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items) write(writer, item);
        writer.WriteEndArray();
    }

    static void Rule(Utf8JsonWriter writer, Rule rule)
    {
        writer.WriteStartObject(rule.Name);
        Texts(writer, "measure", rule.Measures.Patterns);
        if (rule.Roles is { } roles) Texts(writer, "roles", [.. roles.Select(r => RuleReader.Roles.First(n => n.Value == r).Name)]);
        Patterns(writer, "model", rule.Model);
        Patterns(writer, "version", rule.Version);
        Patterns(writer, "column", rule.Column);
        Patterns(writer, "segment", rule.Segment);
        if (rule.Tags.Count > 0) Globs(writer, "tags", rule.Tags);
        Number(writer, "above", rule.Above);
        Number(writer, "below", rule.Below);
        Number(writer, "change_above", rule.ChangeAbove);
        if (rule.Outside != Outside.None) writer.WriteString("outside", RuleReader.Limits.First(l => l.Value == rule.Outside).Name);
        Number(writer, "clear_at", rule.ClearAt);
        Number(writer, "p_adjusted_below", rule.PAdjustedBelow);
        if (rule.For != Quorum.AtOnce) writer.WriteString("for", rule.For.ToString());
        if (rule.ClearFor != 1) writer.WriteNumber("clear_for", rule.ClearFor);
        if (rule.MinRows != 0) writer.WriteNumber("min_rows", rule.MinRows);
        if (rule.NoData != Absence.Keep) writer.WriteString("no_data", RuleReader.Absences.First(a => a.Value == rule.NoData).Name);
        if (rule.OnError != Absence.Keep) writer.WriteString("on_error", RuleReader.Absences.First(a => a.Value == rule.OnError).Name);
        writer.WriteString("severity", RuleReader.Severities.First(s => s.Value == rule.Severity).Name);
        writer.WriteEndObject();
    }

    static void Route(Utf8JsonWriter writer, Route route)
    {
        writer.WriteStartObject();
        foreach (var (member, label) in PolicyReader.RouteLabels)
            if (route.Match.Labels.TryGetValue(label, out var globs)) Patterns(writer, member, globs);
        if (route.Match.Tags.Count > 0) Globs(writer, "tags", route.Match.Tags);
        Texts(writer, "group_by", route.GroupBy);
        if (route.Wait != TimeSpan.Zero) writer.WriteString("wait", route.Wait.ToString("c"));
        if (route.Interval != TimeSpan.Zero) writer.WriteString("interval", route.Interval.ToString("c"));
        writer.WriteString("repeat", route.Repeat.ToString("c"));
        if (route.Continue) writer.WriteBoolean("continue", true);
        if (route.ListAll) writer.WriteString("list", "all");
        Texts(writer, "channels", route.Channels);
        if (route.Report is { } report)
        {
            writer.WriteStartObject("report");
            writer.WriteString("schedule", report.Schedule.Text);
            if (report.Schedule.Zone.Id != TimeZoneInfo.Utc.Id) writer.WriteString("time_zone", report.Schedule.Zone.Id);
            writer.WriteString("since", report.Since.ToString("c"));
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    static void Channel(Utf8JsonWriter writer, ChannelSpec channel)
    {
        writer.WriteStartObject(channel.Name);
        writer.WriteString("kind", channel.Kind);
        foreach (var member in ChannelKinds.Table.GetValueOrDefault(channel.Kind, []))
        {
            if (!channel.Settings.TryGetValue(member.Name, out var values)) continue;
            var text = values[0].ToString();
            if (member.Form == ChannelKinds.Form.Flag) writer.WriteBoolean(member.Name, text == "true");
            else if (member.Form == ChannelKinds.Form.Number) { writer.WritePropertyName(member.Name); writer.WriteRawValue(text); }
            else if (member.Form is ChannelKinds.Form.TextList or ChannelKinds.Form.SecretList) Texts(writer, member.Name, [.. values.Select(v => v.ToString())]);
            else writer.WriteString(member.Name, text);
        }
        writer.WriteEndObject();
    }

    internal static void Silence(Utf8JsonWriter writer, Silence silence)
    {
        writer.WriteStartObject();
        if (silence.Id.Length > 0) writer.WriteString("id", silence.Id);
        Match(writer, "match", silence.Match);
        if (silence.Starts is { } starts) writer.WriteString("starts", starts.UtcDateTime);
        writer.WriteString("ends", silence.Ends.UtcDateTime);
        if (silence.Author.Length > 0) writer.WriteString("author", silence.Author);
        if (silence.Reason.Length > 0) writer.WriteString("reason", silence.Reason);
        writer.WriteEndObject();
    }

    static void Maintenance(Utf8JsonWriter writer, Maintenance maintenance)
    {
        writer.WriteStartObject();
        Match(writer, "match", maintenance.Match);
        writer.WriteString("schedule", maintenance.Schedule.Text);
        if (maintenance.Schedule.Zone.Id != TimeZoneInfo.Utc.Id) writer.WriteString("time_zone", maintenance.Schedule.Zone.Id);
        writer.WriteString("duration", maintenance.Duration.ToString("c"));
        if (maintenance.Reason.Length > 0) writer.WriteString("reason", maintenance.Reason);
        writer.WriteEndObject();
    }

    static void Inhibit(Utf8JsonWriter writer, Inhibition inhibition)
    {
        writer.WriteStartObject();
        Match(writer, "source", inhibition.Source);
        Match(writer, "target", inhibition.Target);
        Texts(writer, "equal", inhibition.Equal);
        writer.WriteEndObject();
    }

    static void Match(Utf8JsonWriter writer, string name, Selector selector)
    {
        writer.WriteStartObject(name);
        foreach (var (label, globs) in selector.Labels.OrderBy(l => l.Key, StringComparer.Ordinal)) Texts(writer, label, globs.Patterns);
        if (selector.Tags.Count > 0) Globs(writer, "tags", selector.Tags);
        writer.WriteEndObject();
    }

    static void Globs(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, Globs> tags)
    {
        writer.WriteStartObject(name);
        foreach (var (tag, globs) in tags.OrderBy(t => t.Key, StringComparer.Ordinal)) Texts(writer, tag, globs.Patterns);
        writer.WriteEndObject();
    }

    // A matcher that matches everything is the default and left out.
    static void Patterns(Utf8JsonWriter writer, string name, Globs globs)
    {
        if (!globs.Patterns.Contains("*")) Texts(writer, name, globs.Patterns);
    }

    static void Texts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    static void Number(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number) writer.WriteNumber(name, number);
    }
}
