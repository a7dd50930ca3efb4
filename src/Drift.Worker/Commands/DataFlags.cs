using System.CommandLine;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary>The flags that say what the columns of a data file are: the same on every command.</summary>
sealed class DataFlags
{
    readonly Option<string?> time = new("--ts") { Description = "The column with the time of the row (ISO 8601).", HelpName = "COL" };
    readonly Option<string?> id = new("--id") { Description = "The column with the id of the row.", HelpName = "COL" };
    readonly Option<string?> prediction = new("--prediction") { Description = "The column with the model's answer.", HelpName = "COL" };
    readonly Option<string?> truth = new("--truth") { Description = "The column with what turned out to be right.", HelpName = "COL" };
    readonly Option<string[]> score = List("--score", "The column with the score of the positive class, or class=COL for each class.", "COL|class=COL,..");
    readonly Option<string[]> segment = List("--segment", "Columns whose values divide the rows into segments.", "COL,..");
    readonly Option<string[]> ignore = List("--ignore", "Columns to leave out.", "COL,..");
    readonly Option<string[]> columns = List("--columns", "The only features; a column named here is never left out.", "COL,..");
    readonly Option<string?> schema = new("--schema") { Description = "A schema document or an MLflow signature (its JSON, or the MLmodel file) that fixes kinds and roles.", HelpName = "S.json" };

    public DataFlags(Command command, bool withColumns = true)
    {
        command.Add(time);
        command.Add(id);
        command.Add(prediction);
        command.Add(truth);
        command.Add(score);
        command.Add(segment);
        command.Add(ignore);
        if (withColumns) command.Add(columns);
        command.Add(schema);
    }

    /// <summary>A list option: values with commas between, or the option several times.</summary>
    public static Option<string[]> List(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => [], Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    public static string[] Split(IEnumerable<string>? values) => [.. (values ?? []).SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    public ReadOptions Read(ParseResult given)
    {
        var roles = new Dictionary<string, ColumnRole>(StringComparer.Ordinal);
        Add(roles, "--ts", ColumnRole.Time, given.GetValue(time));
        Add(roles, "--id", ColumnRole.Id, given.GetValue(id));
        Add(roles, "--prediction", ColumnRole.Prediction, given.GetValue(prediction));
        Add(roles, "--truth", ColumnRole.Truth, given.GetValue(truth));
        foreach (var (_, column) in Scores(given)) Add(roles, "--score", ColumnRole.Score, column);
        foreach (var name in Split(given.GetValue(segment))) Add(roles, "--segment", ColumnRole.Segment, name);
        foreach (var name in Split(given.GetValue(ignore))) Add(roles, "--ignore", ColumnRole.Ignore, name);
        var only = Split(given.GetResult(columns) is null ? null : given.GetValue(columns));
        if (only.FirstOrDefault(n => roles.GetValueOrDefault(n) is ColumnRole.Ignore) is { } both) throw new UsageException($"column '{both}' is in --columns and in --ignore");
        return new ReadOptions { Roles = roles, Columns = only.Length > 0 ? only : null, Schema = given.GetValue(schema) is { } path ? SchemaFile(path) : null };
    }

    /// <summary>The score columns, each with its class where it was given.</summary>
    public IEnumerable<(string? Class, string Column)> Scores(ParseResult given)
    {
        foreach (var part in Split(given.GetValue(score)))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            yield return at < 0 ? (null, part) : (part[..at], part[(at + 1)..]);
        }
    }

    static void Add(Dictionary<string, ColumnRole> roles, string flag, ColumnRole role, string? column)
    {
        if (column is null) return;
        if (column.Length == 0) throw new UsageException($"{flag} names no column");
        if (!roles.TryAdd(column, role) && roles[column] != role)
            throw new UsageException($"column '{column}' cannot be both {ColumnNames.Of(roles[column])} and {ColumnNames.Of(role)} ({flag})");
    }

    public static Schema SchemaFile(string path) => Document(path, "schema", bytes => MlflowSignature.Read(bytes) ?? SchemaFormat.Read(bytes));

    /// <summary>Reads a whole small document; what is wrong with it names the file.</summary>
    public static T Document<T>(string path, string what, Func<byte[], T> read) => DataFile.Guard(path, () =>
    {
        try
        {
            return read(File.ReadAllBytes(path));
        }
        catch (FormatException e)
        {
            throw new InputException($"{path}: not a readable {what}: {e.Message}", e);
        }
    });
}
