using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Drift;

/// <summary>What a comparison found, with both sides, ready to be shown: text, JSON, Markdown, HTML.</summary>
public sealed partial class DriftReport
{
    /// <summary>Puts readings that were made elsewhere (a stored window, a recipe) into a report.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="current">The current side.</param>
    /// <param name="readings">The readings, in any order.</param>
    /// <param name="recipe">Whose definitions the numbers follow.</param>
    /// <param name="options">By which floors the verdicts were made; the defaults when null.</param>
    public DriftReport(Profile reference, Profile current, IReadOnlyList<Reading> readings, string recipe = OwnRecipe, CompareOptions? options = null)
    {
        (Reference, Current, Readings, Recipe, Options) = (reference, current, readings, recipe, options ?? CompareOptions.Default);
    }

    /// <summary>The name of Drift's own definitions.</summary>
    public const string OwnRecipe = "drift";

    /// <summary>The reference.</summary>
    public Profile Reference { get; }

    /// <summary>The current side.</summary>
    public Profile Current { get; }

    /// <summary>The readings in the order of the reference's columns.</summary>
    public IReadOnlyList<Reading> Readings { get; }

    /// <summary>Whose definitions the numbers follow.</summary>
    public string Recipe { get; }

    /// <summary>By which floors the verdicts were made.</summary>
    public CompareOptions Options { get; }

    /// <summary>Columns of the reference that were taken for an id, a time or for empty without anybody saying so, each with the reason; none where the caller chose all columns.</summary>
    public IReadOnlyDictionary<string, string> LeftOut { get; init; } = new Dictionary<string, string>();

    /// <summary>Each column's psi above noise over the windows up to this one, the oldest first; NaN: not measured. HTML draws it beside the column.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> History { get; init; } = new Dictionary<string, IReadOnlyList<double>>();

    /// <summary>Parts of the current side's rows with readings of their own, in their order. HTML lists them where there are several.</summary>
    public IReadOnlyList<ReportChunk> Chunks { get; init; } = [];

    /// <summary>The worst verdict of all readings.</summary>
    public Verdict Verdict
    {
        get
        {
            var worst = Verdict.None;
            foreach (var reading in Readings)
                if (reading.Verdict > worst) worst = reading.Verdict;
            return worst;
        }
    }

    /// <summary>Compares a window's profile with its reference.</summary>
    /// <exception cref="ArgumentException">A measure or column named in the options does not exist.</exception>
    public static DriftReport Compare(Profile reference, Profile current, CompareOptions? options = null) =>
        new(reference, current, Comparison.Compare(reference, current, options), options?.Recipe ?? OwnRecipe, options: options);

    /// <summary>Compares rows with a reference's profile: what needs the rows of the current side alone is there, what needs both is not.</summary>
    /// <exception cref="ArgumentException">A measure or column named in the options does not exist.</exception>
    public static DriftReport Compare(Profile reference, Table current, CompareOptions? options = null)
    {
        var (window, readings) = Comparison.WithWindow(reference, current, options);
        return new(reference, window, readings, options?.Recipe ?? OwnRecipe, options);
    }

    /// <summary>Compares the same rows of two pipelines (<see cref="PairedSkew"/>).</summary>
    /// <exception cref="ArgumentException">A side has no such column, or a column named in the options does not exist.</exception>
    public static DriftReport ComparePaired(Table reference, Table current, string id, double tolerance = 0, CompareOptions? options = null)
    {
        var readings = PairedSkew.Compare(reference, current, id, tolerance, options);
        var (before, now) = Comparison.Profiles(reference, current);
        return new(before, now, readings, options: options);
    }

    /// <summary>Compares rows with rows; the tests on raw samples are exact.</summary>
    /// <param name="reference">The reference's rows.</param>
    /// <param name="current">The current rows.</param>
    /// <param name="options">What to compare and when to call it drift.</param>
    /// <param name="bins">How many cells a numeric column gets.</param>
    /// <param name="rule">How its cells are chosen.</param>
    /// <exception cref="ArgumentException">A measure or column named in the options does not exist.</exception>
    public static DriftReport Compare(Table reference, Table current, CompareOptions? options = null, int bins = 10, BinningRule rule = BinningRule.Default)
    {
        var (before, now) = Comparison.Profiles(reference, current, bins, rule);
        if (options is { IsOwnRecipe: false }) return new(before, now, Comparison.Compare(reference, current, options), options.Recipe, options);
        var readings = Comparison.Compare(new Comparison.Side(before, reference), new Comparison.Side(now, current), options ?? CompareOptions.Default, bins, rule);
        return new(before, now, readings, options: options);
    }

    /// <summary>The report as one JSON document: <c>recipe</c>, <c>reference</c>, <c>current</c> and <c>readings</c> (<see cref="ReadingFormat"/>).</summary>
    /// <param name="indented">Whether it is laid out for people.</param>
    public string ToJson(bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = indented })) Write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the document of <see cref="ToJson"/>.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("recipe"u8, Recipe);
        WriteSide(writer, "reference", Reference, LeftOut);
        WriteSide(writer, "current", Current, []);
        writer.WritePropertyName("readings"u8);
        ReadingFormat.Write(writer, Readings);
        writer.WriteEndObject();
    }

    static void WriteSide(Utf8JsonWriter writer, string name, Profile side, IReadOnlyCollection<KeyValuePair<string, string>> leftOut)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("rows"u8, side.Rows);
        if (side.Model.Length > 0) writer.WriteString("model"u8, side.Model);
        if (side.ModelVersion.Length > 0) writer.WriteString("model_version"u8, side.ModelVersion);
        if (side.Start is { } start) writer.WriteString("start"u8, Instant(start));
        if (side.End is { } end) writer.WriteString("end"u8, Instant(end));
        writer.WriteString("id"u8, side.Id);
        if (leftOut.Count > 0)
        {
            writer.WriteStartObject("left_out"u8);
            foreach (var (column, reason) in leftOut) writer.WriteString(column, reason);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    internal static string Instant(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
