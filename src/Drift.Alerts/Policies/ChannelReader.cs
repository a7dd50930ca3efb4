using System.Text.Json;

namespace Drift.Alerts;

/// <summary>Reads one channel by the table of its kind.</summary>
static class ChannelReader
{
    static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(30);

    public static ChannelSpec Read(string name, JsonElement element, string path, List<PolicyError> errors, List<PolicyError> warnings)
    {
        var kind = Kind(element, path, errors);
        var table = kind is null ? null : ChannelKinds.Table[kind];
        var reader = new ObjectReader(element, path, errors, table is null ? null : ["kind", .. table.Select(m => m.Name)]);
        var settings = new Dictionary<string, IReadOnlyList<Setting>>();
        foreach (var member in table ?? [])
        {
            if (member.Required && !reader.Require(member.Name, Expected(member.Form))) continue;
            if (Values(reader, member) is { Count: > 0 } values) settings[member.Name] = values;
        }
        if (settings.TryGetValue("template", out var template) && TextTemplate.Problem(template[0].ToString()) is { } problem) reader.Error("template", problem);
        if (settings.ContainsKey("action") && !settings.ContainsKey("secret")) reader.Error("action", "an action must be signed: a secret is wanted beside it");
        var spec = new ChannelSpec { Name = name, Kind = kind ?? "", Settings = settings };
        if (spec.IsPlaceholder) warnings.Add(new PolicyError(reader.PathOf("url"), "is the placeholder: until it names a host, notices to this channel go to the console"));
        return spec;
    }

    static string? Kind(JsonElement element, string path, List<PolicyError> errors)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        // Asked on its own first: the kind decides which members are known.
        var found = element.EnumerateObject().Where(m => m.Name == "kind").ToList();
        var kind = found.Count > 0 && found[0].Value.ValueKind == JsonValueKind.String ? found[0].Value.GetString() : null;
        if (kind is not null && ChannelKinds.Table.ContainsKey(kind)) return kind;
        var what = found.Count == 0 ? "missing" : $"{ObjectReader.Show(found[0].Value)} is no kind of channel";
        errors.Add(new PolicyError(ObjectReader.Join(path, "kind"), $"{what}; " + Nearest.Hint(kind ?? "", ChannelKinds.Names)));
        return null;
    }

    static string Expected(ChannelKinds.Form form) => form switch
    {
        ChannelKinds.Form.Url => "an http or https address",
        ChannelKinds.Form.Secret or ChannelKinds.Form.SecretList => "a reference ${env:NAME} or ${file:PATH}",
        ChannelKinds.Form.TextList => "a text or a list of texts",
        _ => "a text",
    };

    static List<Setting> Values(ObjectReader reader, ChannelKinds.Member member)
    {
        var name = member.Name;
        switch (member.Form)
        {
            case ChannelKinds.Form.Url:
                if (reader.Text(name) is not { } url) return [];
                var setting = new Setting(url);
                if (!setting.HasReference && !IsWeb(url)) reader.Error(name, $"\"{url}\" is not {Expected(member.Form)}");
                return [setting];
            case ChannelKinds.Form.Secret or ChannelKinds.Form.SecretList:
                var secrets = (member.Form == ChannelKinds.Form.Secret ? reader.Text(name) is { } one ? [one] : [] : reader.Texts(name) ?? []).ConvertAll(t => new Setting(t));
                // The value itself is not repeated: it may be the secret.
                if (secrets.Any(s => !s.IsReference)) reader.Error(name, $"a secret never stands in the policy; {Expected(member.Form)} is expected");
                return secrets;
            case ChannelKinds.Form.TextList:
                return (reader.Texts(name) ?? []).ConvertAll(t => new Setting(t));
            case ChannelKinds.Form.Flag:
                return reader.Flag(name) is { } flag ? [new Setting(flag ? "true" : "false")] : [];
            case ChannelKinds.Form.Number:
                return reader.Integer(name, 1, 65535) is { } number ? [new Setting($"{number}")] : [];
            case ChannelKinds.Form.Duration:
                if (reader.Duration(name, allowZero: false) is not { } span) return [];
                // A sender's lease on a notice must outlast the sending.
                if (name == "timeout" && span > LongestTimeout) reader.Error(name, $"{span:c} is more than {LongestTimeout:c}; a destination that needs longer is tried again");
                return [new Setting(span.ToString("c"))];
            default:
                return reader.Text(name) is { } text ? [new Setting(text)] : [];
        }
    }

    static bool IsWeb(string url) => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
}
