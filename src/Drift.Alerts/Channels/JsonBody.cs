using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Drift.Alerts;

/// <summary>Small helpers for the documents of chat and paging services.</summary>
static class JsonBody
{
    static readonly JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options)) write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>At most so many characters, the last of them an ellipsis when something was cut; never half a surrogate pair.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        var end = length - 1;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end] + "…";
    }

    /// <summary>What a notice is about in a few words: <c>fraud v3: 3 alerts, critical</c>.</summary>
    public static string Title(Notice notice)
    {
        if (notice.Reason == NoticeReason.Report) return notice.Alerts[0].Model;
        var models = notice.Alerts.Select(a => a.Model).Distinct().ToList();
        var about = models.Count == 1 ? models[0] : $"{models.Count} models";
        var count = notice.Alerts.Count == 1 ? "1 alert" : $"{notice.Alerts.Count} alerts";
        var how = notice.Reason switch
        {
            NoticeReason.Resolved => "resolved",
            NoticeReason.Escalation => "now " + Worst(notice),
            NoticeReason.Repeat => "still " + Worst(notice),
            _ => notice.Status == AlertStatus.Resolved ? "resolved" : Worst(notice),
        };
        return $"{about}: {count}, {how}";
    }

    static string Worst(Notice notice) => notice.Alerts.Any(a => a.Status == AlertStatus.Firing && a.Severity == Severity.Critical) ? "critical" : "warning";

    /// <summary>The sentences that fit, and how many did not.</summary>
    public static (IReadOnlyList<string> Lines, int Left) Lines(Notice notice, int most, int budget, Func<string, string> prepare)
    {
        var lines = new List<string>();
        foreach (var alert in notice.Alerts)
        {
            var line = prepare(alert.Text);
            budget -= Encoding.UTF8.GetByteCount(line) + 1;
            if (lines.Count == most || (budget < 0 && lines.Count > 0)) break;
            lines.Add(line);
        }
        return (lines, notice.Alerts.Count - lines.Count);
    }
}
