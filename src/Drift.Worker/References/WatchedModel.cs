using System.Security.Cryptography;
using Drift.Worker.Configuration;
using Drift.Worker.Windows;

namespace Drift.Worker.References;

/// <summary>A configured model with its reference loaded: everything that folding and judging its records needs.</summary>
public sealed class WatchedModel
{
    readonly Dictionary<int, string[]> segmentValues;

    public WatchedModel(string name, ModelConfig config, Profile reference, int mostSegmentValues = 50)
    {
        Name = name;
        Config = config;
        Reference = reference;
        Document = ProfileFormat.Write(reference);
        ReferenceId = Convert.ToHexStringLower(SHA256.HashData(Document).AsSpan(0, 8));
        Layout = new RecordLayout(name, reference.Schema.Columns, column => reference.Find(column)?.Categories?.Categories, ScoreColumns(reference));
        Clock = new PaneClock(config);
        Answers = AnswerColumns.Of(reference, config);
        Moving = config.Moving is { } moving ? new MovingReference(moving, reference, Clock) : null;
        Segments = [.. config.Segments.Select(segment => (segment, reference.IndexOf(segment)))];
        // The most frequent first: that is the order in which a reference lists its categories.
        segmentValues = Segments.ToDictionary(s => s.Column, s => reference.Columns[s.Column].Categories!.Categories.Take(mostSegmentValues).Select(v => v.Replace('\0', '\uFFFD')).ToArray());
    }

    /// <summary>What a row's segment is called: the value, <c>(null)</c>, or <c>(other)</c> for values beyond the most frequent ones of the reference.</summary>
    public string SegmentValues(int column, RecordRow row)
    {
        if (!row.TryGetCategory(column, out var utf8)) return "(null)";
        var at = Reference.Columns[column].Categories!.Vocabulary.Find(utf8);
        var values = segmentValues[column];
        return at >= 0 && at < values.Length ? values[at] : "(other)";
    }

    static Dictionary<string, string> ScoreColumns(Profile reference) =>
        (PerformanceFormat.Read(reference)?.Columns.Scores ?? []).Where(s => s.Class is not null).DistinctBy(s => s.Class).ToDictionary(s => s.Class!, s => s.Column, StringComparer.Ordinal);

    public string Name { get; }

    public ModelConfig Config { get; }

    public Profile Reference { get; }

    /// <summary>Names the whole reference, counts included: two with equal cells and unequal counts differ.</summary>
    public string ReferenceId { get; }

    /// <summary>The reference as it is stored.</summary>
    public byte[] Document { get; }

    public RecordLayout Layout { get; }

    public PaneClock Clock { get; }

    /// <summary>Where the answers stand, when the model has a task; then each is kept until its truth can no longer come.</summary>
    public AnswerColumns? Answers { get; }

    /// <summary>What windows are compared with when it comes from the stream; null: the reference itself.</summary>
    internal MovingReference? Moving { get; }

    /// <summary>Whether the answer of that id is one of those that performance is computed from: the same ones for every worker and every reading of the log.</summary>
    public bool Samples(ReadOnlySpan<byte> id) => IsSampled(id, Config.TruthSample);

    internal static bool IsSampled(ReadOnlySpan<byte> id, double share) => share >= 1 || XxHash64.Hash(id) < share * ulong.MaxValue;

    /// <summary>The columns whose values get a profile of their own, and where they stand.</summary>
    public IReadOnlyList<(string Name, int Column)> Segments { get; }
}

/// <summary>All watched models.</summary>
public sealed class WatchedModels
{
    readonly Dictionary<string, WatchedModel> byName;
    readonly Dictionary<RecordLayout, WatchedModel> byLayout;

    public WatchedModels(IEnumerable<WatchedModel> models)
    {
        All = [.. models];
        byName = All.ToDictionary(m => m.Name, StringComparer.Ordinal);
        byLayout = All.ToDictionary(m => m.Layout);
        TruthSample = All.Where(m => m.Answers is not null).Select(m => m.Config.TruthSample).DefaultIfEmpty(1).Max();
        Layouts = new RecordLayouts(All.Select(m => m.Layout));
    }

    public IReadOnlyList<WatchedModel> All { get; }

    public RecordLayouts Layouts { get; }

    /// <summary>Whether any of them ranks: then a truth may be a list.</summary>
    public bool Rankings => All.Any(m => m.Config.Task == ModelTask.Ranking);

    /// <summary>The share of truths that an answer can be waiting for: a truth names no model.</summary>
    public double TruthSample { get; }

    public WatchedModel? Find(string name) => byName.GetValueOrDefault(name);

    public WatchedModel Of(RecordLayout layout) => byLayout[layout];

    /// <summary>Loads every model's reference; all that is wrong is told at once.</summary>
    public static WatchedModels Load(DriftConfig config)
    {
        var problems = new List<string>();
        var models = new List<WatchedModel>();
        foreach (var (name, model) in config.Models)
            if (LoadReference(model.Reference, problem => problems.Add($"Drift.Models.{name}.Reference: {problem}")) is { } reference && Fits(name, model, reference, config.Limits, problems))
                models.Add(new WatchedModel(name, model, reference, config.Limits.SegmentValues));
        if (config.Models.Count > config.Limits.Models) problems.Add($"Drift.Models: {config.Models.Count} models; Limits.Models allows {config.Limits.Models}");
        if (config.Source.Model is { } unnamed && !config.Models.ContainsKey(unnamed)) problems.Add($"Drift.Source.Model: '{unnamed}' is not one of Models");
        if (config.Models.Count == 0) problems.Add("Drift.Models: at least one model is wanted");
        if (problems.Count > 0) throw new InputException(string.Join("; ", problems));
        return new WatchedModels(models);
    }

    static Profile? LoadReference(string path, Action<string> problem)
    {
        try
        {
            return ProfileFormat.Read(File.ReadAllBytes(path));
        }
        catch (FormatException e)
        {
            problem($"{path}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem($"cannot read {path}: {e.Message}");
        }
        return null;
    }

    static bool Fits(string name, ModelConfig model, Profile reference, LimitsConfig limits, List<string> problems)
    {
        var before = problems.Count;
        if (reference.Columns.Count > limits.Features) problems.Add($"Drift.Models.{name}.Reference: {reference.Columns.Count} columns; Limits.Features allows {limits.Features}");
        foreach (var column in reference.Columns)
            if (column.Categories?.Categories.Count > limits.Categories)
                problems.Add($"Drift.Models.{name}.Reference: '{column.Name}' lists {column.Categories.Categories.Count} categories; Limits.Categories allows {limits.Categories}");
        foreach (var segment in model.Segments)
            if (reference.Find(segment) is not { } column) problems.Add($"Drift.Models.{name}.Segments: the reference has no column '{segment}'; drift profile with --segment {segment} makes one that has");
            else if (column.Categories is null) problems.Add($"Drift.Models.{name}.Segments: '{segment}' is numeric; a segment is a category");
        if (model.Measures is { } measures && Refusal(reference, measures) is { } refusal) problems.Add($"Drift.Models.{name}.Measures: {refusal}");
        return problems.Count == before;
    }

    /// <summary>What every window's comparison would fail for; the reference compared with itself says it now.</summary>
    static string? Refusal(Profile reference, IReadOnlyList<string> measures)
    {
        try
        {
            Comparison.Compare(reference, reference, new CompareOptions { Measures = measures });
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }
}
