using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Drift.Alerts.Tests.Policies;

/// <summary>The schema and the reader agree: a small validator of just the words that our schema uses accepts what the reader accepts.</summary>
public class PolicySchemaTests
{
    static readonly JsonElement schema = JsonDocument.Parse(PolicySchema.Text).RootElement.Clone();

    static bool Accepts(JsonElement rule, JsonElement value)
    {
        foreach (var word in rule.EnumerateObject())
        {
            var fits = word.Name switch
            {
                "$ref" => Accepts(schema.GetProperty("$defs").GetProperty(word.Value.GetString()!.Split('/')[^1]), value),
                "type" => word.Value.GetString() switch
                {
                    "object" => value.ValueKind == JsonValueKind.Object,
                    "array" => value.ValueKind == JsonValueKind.Array,
                    "string" => value.ValueKind == JsonValueKind.String,
                    "number" => value.ValueKind == JsonValueKind.Number,
                    "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
                    "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                    _ => throw new NotSupportedException(word.ToString()),
                },
                "anyOf" => word.Value.EnumerateArray().Any(r => Accepts(r, value)),
                "oneOf" => word.Value.EnumerateArray().Count(r => Accepts(r, value)) == 1,
                "enum" => word.Value.EnumerateArray().Any(e => value.ValueKind == JsonValueKind.String && e.GetString() == value.GetString()),
                "const" => value.ValueKind == JsonValueKind.String && word.Value.GetString() == value.GetString(),
                "required" => word.Value.EnumerateArray().All(r => value.TryGetProperty(r.GetString()!, out _)),
                "properties" => value.EnumerateObject().All(m => !word.Value.TryGetProperty(m.Name, out var r) || Accepts(r, m.Value)),
                "additionalProperties" => value.EnumerateObject().All(m =>
                    (rule.TryGetProperty("properties", out var known) && known.TryGetProperty(m.Name, out _)) || (word.Value.ValueKind == JsonValueKind.Object && Accepts(word.Value, m.Value))),
                "propertyNames" => value.EnumerateObject().All(m => Regex.IsMatch(m.Name, word.Value.GetProperty("pattern").GetString()!)),
                "items" => value.EnumerateArray().All(i => Accepts(word.Value, i)),
                "minItems" => value.GetArrayLength() >= word.Value.GetInt32(),
                "minLength" => value.GetString()!.Length >= word.Value.GetInt32(),
                "pattern" => Regex.IsMatch(value.GetString()!, word.Value.GetString()!),
                "minimum" => value.GetDouble() >= word.Value.GetDouble(),
                "exclusiveMinimum" => value.GetDouble() > word.Value.GetDouble(),
                "maximum" => value.GetDouble() <= word.Value.GetDouble(),
                "format" => value.TryGetDateTimeOffset(out _),
                "$schema" or "title" or "$defs" => true,
                _ => throw new NotSupportedException(word.ToString()),
            };
            if (!fits) return false;
        }
        return true;
    }

    static bool Both(string json)
    {
        var accepted = Accepts(schema, JsonDocument.Parse(json).RootElement);
        Assert.Equal(PolicyFormat.Read(Encoding.UTF8.GetBytes(json)).IsValid, accepted);
        return accepted;
    }

    [Fact]
    public void What_is_valid_is_valid_to_both()
    {
        Assert.True(Both(Policy.DefaultText));
        Assert.True(Both(Presets.Checklist));
        Assert.True(Both(PolicyFormatTests.Everything));
        Assert.True(Both(Encoding.UTF8.GetString(PolicyFormat.Write(Make.Policy(PolicyFormatTests.Everything)))));
    }

    [Theory]
    [InlineData("\"clear_for\": 3", "\"clear_for\": 0")]
    [InlineData("\"severity\": \"critical\" },", "\"severity\": \"fatal\" },")]
    [InlineData("\"min_rows\": 500", "\"min_row\": 500")]
    [InlineData("\"wait\": \"00:00:30\"", "\"wait\": \"30s\"")]
    [InlineData("\"kind\": \"file\"", "\"kind\": \"flie\"")]
    [InlineData("\"port\": 587", "\"port\": 0")]
    [InlineData("\"${env:P}\"", "\"plain\"")]
    [InlineData("\"ends\": \"2026-11-21T00:00:00+01:00\"", "\"ends\": \"tomorrow\"")]
    [InlineData("\"source\": { \"alertname\"", "\"source\": { \"alertnam\"")]
    [InlineData("\"list\": \"all\"", "\"list\": \"some\"")]
    [InlineData("\"2 of 3\"", "\"twice\"")]
    [InlineData("\"since\": \"14.00:00:00\"", "\"since\": \"14d\"")]
    [InlineData("\"report\": { \"schedule\"", "\"report\": { \"scedule\"")]
    public void A_mistake_is_one_to_both(string right, string wrong)
    {
        Assert.Contains(right, PolicyFormatTests.Everything);
        Assert.False(Both(PolicyFormatTests.Everything.Replace(right, wrong)));
    }
}
