using System.Text;
using System.Text.Json;

namespace Drift.Worker.Sources.Files;

/// <summary>
/// The signature of an MLflow model as a schema: the JSON that <c>signature.to_dict()</c> gives, or the <c>MLmodel</c> file that holds it. Inputs are features, a
/// sole output is the prediction, further numeric ones are scores. Times and bytes are left out.
/// </summary>
static class MlflowSignature
{
    /// <summary>Null: the document is no signature.</summary>
    /// <exception cref="FormatException">It is one that cannot be read.</exception>
    public static Schema? Read(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8).TrimStart('\uFEFF');
        if (text.TrimStart().StartsWith('{')) return FromJson(text);
        var at = text.StartsWith("signature:", StringComparison.Ordinal) ? 0 : text.IndexOf("\nsignature:", StringComparison.Ordinal);
        if (at < 0) return null;
        return Of(Specs(Quoted(text[at..], "inputs") ?? throw new FormatException("signature: inputs are missing")), Quoted(text[at..], "outputs") is { } outputs ? Specs(outputs) : []);
    }

    static Schema? FromJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.TryGetProperty("signature", out var inner) && inner.ValueKind == JsonValueKind.Object) root = inner;
            if (root.TryGetProperty("format", out _) || !root.TryGetProperty("inputs", out var inputs)) return null;
            return Of(Specs(inputs), root.TryGetProperty("outputs", out var outputs) ? Specs(outputs) : []);
        }
        catch (JsonException e)
        {
            throw new FormatException($"not JSON at line {e.LineNumber + 1}", e);
        }
    }

    /// <summary>The value of a key of YAML in single quotes, over as many lines as it takes.</summary>
    static string? Quoted(string yaml, string key)
    {
        var at = yaml.IndexOf($"\n  {key}: '", StringComparison.Ordinal);
        if (at < 0) return null;
        var value = new StringBuilder();
        for (var i = at + key.Length + 6; i < yaml.Length; i++)
        {
            if (yaml[i] == '\'' && (i + 1 == yaml.Length || yaml[i + 1] != '\'')) return value.ToString();
            if (yaml[i] == '\'') i++;
            if (yaml[i] is '\n' or '\r')
            {
                while (i + 1 < yaml.Length && yaml[i + 1] is ' ' or '\n' or '\r') i++;
                value.Append(' ');
            }
            else value.Append(yaml[i]);
        }
        throw new FormatException($"signature: the quote of {key} does not end");
    }

    static List<(string? Name, string Type, bool Required)> Specs(JsonElement specs) => specs.ValueKind == JsonValueKind.String ? Specs(specs.GetString()!) : Specs(specs.GetRawText());

    static List<(string? Name, string Type, bool Required)> Specs(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Null) return [];
            if (document.RootElement.ValueKind != JsonValueKind.Array) throw new FormatException("signature: a list of columns is wanted");
            return [.. document.RootElement.EnumerateArray().Select(Spec)];
        }
        catch (JsonException e)
        {
            throw new FormatException($"signature: not JSON at byte {e.BytePositionInLine}", e);
        }
    }

    static (string?, string, bool) Spec(JsonElement spec)
    {
        if (spec.ValueKind != JsonValueKind.Object || !spec.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String) throw new FormatException("signature: a column without a type");
        return (spec.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null, type.GetString()!, !spec.TryGetProperty("required", out var required) || required.ValueKind != JsonValueKind.False);
    }

    static Schema Of(List<(string? Name, string Type, bool Required)> inputs, List<(string? Name, string Type, bool Required)> outputs)
    {
        var columns = new List<ColumnSpec>();
        foreach (var input in inputs)
        {
            if (input.Type == "tensor") throw new FormatException("signature: a tensor's columns have no names; give a drift-schema");
            columns.Add(Column(input.Name ?? throw new FormatException("signature: an input without a name"), input.Type, input.Required, ColumnRole.Feature));
        }
        var told = outputs.Count == 1 ? 0 : outputs.FindIndex(o => o.Name == "prediction");
        for (var i = 0; i < outputs.Count; i++)
        {
            if (outputs[i].Type == "tensor" && i != told) continue;
            var role = i == told ? ColumnRole.Prediction : ColumnRole.Score;
            var column = Column(outputs[i].Name ?? "prediction", outputs[i].Type == "tensor" ? "double" : outputs[i].Type, required: false, role);
            if (!columns.Exists(c => c.Name == column.Name) && (role == ColumnRole.Prediction || column.Kind == ColumnKind.Numeric)) columns.Add(column);
        }
        return Schema.Of([.. columns]);
    }

    static ColumnSpec Column(string name, string type, bool required, ColumnRole role) => type switch
    {
        // MLflow lets no missing value pass where a type has none.
        "integer" or "long" => ColumnSpec.Numeric(name, role) with { Type = ColumnType.Int, Nullable = !required },
        "float" or "double" => ColumnSpec.Numeric(name, role),
        "boolean" => ColumnSpec.Categorical(name, role) with { Type = ColumnType.Bool, Nullable = !required },
        "string" => ColumnSpec.Categorical(name, role),
        "datetime" => ColumnSpec.Categorical(name, ColumnRole.Ignore) with { Type = ColumnType.Time },
        "binary" or "array" or "object" or "map" or "any" => ColumnSpec.Categorical(name, ColumnRole.Ignore),
        _ => throw new FormatException($"signature: '{name}' has the unknown type '{type}'"),
    };
}
