using System.Text;
using System.Text.Json;
using Drift.Alerts;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>What a judged window puts on record: which policy judged it, and which alerts began or ended.</summary>
static class JudgeAudit
{
    public static IEnumerable<AuditEvent> Of(Judged judged, DateTimeOffset now, string actor)
    {
        var window = judged.All.Window;
        yield return new AuditEvent(now, actor, "window.judge", $"{window.Model}/{window.Version}/{EventTime.Format(window.Start.UtcTicks)}/{window.Revision}", Json(json =>
        {
            json.WriteString("policy", judged.All.Policy);
            json.WriteNumber("rows", window.Rows);
            json.WriteNumber("breaches", judged.Judgement.Breaches.Count);
        }));
        foreach (var step in judged.Judgement.Transitions)
        {
            if (step.To is not (AlertStatus.Firing or AlertStatus.Resolved)) continue;
            yield return new AuditEvent(now, actor, $"alert.{step.To.ToString().ToLowerInvariant()}", step.Alert.Key, Json(json =>
            {
                json.WriteString("policy", judged.All.Policy);
                json.WriteString("text", step.Alert.Text);
            }));
        }
    }

    /// <summary>An object as text.</summary>
    public static string Json(Action<Utf8JsonWriter> members)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(memory.ToArray());
    }
}
