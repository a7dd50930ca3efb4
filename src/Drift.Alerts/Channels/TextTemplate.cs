using System.Globalization;
using System.Text;

namespace Drift.Alerts;

/// <summary>How an alert reads in a channel: a text in which <c>{text}</c>, <c>{model}</c>, <c>{value}</c> and the other names stand for what the alert says, and <c>{tag:NAME}</c> for a tag of its model.</summary>
public sealed class TextTemplate
{
    static readonly (string Name, Func<Alert, string> Value)[] names =
    [
        ("text", a => a.Text), .. Alert.LabelNames.Select(l => (l, (Func<Alert, string>)(a => a.Label(l)))), ("status", a => AlertFormat.Name(a.Status)), ("rule", a => a.Rule),
        ("value", a => Say.Value(a.Measure, a.Value)), ("threshold", a => Say.Value(a.Measure, a.Threshold)), ("rows", a => Say.Count(a.Rows)),
        ("since", a => a.Since.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)), ("link", a => a.Link), ("key", a => a.Key), ("episode", a => a.Episode),
    ];

    readonly List<Func<Alert, string>> parts = [];

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">It names something that an alert does not have.</exception>
    public TextTemplate(string text)
    {
        if (Problem(text) is { } problem) throw new FormatException(problem);
        foreach (var (literal, name) in Split(text)) parts.Add(name is null ? _ => literal : Value(name)!);
    }

    /// <summary>The names that stand in braces.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. names.Select(n => n.Name)];

    /// <summary>The template's text for an alert.</summary>
    public string Render(Alert alert)
    {
        var text = new StringBuilder();
        foreach (var part in parts) text.Append(part(alert));
        return text.ToString();
    }

    internal static string? Problem(string text)
    {
        foreach (var (_, name) in Split(text))
            if (name is not null && Value(name) is null) return $"there is no {{{name}}}; " + Nearest.Hint(name, Names);
        return null;
    }

    static Func<Alert, string>? Value(string name) => name.StartsWith("tag:", StringComparison.Ordinal)
        ? alert => alert.Tags.TryGetValue(name[4..], out var tag) ? tag : ""
        : names.Where(n => n.Name == name).Select(n => n.Value).FirstOrDefault();

    // A brace that nothing closes is a brace.
    static IEnumerable<(string Literal, string? Name)> Split(string text)
    {
        while (text.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open && text.IndexOf('}', open) is > 0 and var close)
        {
            yield return (text[..open], null);
            yield return ("", text[(open + 1)..close]);
            text = text[(close + 1)..];
        }
        yield return (text, null);
    }
}

/// <summary>A channel that says alerts in the words of a template.</summary>
sealed class TemplatedChannel(IAlertChannel inner, TextTemplate template) : IAlertChannel
{
    public string Name => inner.Name;

    public Task SendAsync(Notice notice, CancellationToken cancellation) =>
        notice.Reason == NoticeReason.Report ? inner.SendAsync(notice, cancellation) : inner.SendAsync(notice with { Alerts = [.. notice.Alerts.Select(a => a with { Text = template.Render(a) })] }, cancellation);
}
