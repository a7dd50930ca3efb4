using System.Text.Json;

namespace Drift.Worker.Commands;

/// <summary>The columns that a reference left out and their roles, kept in the profile document as <c>x-left-out</c>.</summary>
static class LeftOut
{
    public const string Member = "x-left-out";

    public static string Write(IEnumerable<ColumnSpec> columns) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        foreach (var column in columns) json.WriteString(column.Name, ColumnNames.Of(column.Role));
        json.WriteEndObject();
    });

    public static IReadOnlyDictionary<string, ColumnRole> Read(Profile profile)
    {
        var columns = new Dictionary<string, ColumnRole>(StringComparer.Ordinal);
        if (!profile.Extras.TryGetValue(Member, out var text)) return columns;
        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object) return columns;
        foreach (var column in document.RootElement.EnumerateObject())
            if (column.Value.ValueKind == JsonValueKind.String && ColumnNames.Role(column.Value.GetString()!) is { } role) columns[column.Name] = role;
        return columns;
    }
}
