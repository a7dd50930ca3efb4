namespace Drift.Alerts;

/// <summary>A channel as the policy writes it: its kind and that kind's settings, secrets as references.</summary>
public sealed record ChannelSpec
{
    /// <summary>The channel's name, by which routes speak of it.</summary>
    public required string Name { get; init; }

    /// <summary>The kind: one of <see cref="ChannelKinds.Names"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The settings by member name; a list has one entry per element.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Setting>> Settings { get; init; } = new Dictionary<string, IReadOnlyList<Setting>>();

    /// <summary>The setting's only or first value, or null.</summary>
    public Setting? this[string member] => Settings.TryGetValue(member, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>Whether the address is still the placeholder of the built-in policy (<c>https://..</c>), so that nothing can be sent to it.</summary>
    public bool IsPlaceholder => this["url"]?.ToString() is "https://.." or "http://..";
}

/// <summary>The kinds of channels and what each can be told. One table: the reader, the writer and the JSON Schema follow it.</summary>
public static class ChannelKinds
{
    internal enum Form { Text, TextList, Url, Secret, SecretList, Flag, Number, Duration }

    internal sealed record Member(string Name, Form Form, bool Required = false);

    static readonly Member[] http = [new("timeout", Form.Duration), new("allow_private", Form.Flag)];

    // What every kind can be told: how the sentence of an alert reads there.
    static readonly Member template = new("template", Form.Text);

    internal static readonly IReadOnlyDictionary<string, Member[]> Table = new Dictionary<string, Member[]>
    {
        ["console"] = [],
        ["file"] = [new("path", Form.Text, Required: true)],
        ["webhook"] = [new("url", Form.Url, Required: true), new("secret", Form.SecretList), new("action", Form.Text), .. http],
        ["alertmanager"] = [new("url", Form.Url, Required: true), new("user", Form.Text), new("password", Form.Secret), new("resend", Form.Duration), .. http],
        ["slack"] = [new("url", Form.Url, Required: true), .. http],
        ["teams"] = [new("url", Form.Url, Required: true), .. http],
        ["pagerduty"] = [new("routing_key", Form.Secret, Required: true), new("url", Form.Url), .. http],
        ["email"] =
        [
            new("host", Form.Text, Required: true), new("port", Form.Number), new("from", Form.Text, Required: true), new("to", Form.TextList, Required: true),
            new("user", Form.Text), new("password", Form.Secret), new("starttls", Form.Flag), new("timeout", Form.Duration),
        ],
        ["kafka"] = [new("topic", Form.Text, Required: true)],
    }.ToDictionary(k => k.Key, k => (Member[])[.. k.Value, template]);

    /// <summary>The names of all kinds.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. Table.Keys];
}
