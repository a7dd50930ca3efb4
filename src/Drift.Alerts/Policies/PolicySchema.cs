using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Drift.Alerts;

/// <summary>The JSON Schema (2020-12) of the policy document, for editors. It is made of the reader's own tables; the reader checks more than a schema can say.</summary>
public static class PolicySchema
{
    const string OneText = """{"type":"string","minLength":1}""";
    const string Texts = """{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"},"minItems":1}]}""";
    const string Number = """{"type":"number"}""";
    const string Duration = """{"type":"string","pattern":"^(\\d+\\.)?\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?$"}""";
    const string Instant = """{"type":"string","format":"date-time"}""";
    const string Flag = """{"type":"boolean"}""";
    const string Tags = """{"type":"object","additionalProperties":{"$ref":"#/$defs/texts"}}""";
    const string Reference = """{"type":"string","pattern":"^\\$\\{(env|file):.+\\}$"}""";

    // The shape of every member that is not simply a text or a list of texts.
    static readonly Dictionary<string, string> shapes = new()
    {
        ["above"] = Number, ["below"] = Number, ["change_above"] = """{"type":"number","minimum":0}""", ["clear_at"] = Number,
        ["p_adjusted_below"] = """{"type":"number","exclusiveMinimum":0,"maximum":1}""", ["for"] = """{"type":"string","pattern":"^\\s*\\d+\\s+of\\s+\\d+\\s*$"}""",
        ["clear_for"] = """{"type":"integer","minimum":1,"maximum":1000}""", ["min_rows"] = """{"type":"integer","minimum":0}""", ["tags"] = Tags,
        ["outside"] = Choice(RuleReader.Limits), ["no_data"] = Choice(RuleReader.Absences), ["on_error"] = Choice(RuleReader.Absences), ["severity"] = Choice(RuleReader.Severities),
        ["wait"] = Duration, ["interval"] = Duration, ["repeat"] = Duration, ["duration"] = Duration, ["continue"] = Flag, ["list"] = """{"enum":["new","all"]}""",
        ["starts"] = Instant, ["ends"] = Instant, ["match"] = Ref("match"), ["source"] = Ref("match"), ["target"] = Ref("match"), ["id"] = OneText, ["author"] = """{"type":"string"}""",
        ["reason"] = """{"type":"string"}""", ["schedule"] = OneText, ["report"] = $$"""{"type":"object","additionalProperties":false,"required":["schedule"],"properties":{"schedule":{{OneText}},"time_zone":{{OneText}},"since":{{Duration}} } }""",
        ["time_zone"] = OneText, ["equal"] = Labels(), ["group_by"] = Labels(),
        ["roles"] = $$"""{"type":"array","items":{{Choice(RuleReader.Roles)}},"minItems":1}""",
    };

    static readonly Dictionary<ChannelKinds.Form, string> forms = new()
    {
        [ChannelKinds.Form.Text] = OneText, [ChannelKinds.Form.TextList] = Ref("texts"), [ChannelKinds.Form.Url] = OneText, [ChannelKinds.Form.Secret] = Reference,
        [ChannelKinds.Form.SecretList] = $$"""{"anyOf":[{{Reference}},{"type":"array","items":{{Reference}},"minItems":1}]}""", [ChannelKinds.Form.Flag] = Flag,
        [ChannelKinds.Form.Number] = """{"type":"integer","minimum":1,"maximum":65535}""", [ChannelKinds.Form.Duration] = Duration,
    };

    /// <summary>The schema as indented JSON.</summary>
    public static string Text { get; } = Make();

    static string Make()
    {
        var raw = $$"""
            {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Drift policy","type":"object","required":["rules"],"additionalProperties":false,
             "properties":{"$schema":{"type":"string"},
              "rules":{"type":"object","propertyNames":{"pattern":"^[A-Za-z][A-Za-z0-9_-]{0,99}$"},"additionalProperties":{{Object(RuleReader.Members, ["measure"])}} },
              "routes":{"type":"array","items":{{Object(PolicyReader.RouteMembers, ["channels"], ("severity", Ref("texts")))}} },
              "channels":{"type":"object","additionalProperties":{"oneOf":[{{string.Join(',', ChannelKinds.Table.Select(k => Channel(k.Key, k.Value)))}}]} },
              "silences":{"type":"array","items":{{Object(QuietReader.SilenceMembers, ["match", "ends"])}} },
              "maintenance":{"type":"array","items":{{Object(QuietReader.MaintenanceMembers, ["match", "schedule", "duration"])}} },
              "inhibit":{"type":"array","items":{{Object(QuietReader.InhibitMembers, ["source", "target"])}} } },
             "$defs":{"texts":{{Texts}},"match":{{Object([.. Alert.LabelNames, "tags"], [], ("severity", Ref("texts")))}} } }
            """;
        using var document = JsonDocument.Parse(raw);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) document.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static string Object(IEnumerable<string> members, IReadOnlyList<string> required, params (string Name, string Shape)[] otherwise)
    {
        var properties = members.Select(m => $"\"{m}\":{otherwise.Where(o => o.Name == m).Select(o => o.Shape).FirstOrDefault() ?? shapes.GetValueOrDefault(m, Ref("texts"))}");
        return $$"""{"type":"object","additionalProperties":false,"required":[{{string.Join(',', required.Select(r => $"\"{r}\""))}}],"properties":{ {{string.Join(',', properties)}} } }""";
    }

    static string Channel(string kind, IReadOnlyList<ChannelKinds.Member> members) => Object(
        ["kind", .. members.Select(m => m.Name)], ["kind", .. members.Where(m => m.Required).Select(m => m.Name)],
        [("kind", $$"""{"const":"{{kind}}"}"""), .. members.Select(m => (m.Name, forms[m.Form]))]);

    static string Choice<T>(IEnumerable<(string Name, T Value)> choices) => $$"""{"enum":[{{string.Join(',', choices.Select(c => $"\"{c.Name}\""))}}]}""";

    static string Labels() => $$"""{"type":"array","items":{"enum":[{{string.Join(',', Alert.LabelNames.Select(l => $"\"{l}\""))}}]} }""";

    static string Ref(string name) => $$"""{"$ref":"#/$defs/{{name}}"}""";
}
