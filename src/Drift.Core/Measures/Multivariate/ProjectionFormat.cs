using System.Text;
using System.Text.Json;

namespace Drift;

/// <summary>A <see cref="Projection"/> inside a reference's profile document: the member <c>projection</c>.</summary>
public static class ProjectionFormat
{
    const string Member = "projection";

    /// <summary>A profile that also holds what <c>reconstruction_error</c> needs of the reference.</summary>
    public static Profile AddTo(Profile profile, Projection projection)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(projection);
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory)) Write(writer, projection);
        return profile.With(extras: new Dictionary<string, string>(profile.Extras, StringComparer.Ordinal) { [Member] = Encoding.UTF8.GetString(memory.ToArray()) });
    }

    static void Write(Utf8JsonWriter writer, Projection projection)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", 1);
        foreach (var (name, value) in (ReadOnlySpan<(string, double)>)
            [("value", projection.Baseline.Reference), ("mean", projection.Baseline.Mean), ("std", projection.Baseline.Deviation), ("error_per_row", projection.Baseline.ErrorPerRow), ("chunk_rows", projection.ChunkRows)])
            JsonNumber.Write(writer, name, value);
        writer.WriteNumber("chunks", projection.Baseline.Chunks);
        writer.WriteStartArray("columns");
        foreach (var column in projection.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            JsonNumber.Write(writer, "mean", column.Mean);
            JsonNumber.Write(writer, "std", column.Deviation);
            if (column.Counts is { } counts)
            {
                writer.WriteNumber("null", column.Nulls);
                writer.WriteStartObject("counts");
                foreach (var (category, count) in counts) writer.WriteNumber(category, count);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("components");
        foreach (var component in projection.Components)
        {
            writer.WriteStartArray();
            foreach (var weight in component) writer.WriteNumberValue(weight);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>What a profile holds; null when it holds none.</summary>
    /// <exception cref="FormatException">It cannot be read; the message says where.</exception>
    public static Projection? Read(Profile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (!profile.Extras.TryGetValue(Member, out var text)) return null;
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(text), "projection");
        var root = StrictJson.Root(document.RootElement, "$." + Member);
        var members = root.Members("version", "value", "mean", "std", "error_per_row", "chunk_rows", "chunks", "columns", "components");
        if (root.Required(members, "version").Whole() != 1) throw members["version"].Wrong("1, the version this library reads");
        double Of(string name) => root.Required(members, name).Number();
        var columns = root.Required(members, "columns").Items().Select(ReadColumn).ToArray();
        double[][] components = [.. root.Required(members, "components").Items().Select(component => (double[])[.. component.Items().Select(weight => weight.Number())])];
        if (Array.Exists(components, component => component.Length != columns.Length)) throw members["components"].Wrong($"lists of {columns.Length} weights, one per column");
        var baseline = new ChunkBaseline(Projection.Name, null, Of("mean"), Of("std"), (int)root.Required(members, "chunks").Whole()) { Reference = Of("value"), ErrorPerRow = Of("error_per_row") };
        return new(columns, components, baseline, Of("chunk_rows"));
    }

    static ProjectionColumn ReadColumn(StrictJson json)
    {
        var members = json.Members("name", "mean", "std", "null", "counts");
        var deviation = json.Required(members, "std").Number();
        if (!(deviation > 0)) throw members["std"].Wrong("a number above 0");
        Dictionary<string, long>? counts = null;
        if (members.TryGetValue("counts", out var given))
        {
            if (given.Element.ValueKind != JsonValueKind.Object) throw given.Wrong("an object");
            counts = given.Element.EnumerateObject().ToDictionary(entry => entry.Name, entry => StrictJson.Root(entry.Value, $"{given.Path}.{entry.Name}").Whole(), StringComparer.Ordinal);
        }
        return new(json.Required(members, "name").Text(), json.Required(members, "mean").Number(), deviation, counts, members.TryGetValue("null", out var nulls) ? nulls.Whole() : 0);
    }
}
