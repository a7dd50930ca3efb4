using System.Text.Json;

namespace Drift.Alerts;

/// <summary>The document of <see cref="AlertStates"/>. Windows are lists [start, end], marks [start, end, outcome, what was beyond]: there are many of them.</summary>
static class StatesFormat
{
    const int Version = 1;

    public static void Write(Utf8JsonWriter writer, AlertStates states)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", Version);
        writer.WriteStartArray("alerts");
        foreach (var (_, state) in states.Alerts.OrderBy(a => a.Key, StringComparer.Ordinal)) State(writer, state);
        writer.WriteEndArray();
        writer.WriteStartObject("groups");
        foreach (var (key, next) in states.Groups.OrderBy(g => g.Key, StringComparer.Ordinal)) writer.WriteString(key, next.UtcDateTime);
        writer.WriteEndObject();
        writer.WriteStartObject("judged");
        foreach (var (key, span) in states.Judged.OrderBy(j => j.Key, StringComparer.Ordinal)) Span(writer, key, span);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    static void State(Utf8JsonWriter writer, AlertState state)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("alert");
        AlertFormat.Write(writer, state.Alert);
        if (state.Remaining is { } rest)
        {
            writer.WritePropertyName("remaining");
            AlertFormat.Write(writer, rest);
        }
        writer.WriteStartArray("rules");
        foreach (var rule in state.Rules)
        {
            writer.WriteStartObject();
            writer.WriteString("rule", rule.Rule);
            writer.WriteBoolean("firing", rule.Firing);
            writer.WriteStartArray("marks");
            foreach (var mark in rule.Marks)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(mark.Window.Start.UtcDateTime);
                writer.WriteStringValue(mark.Window.End.UtcDateTime);
                writer.WriteStringValue(Letter(mark.Outcome));
                if (mark.Beyond.Length > 0) writer.WriteStringValue(mark.Beyond);
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("told");
        foreach (var told in state.Told)
        {
            writer.WriteStartObject();
            writer.WriteString("channel", told.Channel);
            writer.WriteString("severity", told.Severity == Severity.Critical ? "critical" : "warning");
            writer.WriteString("at", told.At.UtcDateTime);
            writer.WriteNumber("times", told.Times);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (state.Acknowledged is { } taken) Acknowledgement(writer, taken);
        Span(writer, "seen", state.Seen);
        writer.WriteEndObject();
    }

    static void Acknowledgement(Utf8JsonWriter writer, Acknowledgement taken)
    {
        writer.WriteStartObject("acknowledged");
        writer.WriteString("author", taken.Author);
        writer.WriteString("reason", taken.Reason);
        writer.WriteString("at", taken.At.UtcDateTime);
        if (taken.Until is { } until) writer.WriteString("until", until.UtcDateTime);
        writer.WriteEndObject();
    }

    static void Span(Utf8JsonWriter writer, string name, Span span)
    {
        writer.WriteStartArray(name);
        writer.WriteStringValue(span.Start.UtcDateTime);
        writer.WriteStringValue(span.End.UtcDateTime);
        writer.WriteEndArray();
    }

    public static AlertStates Read(JsonElement json)
    {
        if (json.GetProperty("version").GetInt32() is not Version and var version) throw new FormatException($"version {version} is not {Version}");
        return new AlertStates
        {
            Alerts = json.GetProperty("alerts").EnumerateArray().Select(State).ToDictionary(s => s.Alert.Key),
            Groups = json.GetProperty("groups").EnumerateObject().ToDictionary(g => g.Name, g => g.Value.GetDateTimeOffset()),
            Judged = json.GetProperty("judged").EnumerateObject().ToDictionary(j => j.Name, j => Span(j.Value)),
        };
    }

    static AlertState State(JsonElement json) => new()
    {
        Alert = AlertFormat.Read(json.GetProperty("alert")),
        Remaining = json.TryGetProperty("remaining", out var rest) ? AlertFormat.Read(rest) : null,
        Rules = [.. json.GetProperty("rules").EnumerateArray().Select(Rule)],
        Told = [.. json.GetProperty("told").EnumerateArray().Select(Told)],
        Acknowledged = json.TryGetProperty("acknowledged", out var taken)
            ? new Acknowledgement(AlertFormat.Text(taken, "author"), AlertFormat.Text(taken, "reason"), AlertFormat.Time(taken, "at")!.Value, AlertFormat.Time(taken, "until"))
            : null,
        Seen = Span(json.GetProperty("seen")),
    };

    static RuleState Rule(JsonElement json) => new(
        AlertFormat.Text(json, "rule"), json.GetProperty("firing").GetBoolean(),
        [.. json.GetProperty("marks").EnumerateArray().Select(m => new Mark(Span(m), Parse(m[2].GetString()), m.GetArrayLength() > 3 ? m[3].GetString()! : ""))]);

    static Told Told(JsonElement json) => new(
        AlertFormat.Text(json, "channel"), AlertFormat.Text(json, "severity") == "critical" ? Severity.Critical : Severity.Warning,
        AlertFormat.Time(json, "at")!.Value, json.GetProperty("times").GetInt32());

    static Span Span(JsonElement json) => new(json[0].GetDateTimeOffset(), json[1].GetDateTimeOffset());

    static string Letter(Outcome outcome) => outcome switch { Outcome.Breached => "b", Outcome.Between => "-", _ => "c" };

    static Outcome Parse(string? letter) => letter switch
    {
        "b" => Outcome.Breached,
        "-" => Outcome.Between,
        "c" => Outcome.Clear,
        _ => throw new FormatException($"'{letter}' is no outcome"),
    };
}
