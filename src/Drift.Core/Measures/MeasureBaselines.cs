using System.Text;
using System.Text.Json;

namespace Drift;

/// <summary>What every measure of every column was over the reference's own chunks: the limits of <see cref="ThresholdRule.Chunks"/>, and of policies with <c>outside: reference</c>.</summary>
public sealed class MeasureBaselines
{
    const string Member = "baseline";

    /// <summary>Statistics that fall to both sides; the other drift measures only grow.</summary>
    static readonly HashSet<string> signed = new(StringComparer.Ordinal) { "t_test", "z_test", "mann_whitney", "fisher" };

    readonly Dictionary<(string Column, string Measure), ChunkBaseline> known;

    MeasureBaselines(Dictionary<(string, string), ChunkBaseline> known) => this.known = known;

    /// <summary>The baseline of a measure of a column; null when the reference had none.</summary>
    public ChunkBaseline? Find(string column, string measure) => known.GetValueOrDefault((column, measure));

    /// <summary>Whether less than usual is unusual too.</summary>
    internal static bool IsTwoSided(Measure measure) => measure.Kind != ReadingKind.Drift || signed.Contains(measure.Name);

    /// <summary>Compares a reference's chunks with the whole of it, row by row as <see cref="Comparison.Compare(Table, Table, CompareOptions, int, BinningRule)"/> does.</summary>
    /// <param name="reference">The reference's rows.</param>
    /// <param name="chunks">Its chunks; ten of equal size when null.</param>
    /// <param name="options">The measures and columns.</param>
    /// <param name="bins">How many cells a numeric column gets.</param>
    /// <param name="rule">How its cells are chosen.</param>
    public static MeasureBaselines Of(Table reference, IReadOnlyList<Chunk>? chunks = null, CompareOptions? options = null, int bins = 10, BinningRule rule = BinningRule.Default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var profile = ProfileBuilder.ForReference(reference.Schema, bins, rule).Add(reference).ToProfile();
        return Of(new Comparison.Side(profile, reference), reference, chunks, options);
    }

    /// <summary>Compares a reference's chunks with its profile, as windows are later.</summary>
    /// <param name="reference">The reference's profile.</param>
    /// <param name="rows">The rows it was made of.</param>
    /// <param name="chunks">Its chunks; ten of equal size when null.</param>
    /// <param name="options">The measures and columns.</param>
    public static MeasureBaselines Of(Profile reference, Table rows, IReadOnlyList<Chunk>? chunks = null, CompareOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Of(new Comparison.Side(reference, null), rows, chunks, options);
    }

    static MeasureBaselines Of(Comparison.Side reference, Table rows, IReadOnlyList<Chunk>? chunks, CompareOptions? options)
    {
        // The whole sides' measures are no columns' and have limits of their own.
        var own = options ?? CompareOptions.Default;
        var plain = own with { Threshold = ThresholdRule.Significance, Measures = own.Measures is { } named ? [.. named.Except(WholeWindow.Names)] : null };
        var values = new Dictionary<(string, string), List<double>>();
        var builder = ProfileBuilder.ForWindow(reference.Profile);
        foreach (var chunk in chunks ?? Chunk.ByCount(rows.Rows, 10))
        {
            var part = rows.Take(chunk.Rows.Span);
            builder.Clear();
            var current = new Comparison.Side(builder.Add(part).ToProfile(), reference.Rows is null ? null : part);
            foreach (var reading in Comparison.Compare(reference, current, plain))
            {
                if (!values.TryGetValue((reading.Column, reading.Measure), out var list)) values.Add((reading.Column, reading.Measure), list = []);
                list.Add(reading.Value);
            }
        }
        return new(values.ToDictionary(entry => entry.Key, entry => ChunkBaseline.Of(entry.Key.Item2, null, entry.Value.ToArray())));
    }

    /// <summary>A profile that holds these baselines in its member <c>baseline</c>.</summary>
    public Profile AddTo(Profile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", 1);
            writer.WriteStartArray("measures");
            foreach (var ((column, measure), baseline) in known)
            {
                if (baseline.Chunks == 0) continue;
                writer.WriteStartObject();
                writer.WriteString("column", column);
                writer.WriteString("measure", measure);
                JsonNumber.Write(writer, "mean", baseline.Mean);
                JsonNumber.Write(writer, "std", baseline.Deviation);
                writer.WriteNumber("chunks", baseline.Chunks);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return profile.With(extras: new Dictionary<string, string>(profile.Extras, StringComparer.Ordinal) { [Member] = Encoding.UTF8.GetString(memory.ToArray()) });
    }

    /// <summary>What a profile holds; null when it holds none.</summary>
    /// <exception cref="FormatException">It cannot be read; the message says where.</exception>
    public static MeasureBaselines? Read(Profile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (!profile.Extras.TryGetValue(Member, out var text)) return null;
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(text), "baseline");
        var root = StrictJson.Root(document.RootElement, "$." + Member);
        var members = root.Members("version", "measures");
        if (root.Required(members, "version").Whole() != 1) throw members["version"].Wrong("1, the version this library reads");
        var known = new Dictionary<(string, string), ChunkBaseline>();
        foreach (var item in root.Required(members, "measures").Items())
        {
            var parts = item.Members("column", "measure", "mean", "std", "chunks");
            string Text(string name) => item.Required(parts, name).Text();
            double Number(string name) => item.Required(parts, name).Number();
            if (!known.TryAdd((Text("column"), Text("measure")), new(Text("measure"), null, Number("mean"), Number("std"), (int)item.Required(parts, "chunks").Whole(1))))
                throw item.Wrong("a measure of a column that has not stood before");
        }
        return new(known);
    }
}
