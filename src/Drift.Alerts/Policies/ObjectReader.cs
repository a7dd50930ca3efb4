using System.Globalization;
using System.Text.Json;

namespace Drift.Alerts;

/// <summary>One object of a document while it is read: knows its path and its members' names, and gathers what is wrong instead of stopping at it.</summary>
sealed class ObjectReader
{
    readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
    readonly List<PolicyError> errors;

    /// <summary>Takes the members; anything unknown or written twice is an error. No known names: every name is free.</summary>
    public ObjectReader(JsonElement element, string path, List<PolicyError> errors, IReadOnlyList<string>? known = null)
    {
        this.errors = errors;
        Path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            Error("", $"{Show(element)} is not an object");
            return;
        }
        IsObject = true;
        foreach (var member in element.EnumerateObject())
        {
            if (known is not null && !known.Contains(member.Name))
                Error(member.Name, "unknown member; " + Nearest.Hint(member.Name, known));
            else if (!members.TryAdd(member.Name, member.Value))
                Error(member.Name, "given twice");
        }
    }

    public string Path { get; }

    public bool IsObject { get; }

    public IReadOnlyDictionary<string, JsonElement> Members => members;

    public bool Has(string name) => members.ContainsKey(name);

    public string PathOf(string name) => Join(Path, name);

    public static string Join(string path, string name) =>
        name.Length == 0 ? path : name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$' or '[' or ']') ? $"{path}.{name}" : $"{path}['{name}']";

    /// <summary>A member that is an object itself; an empty one when it is absent.</summary>
    public ObjectReader Child(string name, IReadOnlyList<string>? known = null) => new(members[name], PathOf(name), errors, known);

    public void Error(string name, string message) => errors.Add(new PolicyError(Join(Path, name), message));

    public bool Require(string name, string expected)
    {
        if (Has(name) || !IsObject) return Has(name);
        Error(name, $"missing; {expected} is expected");
        return false;
    }

    public double? Number(string name, double least = double.NegativeInfinity, double most = double.PositiveInfinity, bool leastExcluded = false)
    {
        if (!members.TryGetValue(name, out var value)) return null;
        var expected = (least, most) switch
        {
            (double.NegativeInfinity, double.PositiveInfinity) => "a number",
            (_, double.PositiveInfinity) => $"a number from {Text(least)} on",
            _ => leastExcluded ? $"a number above {Text(least)} and at most {Text(most)}" : $"a number from {Text(least)} to {Text(most)}",
        };
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            && number >= least && number <= most && !(leastExcluded && number == least)) return number;
        Expected(name, value, expected);
        return null;
    }

    public long? Integer(string name, long least, long most)
    {
        if (!members.TryGetValue(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most) return number;
        Expected(name, value, most == long.MaxValue ? $"a whole number from {least} on" : $"a whole number from {least} to {most}");
        return null;
    }

    public bool? Flag(string name)
    {
        if (!members.TryGetValue(name, out var value)) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Expected(name, value, "true or false");
        return null;
    }

    public string? Text(string name, bool allowEmpty = false)
    {
        if (!members.TryGetValue(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && (allowEmpty || value.GetString()!.Length > 0)) return value.GetString();
        Expected(name, value, "a text");
        return null;
    }

    /// <summary>One text or a list of at least one.</summary>
    public List<string>? Texts(string name, bool allowNone = false)
    {
        if (!members.TryGetValue(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind == JsonValueKind.Array && (allowNone || value.GetArrayLength() > 0))
        {
            var texts = new List<string>();
            foreach (var item in value.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.String) texts.Add(item.GetString()!);
                else Error($"{name}[{texts.Count}]", $"{Show(item)} is not a text");
            }
            return texts;
        }
        Expected(name, value, "a text or a list of texts");
        return null;
    }

    public Globs? Patterns(string name) => Texts(name) is { } texts ? new Globs(texts) : null;

    /// <summary>A text that must be one of a few.</summary>
    public T? Choice<T>(string name, IReadOnlyList<(string Name, T Value)> choices) where T : struct
    {
        if (!members.TryGetValue(name, out var value)) return null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        foreach (var choice in choices)
            if (choice.Name == text) return choice.Value;
        Expected(name, value, string.Join(" or ", choices.Select(c => c.Name)));
        return null;
    }

    public TimeSpan? Duration(string name, bool allowZero = true)
    {
        if (!members.TryGetValue(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && TimeSpan.TryParseExact(value.GetString(), "c", CultureInfo.InvariantCulture, out var span)
            && (span > TimeSpan.Zero || (allowZero && span == TimeSpan.Zero))) return span;
        Expected(name, value, "a time span like 1.00:00:00 (one day) or 00:05:00 (five minutes)" + (allowZero ? "" : " above zero"));
        return null;
    }

    public DateTimeOffset? Instant(string name)
    {
        if (!members.TryGetValue(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var instant)) return instant;
        Expected(name, value, "an ISO 8601 time like 2026-11-20T08:00:00Z");
        return null;
    }

    /// <summary>The elements of a list with their paths.</summary>
    public IEnumerable<(JsonElement Element, string Path)> Items(string name)
    {
        if (!members.TryGetValue(name, out var value)) yield break;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Expected(name, value, "a list");
            yield break;
        }
        var index = 0;
        foreach (var item in value.EnumerateArray()) yield return (item, $"{PathOf(name)}[{index++}]");
    }

    public void Expected(string name, JsonElement value, string expected) => Error(name, $"{Show(value)} is not {expected}");

    /// <summary>A value as it stands in the document, cut where it is long.</summary>
    public static string Show(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
