using System.CommandLine;
using System.Globalization;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary>What is ordinary for a model: from a profile that knows it, or learnt from a data file with truth.</summary>
sealed record ReferenceSide(PerformanceReference Performance, long Rows, Schema Schema)
{
    /// <summary>Loads what a user named as reference.</summary>
    public static ReferenceSide Load(string path, ReadOptions options, ModelColumns columns, PerformanceFlags flags, ParseResult given) => Sides.TryProfile(path, out var profile, isReference: true)
        ? Of(path, profile) ?? throw new InputException($"{path}: the profile knows nothing of performance; make it with --truth and --prediction or --score")
        : Fit(ModelData.Load(path, options, columns, flags.Metrics(given)), columns, flags, given);

    /// <summary>What a profile knows; null when that is nothing.</summary>
    public static ReferenceSide? Of(string path, Profile profile)
    {
        try
        {
            return PerformanceFormat.Read(profile) is { } known ? new(known, profile.Rows, profile.Schema) : null;
        }
        catch (FormatException e)
        {
            throw new InputException($"{path}: not a readable profile: {e.Message}", e);
        }
    }

    static ReferenceSide Fit(ModelData rows, ModelColumns columns, PerformanceFlags flags, ParseResult given) =>
        new(PerformanceRun.Guard(rows.File, () => PerformanceReference.Fit(rows.Table, columns, flags.Chunks(given, rows.Table, rows.File))), rows.Table.Rows, rows.Table.Schema);

    /// <summary>A profile that also holds the performance of the rows it was made of, where their truth and answers are named; and what to say about it.</summary>
    public static (Profile Profile, string? Said) AddTo(Profile profile, string path, ReadOptions options, PerformanceFlags flags, ParseResult given)
    {
        var named = options.Roles.Values.ToHashSet();
        if (!named.Contains(ColumnRole.Truth) || !named.Contains(ColumnRole.Prediction) && !named.Contains(ColumnRole.Score))
            return flags.IsGiven(given) ? throw new UsageException("--task needs --truth, and --prediction or --score") : (profile, null);
        var truth = options.Roles.First(r => r.Value == ColumnRole.Truth).Key;
        var rows = ModelData.Load(path, options, flags.Columns(given, options, PerformanceTask.Binary), flags.Metrics(given));
        var columns = flags.Columns(given, options, flags.Guess(given, rows.Table.Find(truth)!));
        var known = Fit(rows, columns, flags, given).Performance;
        return (PerformanceFormat.AddTo(profile, known), Say(known));
    }

    static string Say(PerformanceReference known)
    {
        var measures = known.Baselines.Where(b => b.Class is null && b.Measure is "accuracy" or "auc" or "f1" or "rmse" or "mae" or "r2" or "ndcg" or "map" && b.Class is null)
            .Select(b => $"{b.Measure} {b.Reference.ToString("G4", CultureInfo.InvariantCulture)}");
        var estimates = known switch
        {
            { Confidence: { } c } => c.Calibrations.All(one => one.IsNone) ? "; estimates by CBPE from the scores as they are" : "; estimates by CBPE from calibrated scores",
            { Loss: not null } => "; estimates by DLE",
            _ => "",
        };
        var chunks = known.Baselines.Count == 0 ? 0 : known.Baselines.Max(b => b.Chunks);
        return $"performance as {TaskNames.Of(known.Columns.Task)}{(known.Columns.Positive is { } positive ? $", positive class {TextTable.Clean(positive)}" : "")}: {string.Join(", ", measures)}; limits from {chunks} chunks{(chunks < ChunkBaseline.Enough ? " (few)" : "")}{estimates}";
    }
}
