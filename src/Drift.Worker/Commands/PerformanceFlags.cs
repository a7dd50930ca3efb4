using System.CommandLine;
using System.Globalization;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary>The flags that say what a model answers and how its rows are cut into chunks: the same on evaluate, estimate, contrast and check.</summary>
sealed class PerformanceFlags
{
    readonly Option<string?> task = new("--task") { Description = "What the model answers.", HelpName = string.Join('|', TaskNames.All) };
    readonly Option<string?> positive = new("--positive") { Description = "The positive class; by default 1, true or yes, else the greater.", HelpName = "V" };
    readonly Option<string?> query = new("--query") { Description = "The column with the query that an item belongs to (ranking).", HelpName = "COL" };
    readonly Option<int> cut = new("--k") { Description = "How many ranks of a query count (ranking); 0 for all.", HelpName = "N" };
    readonly Option<string[]> metrics = DataFlags.List("--metric", "Columns with business metrics, such as revenue.", "COL,..");
    readonly Option<string?>? labels;
    readonly ChunkFlags? chunks;
    readonly DataFlags data;

    /// <summary>Adds the flags to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="data">The flags of its columns.</param>
    /// <param name="chunks">The flags of its chunks; null where it has none.</param>
    /// <param name="labels">What <c>--labels</c> names; null where the truth must stand in the data.</param>
    public PerformanceFlags(Command command, DataFlags data, ChunkFlags? chunks, string? labels = null)
    {
        (this.data, this.chunks) = (data, chunks);
        if (labels is not null) command.Add(this.labels = new("--labels") { Description = labels, HelpName = "DATA" });
        foreach (var option in (Option[])[task, positive, query, cut, metrics]) command.Add(option);
    }

    /// <summary>Reads a file of answers, with the truth of <c>--labels</c> where that is given.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">What the user said about its columns.</param>
    /// <param name="columns">Where the answers stand.</param>
    /// <param name="like">The schema that the features should have.</param>
    /// <param name="withoutTruth">Whether the file may have no truth at all.</param>
    public ModelData Load(ParseResult given, string path, ReadOptions options, ModelColumns columns, Schema? like = null, bool withoutTruth = false)
    {
        var joined = labels is null ? null : given.GetValue(labels);
        var rows = ModelData.Load(path, options, columns, Metrics(given), like, withoutTruth || joined is not null ? columns.Truth : null);
        return joined is null ? rows : rows.Join(joined, options, columns.Truth);
    }

    /// <summary>Whether performance is asked for at all.</summary>
    public bool IsGiven(ParseResult given) => given.GetValue(task) is not null;

    /// <summary>
    /// The task that the columns speak of: several scores or more than two classes of text are multiclass, two classes binary, other numbers a regression
    /// unless there are scores.
    /// </summary>
    public PerformanceTask Guess(ParseResult given, Column truth)
    {
        var scores = data.Scores(given).Count();
        if (scores > 2) return PerformanceTask.Multiclass;
        var distinct = truth is CategoricalColumn text ? text.Codes.ToArray().Where(c => c >= 0).Distinct().Count() : ((NumericColumn)truth).Sample().Distinct().Take(3).Count();
        return distinct <= 2 ? PerformanceTask.Binary : truth is CategoricalColumn || scores > 0 ? PerformanceTask.Multiclass : PerformanceTask.Regression;
    }

    /// <summary>The business metrics.</summary>
    public IReadOnlyList<string> Metrics(ParseResult given) => DataFlags.Split(given.GetValue(metrics));

    /// <summary>The roles with the metrics among them: service columns, which are counted but not compared.</summary>
    public ReadOptions WithMetrics(ParseResult given, ReadOptions read)
    {
        var roles = new Dictionary<string, ColumnRole>(read.Roles, StringComparer.Ordinal);
        foreach (var name in Metrics(given)) roles[name] = ColumnRole.Service;
        return read with { Roles = roles };
    }

    /// <summary>Where the answers stand.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="read">The roles that were given.</param>
    /// <param name="otherwise">The task where none is named; without it the task must be.</param>
    public ModelColumns Columns(ParseResult given, ReadOptions read, PerformanceTask? otherwise = null)
    {
        var name = given.GetValue(task) ?? (otherwise is { } known ? TaskNames.Of(known) : throw new UsageException($"--task is missing: one of {string.Join(", ", TaskNames.All)}"));
        var kind = TaskNames.Parse(name) ?? throw new UsageException($"--task {name}: one of {string.Join(", ", TaskNames.All)}");
        if (given.GetValue(cut) < 0) throw new UsageException($"--k {given.GetValue(cut)}: a number of ranks, or 0 for all");
        if (kind != PerformanceTask.Ranking) CompareFlags.Refuse(given, $"has no meaning for --task {TaskNames.Of(kind)}", query, cut);
        if (kind != PerformanceTask.Binary) CompareFlags.Refuse(given, $"has no meaning for --task {TaskNames.Of(kind)}", positive);
        if (kind == PerformanceTask.Ranking && given.GetValue(query) is null) throw new UsageException("--task ranking needs --query COL");
        ScoreColumn[] scores = [.. data.Scores(given).Select(s => new ScoreColumn(s.Class, s.Column))];
        return new()
        {
            Task = kind,
            Truth = Of(read, ColumnRole.Truth),
            Prediction = Of(read, ColumnRole.Prediction),
            Scores = kind == PerformanceTask.Binary ? OfPositive(scores, given.GetValue(positive)) : scores,
            Positive = given.GetValue(positive),
            Query = given.GetValue(query),
            Cut = given.GetValue(cut),
        };
    }

    /// <summary>A binary model may name the scores of both classes; the one of the positive class is meant.</summary>
    static ScoreColumn[] OfPositive(ScoreColumn[] scores, string? positive)
    {
        if (scores.Length < 2) return scores;
        if (scores.Length > 2 || Array.Exists(scores, s => s.Class is null)) throw new UsageException("--score of a binary model names one column, or both as class=COL");
        var found = Array.FindAll(scores, s => positive is null ? s.Class!.ToUpperInvariant() is "1" or "TRUE" or "YES" : s.Class == positive);
        return found.Length == 1 ? found : [scores.OrderBy(s => s.Class, StringComparer.Ordinal).Last()];
    }

    static string? Of(ReadOptions read, ColumnRole role) => read.Roles.FirstOrDefault(r => r.Value == role).Key;

    /// <summary>The chunks of a table.</summary>
    public IReadOnlyList<Chunk> Chunks(ParseResult given, Table table, string file) => chunks!.Of(given, table, file);

    /// <summary>The start or end of a chunk: a row number, or an instant.</summary>
    public static string Text(Chunk chunk, long at) => chunk.IsPeriod
        ? DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : at.ToString(CultureInfo.InvariantCulture);
}
