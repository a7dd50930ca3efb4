using System.Globalization;
using System.Text.Json;

namespace Drift.Worker.Configuration;

/// <summary>
/// One JSON object of the configuration, read strictly: each getter takes its key away, and <see cref="Done"/> reports what nobody asked for.
/// Problems are collected, never thrown, so that a user sees all of them at once; a text of the file that may be a secret is never repeated.
/// </summary>
sealed class ConfigSection
{
    readonly Dictionary<string, JsonElement> members;
    readonly List<string> known = [];
    readonly List<string> problems;
    readonly string path;
    readonly string directory;

    ConfigSection(string path, string directory, List<string> problems, bool ownKeys = false)
    {
        members = new(ownKeys ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        this.path = path;
        this.directory = directory;
        this.problems = problems;
    }

    public static ConfigSection Root(JsonElement element, string directory, List<string> problems) =>
        new ConfigSection("", directory, problems).Fill(element);

    ConfigSection Fill(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{(path == "" ? "the file" : path)}: an object is wanted, not {Kind(element)}");
            return this;
        }
        foreach (var member in element.EnumerateObject())
            if (!members.TryAdd(member.Name, member.Value)) problems.Add($"{At(member.Name)}: stands twice");
        return this;
    }

    public string At(string key) => path == "" ? key : $"{path}.{key}";

    public void Problem(string key, string text) => problems.Add($"{At(key)}: {text}");

    /// <summary>The names not taken yet, for objects whose keys are the user's own.</summary>
    public IReadOnlyList<string> Names => [.. members.Keys];

    public bool Has(string key) => members.TryGetValue(key, out var e) && e.ValueKind != JsonValueKind.Null;

    public bool IsObject(string key) => members.TryGetValue(key, out var e) && e.ValueKind == JsonValueKind.Object;

    bool Take(string key, out JsonElement element)
    {
        known.Add(key);
        return members.Remove(key, out element) && element.ValueKind != JsonValueKind.Null;
    }

    /// <summary>A nested object; <paramref name="ownKeys"/>: its keys are the user's own names, told apart by case.</summary>
    public ConfigSection Section(string key, bool ownKeys = false)
    {
        var section = new ConfigSection(At(key), directory, problems, ownKeys);
        return Take(key, out var element) ? section.Fill(element) : section;
    }

    public void Skip(string key) => Take(key, out _);

    public string? Text(string key)
    {
        if (!Take(key, out var element)) return null;
        if (element.ValueKind == JsonValueKind.String) return Expand(key, element.GetString()!);
        Problem(key, $"a text is wanted, not {Kind(element)}");
        return null;
    }

    /// <summary>A text, number or truth value as text: what librdkafka's settings and tags are.</summary>
    public string? Scalar(string key)
    {
        if (!Take(key, out var element)) return null;
        switch (element.ValueKind)
        {
            case JsonValueKind.String: return Expand(key, element.GetString()!);
            case JsonValueKind.Number: return element.GetRawText();
            case JsonValueKind.True: return "true";
            case JsonValueKind.False: return "false";
            default:
                Problem(key, $"a text, a number or true or false is wanted, not {Kind(element)}");
                return null;
        }
    }

    /// <summary>Whether the file itself holds this text, instead of naming an environment variable or a file.</summary>
    public bool IsLiteral(string key) =>
        members.TryGetValue(key, out var e) && e.ValueKind == JsonValueKind.String && !e.GetString()!.Contains("${", StringComparison.Ordinal);

    public IReadOnlyList<string>? Texts(string key)
    {
        if (!Take(key, out var element)) return null;
        if (element.ValueKind == JsonValueKind.Array && element.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String && e.GetString() != ""))
        {
            var texts = element.EnumerateArray().Select(e => Expand(key, e.GetString()!)).ToList();
            if (texts.Distinct(StringComparer.Ordinal).Count() == texts.Count) return texts;
            Problem(key, "a text stands twice");
            return null;
        }
        Problem(key, "an array of texts, none empty, is wanted");
        return null;
    }

    public bool Flag(string key, bool otherwise)
    {
        if (!Take(key, out var element)) return otherwise;
        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False) return element.GetBoolean();
        Problem(key, $"true or false is wanted, not {Kind(element)}");
        return otherwise;
    }

    public int Whole(string key, int otherwise, int least, int most)
    {
        if (!Take(key, out var element)) return otherwise;
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var n) && n >= least && n <= most) return n;
        Problem(key, $"a whole number from {least} to {most} is wanted");
        return otherwise;
    }

    public double? Number(string key)
    {
        if (!Take(key, out var element)) return null;
        if (element.ValueKind == JsonValueKind.Number && double.IsFinite(element.GetDouble())) return element.GetDouble();
        Problem(key, $"a number is wanted, not {Kind(element)}");
        return null;
    }

    public TimeSpan? Span(string key, TimeSpan least, TimeSpan most)
    {
        if (Text(key) is not { } text) return null;
        if (!TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span))
            Problem(key, $"'{text}' is not a time span like \"1.00:00:00\" (days.hours:minutes:seconds)");
        else if (span < least || span > most)
            Problem(key, $"{text} is outside {least:c} to {most:c}");
        else
            return span;
        return null;
    }

    public DateTimeOffset? Instant(string key)
    {
        if (Text(key) is not { } text) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)) return at;
        Problem(key, $"'{text}' is not a time like \"1970-01-05T00:00:00Z\"");
        return null;
    }

    public T OneOf<T>(string key, T otherwise, params (string Name, T Value)[] choices)
    {
        if (Text(key) is not { } text) return otherwise;
        foreach (var (name, value) in choices)
            if (string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) return value;
        Problem(key, $"'{text}' is none of {string.Join(", ", choices.Select(c => c.Name))}");
        return otherwise;
    }

    public IReadOnlyList<ConfigSection> Sections(string key)
    {
        if (!Take(key, out var element)) return [];
        if (element.ValueKind == JsonValueKind.Array)
            return [.. element.EnumerateArray().Select((e, i) => new ConfigSection($"{At(key)}[{i}]", directory, problems).Fill(e))];
        Problem(key, $"an array is wanted, not {Kind(element)}");
        return [];
    }

    /// <summary>A file's path: beside the configuration unless it only exists below the working folder.</summary>
    public string? File(string key)
    {
        if (Text(key) is not { } text) return null;
        if (text.Length == 0 || text.Contains('\0'))
        {
            Problem(key, "a path is wanted");
            return null;
        }
        var beside = Resolve(text);
        return !System.IO.File.Exists(beside) && System.IO.File.Exists(text) ? Path.GetFullPath(text) : beside;
    }

    /// <summary>A path as seen from the configuration.</summary>
    public string Resolve(string relative) => Path.GetFullPath(relative, directory);

    /// <summary>Reports every member that no getter asked for.</summary>
    public void Done()
    {
        foreach (var name in members.Keys)
            problems.Add($"{At(name)}: unknown; known here are {string.Join(", ", known.Order(StringComparer.Ordinal))}");
    }

    string Expand(string key, string text) => Secrets.Expand(text, directory, problem => Problem(key, problem));

    static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
