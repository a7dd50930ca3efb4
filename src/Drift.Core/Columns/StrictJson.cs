using System.Text.Json;

namespace Drift;

/// <summary>Reads a document member by member and refuses, by path, what is missing, unknown, double or of the wrong type.</summary>
readonly struct StrictJson
{
    readonly JsonElement element;

    StrictJson(JsonElement element, string path) => (this.element, Path) = (element, path);

    public string Path { get; }

    public JsonElement Element => element;

    public static StrictJson Root(JsonElement element, string path = "$") => new(element, path);

    public static JsonDocument Parse(ReadOnlySpan<byte> utf8, string what)
    {
        try
        {
            return JsonDocument.Parse(utf8.ToArray(), new() { MaxDepth = 64, AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            throw new FormatException($"not a {what}: {error.Message}", error);
        }
    }

    /// <summary>The members by name; names outside <paramref name="allowed"/> are refused unless they start with x-.</summary>
    public Dictionary<string, StrictJson> Members(params ReadOnlySpan<string> allowed)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Wrong("an object");
        var members = new Dictionary<string, StrictJson>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (!allowed.Contains(member.Name) && !member.Name.StartsWith("x-", StringComparison.Ordinal))
                throw new FormatException($"{Path}.{member.Name}: unknown member; known here: {string.Join(", ", allowed.ToArray())}");
            members[member.Name] = new(member.Value, $"{Path}.{member.Name}");
        }
        return members;
    }

    public IEnumerable<StrictJson> Items()
    {
        if (element.ValueKind != JsonValueKind.Array) throw Wrong("a list");
        var (path, at) = (Path, 0);
        foreach (var item in element.EnumerateArray()) yield return new(item, $"{path}[{at++}]");
    }

    public string Text() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Wrong("text");

    public bool Flag() => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Wrong("true or false");

    public long Whole(long least = 0) => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) && value >= least ? value : throw Wrong($"a whole number of at least {least}");

    public double Number() => JsonNumber.TryRead(element, out var value) ? value : throw Wrong("a number");

    public DateTimeOffset Instant() => element.ValueKind == JsonValueKind.String && element.TryGetDateTimeOffset(out var value) ? value.ToUniversalTime() : throw Wrong("an ISO 8601 time");

    public T Choice<T>(Func<string, T?> parse, string choices) where T : struct => element.ValueKind == JsonValueKind.String && parse(element.GetString()!) is { } value ? value : throw Wrong(choices);

    public FormatException Wrong(string expected)
    {
        var found = element.GetRawText();
        return new($"{Path}: {(found.Length > 60 ? found[..60] + ".." : found)} is not {expected}");
    }

    public StrictJson Required(Dictionary<string, StrictJson> members, string name) => members.TryGetValue(name, out var value) ? value : throw new FormatException($"{Path}: '{name}' is missing");
}
