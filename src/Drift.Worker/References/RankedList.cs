using System.Globalization;
using System.Text.Json;

namespace Drift.Worker.References;

/// <summary>Rankings as they are kept: the items of an answer in their order, and what turned out to be relevant.</summary>
static class RankedList
{
    /// <summary>Items beyond so many are not kept: no measure of a ranking is about them.</summary>
    public const int MostItems = 1_000;

    const char Between = '\u001f';

    /// <summary>A list of texts or numbers, in one text; null when it is none.</summary>
    public static string? Text(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return null;
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        var items = new List<string>();
        foreach (var element in document.RootElement.EnumerateArray())
        {
            if (Item(element) is not { } item) return null;
            if (items.Count < MostItems) items.Add(item);
        }
        return items.Count == 0 ? null : string.Join(Between, items);
    }

    public static string[] Items(string? text) => text is null ? [] : text.Split(Between);

    /// <summary>The relevance of items: a list names those that are, an object says how much, and a lone value is the only one.</summary>
    public static IReadOnlyDictionary<string, double> Relevance(string truth)
    {
        var found = new Dictionary<string, double>(StringComparer.Ordinal);
        if (truth is not ['[' or '{', ..])
        {
            found[truth] = 1;
            return found;
        }
        using var document = JsonDocument.Parse(truth);
        if (document.RootElement.ValueKind == JsonValueKind.Array)
            foreach (var element in document.RootElement.EnumerateArray()) found[Item(element) ?? ""] = 1;
        else
            foreach (var member in document.RootElement.EnumerateObject()) found[member.Name.Replace('\0', '\uFFFD')] = member.Value.GetDouble();
        return found;
    }

    /// <summary>Whether a truth is a list of items or their relevance, neither empty nor too long.</summary>
    public static bool IsTruth(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() is > 0 and <= MostItems && value.EnumerateArray().All(e => Item(e) is not null),
        JsonValueKind.Object => value.EnumerateObject().Take(MostItems + 1).Count() is > 0 and <= MostItems
            && value.EnumerateObject().All(m => m.Value.ValueKind == JsonValueKind.Number && m.Value.GetDouble() is >= 0 and < double.PositiveInfinity),
        _ => false,
    };

    static string? Item(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!.Replace('\0', '\uFFFD').Replace(Between, '\uFFFD'),
        JsonValueKind.Number => (element.GetDouble() + 0.0).ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };
}
