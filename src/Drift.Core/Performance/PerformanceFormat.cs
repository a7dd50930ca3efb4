using System.Text;
using System.Text.Json;

namespace Drift;

/// <summary>
/// What a reference knows of performance, inside its profile document: the members <c>performance</c> (columns, and each measure over the chunks),
/// <c>calibration</c> (CBPE) and <c>loss_model</c> (DLE).
/// </summary>
public static partial class PerformanceFormat
{
    /// <summary>A profile that also holds what is known of performance.</summary>
    public static Profile AddTo(Profile profile, PerformanceReference reference)
    {
        var extras = new Dictionary<string, string>(profile.Extras, StringComparer.Ordinal) { ["performance"] = Json(writer => Write(writer, reference)) };
        if (reference.Confidence is { } confidence) extras["calibration"] = Json(writer => Write(writer, confidence));
        if (reference.Loss is { } loss) extras["loss_model"] = Json(writer => Write(writer, loss));
        return profile.With(extras: extras);
    }

    static string Json(Action<Utf8JsonWriter> write)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory)) write(writer);
        return Encoding.UTF8.GetString(memory.ToArray());
    }

    static void Write(Utf8JsonWriter writer, PerformanceReference reference)
    {
        var columns = reference.Columns;
        writer.WriteStartObject();
        writer.WriteNumber("version", 1);
        writer.WriteString("task", TaskNames.Of(columns.Task));
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("truth", columns.Truth), ("prediction", columns.Prediction), ("positive", columns.Positive), ("query", columns.Query)])
            if (value is not null) writer.WriteString(name, value);
        if (columns.Cut > 0) writer.WriteNumber("k", columns.Cut);
        writer.WriteStartArray("scores");
        foreach (var score in columns.Scores)
        {
            writer.WriteStartObject();
            if (score.Class is not null) writer.WriteString("class", score.Class);
            writer.WriteString("column", score.Column);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("measures");
        foreach (var baseline in reference.Baselines) Write(writer, baseline);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, ChunkBaseline baseline)
    {
        writer.WriteStartObject();
        writer.WriteString("measure", baseline.Measure);
        if (baseline.Class is not null) writer.WriteString("class", baseline.Class);
        JsonNumber.Write(writer, "value", baseline.Reference);
        JsonNumber.Write(writer, "mean", baseline.Mean);
        JsonNumber.Write(writer, "std", baseline.Deviation);
        writer.WriteNumber("chunks", baseline.Chunks);
        JsonNumber.Write(writer, "error_per_row", baseline.ErrorPerRow);
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, ConfidenceEstimator estimator)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", 1);
        writer.WriteStartArray("classes");
        for (var c = 0; c < estimator.Classes.Count; c++)
        {
            writer.WriteStartObject();
            writer.WriteString("class", estimator.Classes[c]);
            Numbers(writer, "scores", estimator.Calibrations[c].Scores);
            Numbers(writer, "probabilities", estimator.Calibrations[c].Probabilities);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, LossEstimator estimator)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", 1);
        Texts(writer, "losses", estimator.Losses);
        writer.WriteStartArray("features");
        foreach (var feature in estimator.Features)
        {
            writer.WriteStartObject();
            writer.WriteString("column", feature.Column);
            if (feature.Categories is null) Numbers(writer, "cuts", feature.Cuts);
            else Texts(writer, "categories", feature.Categories);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("nodes");
        foreach (var node in estimator.Tree.Nodes)
        {
            writer.WriteStartObject();
            if (node.IsLeaf) Numbers(writer, "means", node.Means);
            else
                foreach (var (name, part) in (ReadOnlySpan<(string, int)>)[("feature", node.Feature), ("cut", node.Cut), ("left", node.Left), ("right", node.Right)]) writer.WriteNumber(name, part);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void Numbers(Utf8JsonWriter writer, string name, ReadOnlySpan<double> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) JsonNumber.Write(writer, value);
        writer.WriteEndArray();
    }

    static void Texts(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}

/// <summary>The names of tasks, as they stand in documents and on the command line.</summary>
public static class TaskNames
{
    static readonly string[] names = ["binary", "multiclass", "regression", "ranking"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All => names;

    /// <summary>The name of a task.</summary>
    public static string Of(PerformanceTask task) => names[(int)task];

    /// <summary>The task of a name, or null.</summary>
    public static PerformanceTask? Parse(string name) => Array.IndexOf(names, name) is var at and >= 0 ? (PerformanceTask)at : null;
}
