using System.Buffers;
using System.Text.Json;

namespace Drift;

/// <summary>The schema document: <c>{"format":"drift-schema","version":1,"columns":[..]}</c>.</summary>
public static class SchemaFormat
{
    /// <summary>Writes a schema as indented JSON in UTF-8.</summary>
    public static byte[] Write(Schema schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("format", "drift-schema");
            writer.WriteNumber("version", 1);
            writer.WriteStartArray("columns");
            foreach (var column in schema.Columns) Write(writer, column);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    static void Write(Utf8JsonWriter writer, ColumnSpec column)
    {
        writer.WriteStartObject();
        writer.WriteString("name", column.Name);
        writer.WriteString("kind", ColumnNames.Of(column.Kind));
        writer.WriteString("type", ColumnNames.Of(column.Type));
        writer.WriteString("role", ColumnNames.Of(column.Role));
        WriteRules(writer, column, onlyGiven: false);
        writer.WriteEndObject();
    }

    /// <summary>The members of what a column allows: the same in a schema and in a profile.</summary>
    internal static void WriteRules(Utf8JsonWriter writer, ColumnSpec column, bool onlyGiven)
    {
        if (!onlyGiven || !column.Nullable) writer.WriteBoolean("nullable", column.Nullable);
        if (column.Min is { } min) JsonNumber.Write(writer, "min", min);
        if (column.Max is { } max) JsonNumber.Write(writer, "max", max);
        if (column.Allowed is { } allowed)
        {
            writer.WriteStartArray("allowed");
            foreach (var category in allowed) writer.WriteStringValue(category);
            writer.WriteEndArray();
        }
        if (column.MaxNullRate is { } rate) JsonNumber.Write(writer, "max_null_rate", rate);
    }

    /// <summary>The names of those members.</summary>
    internal static readonly string[] Rules = ["nullable", "min", "max", "allowed", "max_null_rate"];

    /// <summary>A column with what its members say that it allows.</summary>
    internal static ColumnSpec WithRules(ColumnSpec column, Dictionary<string, StrictJson> members) => column with
    {
        Nullable = !members.TryGetValue("nullable", out var nullable) || nullable.Flag(),
        Min = members.TryGetValue("min", out var min) ? min.Number() : null,
        Max = members.TryGetValue("max", out var max) ? max.Number() : null,
        Allowed = members.TryGetValue("allowed", out var allowed) ? [.. allowed.Items().Select(item => item.Text())] : null,
        MaxNullRate = members.TryGetValue("max_null_rate", out var rate) ? rate.Number() is >= 0 and <= 1 and var share ? share : throw rate.Wrong("a share from 0 to 1") : null,
    };

    /// <summary>Reads a schema document.</summary>
    /// <exception cref="FormatException">It is not one; the message says where and what would be right.</exception>
    public static Schema Read(ReadOnlySpan<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, "schema document");
        var root = StrictJson.Root(document.RootElement);
        var members = root.Members("format", "version", "columns", "$schema");
        if (root.Required(members, "format").Text() != "drift-schema") throw members["format"].Wrong("\"drift-schema\"");
        if (root.Required(members, "version").Whole() != 1) throw members["version"].Wrong("1, the version this library reads");
        var columns = root.Required(members, "columns").Items().Select(ReadColumn).ToArray();
        try
        {
            return new(columns);
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"$.columns: {error.Message}", error);
        }
    }

    static ColumnSpec ReadColumn(StrictJson json)
    {
        var members = json.Members(["name", "kind", "type", "role", .. Rules]);
        var kind = json.Required(members, "kind").Choice(ColumnNames.Kind, "numeric or categorical");
        return WithRules(new()
        {
            Name = json.Required(members, "name").Text() is { Length: > 0 } name ? name : throw members["name"].Wrong("a name"),
            Kind = kind,
            Type = members.TryGetValue("type", out var type) ? type.Choice(ColumnNames.Type, "int, float, bool, text or time") : kind == ColumnKind.Numeric ? ColumnType.Float : ColumnType.Text,
            Role = members.TryGetValue("role", out var role) ? role.Choice(ColumnNames.Role, ColumnNames.Roles) : ColumnRole.Feature,
        }, members);
    }
}
