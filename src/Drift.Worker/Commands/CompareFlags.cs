using System.CommandLine;
using System.Globalization;
using System.Text;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary>The flags of <c>compare</c> and <c>check</c>, and the report they ask for.</summary>
sealed class CompareFlags
{
    readonly Option<string> reference = new("--reference") { Description = "A profile, or a data file (then the tests on raw samples are exact).", HelpName = "R", Required = true };
    readonly Option<string> current = new("--current") { Description = "The data to compare: CSV, JSONL or Arrow IPC, also .gz.", HelpName = "DATA", Required = true };
    readonly Option<string[]> measures = DataFlags.List("--measures", "The measures; by default those of each column's kind.", "psi,ks,..");
    readonly Option<string[]> columns = DataFlags.List("--columns", "The only columns to compare.", "a,b");
    readonly Option<string> recipe = new("--recipe") { Description = "Whose definitions the numbers follow.", DefaultValueFactory = _ => DriftReport.OwnRecipe, HelpName = string.Join('|', [DriftReport.OwnRecipe, .. Recipes.Recipe.Names]) };
    readonly Option<bool> nullCell = new("--null-cell") { Description = "Null and NaN are cells of the drift measures too." };
    readonly Option<int> bins = new("--bins") { Description = "Cells of a numeric column, where the reference is a data file.", DefaultValueFactory = _ => 10, HelpName = "N" };
    readonly Option<string> binning = new("--binning") { Description = "How the edges are chosen, where the reference is a data file.", DefaultValueFactory = _ => "default", HelpName = string.Join('|', ProfileCommand.Rules.Keys) };
    readonly Option<string[]> vectors = DataFlags.List("--vector", "Vectors whose components stand in columns PREFIX0, PREFIX1, ..: compared as a whole.", "[NAME=]PREFIX,..");
    readonly Option<string> threshold = new("--threshold") { Description = "By what a value is called drift: significance, outside K deviations of the reference's own chunks, or over a number.", DefaultValueFactory = _ => "significance", HelpName = "significance|chunks[:K]|NUMBER" };
    readonly Option<string> format = new("--format") { Description = "How the result is written.", DefaultValueFactory = _ => "table", HelpName = string.Join('|', Formats) };
    readonly Option<string?> output = new("--out") { Description = "A file for the result instead of stdout.", HelpName = "F" };
    readonly DataFlags data;

    /// <summary>The flags of the reference's chunks.</summary>
    public ChunkFlags Chunks { get; }

    /// <summary>The flags of the columns' roles.</summary>
    public DataFlags Data => data;

    /// <summary>The files of both sides.</summary>
    public (string Reference, string Current) Files(ParseResult given) => (given.GetRequiredValue(reference), given.GetRequiredValue(current));

    public CompareFlags(Command command)
    {
        foreach (var option in (Option[])[reference, current, measures, columns, recipe, nullCell, bins, binning, vectors, threshold, format, output]) command.Add(option);
        data = new DataFlags(command, withColumns: false);
        Chunks = new ChunkFlags(command);
    }

    static readonly string[] Formats = ["table", "json", "markdown", "html"];

    public string Format(ParseResult given) => Formats.Contains(given.GetValue(format))
        ? given.GetValue(format)!
        : throw new UsageException($"--format {given.GetValue(format)}: one of {string.Join(", ", Formats)}");

    /// <summary>The same rows of two pipelines, which must both be data files.</summary>
    public DriftReport ComparePaired(ParseResult given, Cli cli, double tolerance)
    {
        _ = Format(given);
        Refuse(given, "has no meaning with --paired", measures, recipe, threshold, vectors, bins, binning, nullCell);
        if (!(tolerance >= 0 && double.IsFinite(tolerance))) throw new UsageException($"--tolerance {tolerance.ToString("R", CultureInfo.InvariantCulture)}: 0 or more");
        using var progress = new Progress(cli, "rows");
        var only = DataFlags.Split(given.GetValue(columns));
        var options = data.Read(given) with { Progress = progress.Report, NeverLeftOut = only };
        var id = options.Roles.FirstOrDefault(r => r.Value == ColumnRole.Id).Key ?? throw new UsageException("--paired needs --id COL, by which rows find each other");
        return Sides.Paired(given.GetRequiredValue(reference), given.GetRequiredValue(current), options, new CompareOptions { Columns = only.Length > 0 ? only : null }, id, tolerance);
    }

    /// <summary>What has no effect is refused, never ignored.</summary>
    internal static void Refuse(ParseResult given, string why, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
            if (given.GetResult(option) is { Implicit: false }) throw new UsageException($"{option.Name} {why}");
    }

    public DriftReport Compare(ParseResult given, Cli cli)
    {
        _ = Format(given);
        string[] recipes = [DriftReport.OwnRecipe, .. Recipes.Recipe.Names];
        if (!recipes.Contains(given.GetValue(recipe))) throw new UsageException($"--recipe {given.GetValue(recipe)}: one of {string.Join(", ", recipes)}");
        using var progress = new Progress(cli, "rows");
        var compare = new CompareOptions
        {
            Measures = DataFlags.Split(given.GetValue(measures)) is { Length: > 0 } named ? named : null,
            Columns = DataFlags.Split(given.GetValue(columns)) is { Length: > 0 } only ? only : null,
            NullCell = given.GetValue(nullCell),
            Recipe = given.GetValue(recipe)!,
            Vectors = [.. DataFlags.Split(given.GetValue(vectors)).Select(Vector)],
            Threshold = ThresholdRule.Parse(given.GetValue(threshold)!) ?? throw new UsageException($"--threshold {given.GetValue(threshold)}: significance, chunks, chunks:K with K above 0, or a number"),
        };
        if (compare.Recipe != DriftReport.OwnRecipe && compare is { Threshold: not { Value: null, Width: null } }) throw new UsageException($"--threshold: the recipe {compare.Recipe} has thresholds of its own");
        if (compare.Recipe != DriftReport.OwnRecipe) Refuse(given, $"has no meaning with --recipe {compare.Recipe}, which has cells of its own", bins, binning, nullCell);
        if (Sides.IsProfile(given.GetRequiredValue(reference))) Refuse(given, $"has no meaning here: the cells of the profile {given.GetValue(reference)} are fixed", bins, binning);
        var options = data.Read(given) with { Progress = progress.Report, NeverLeftOut = compare.Columns ?? [] };
        var (cells, rule) = (ProfileCommand.Bins(given.GetValue(bins)), ProfileCommand.Rule(given.GetValue(binning)!));
        return Sides.Compare(
            given.GetRequiredValue(reference), given.GetRequiredValue(current), options, compare, cells, rule,
            (table, file) => compare.Threshold.Width is null ? null : MeasureBaselines.Of(table, Chunks.Of(given, table, file), compare, cells, rule));
    }

    static VectorColumn Vector(string text) => text.Split('=', 2) switch
    {
        [var name, var prefix] when name.Length > 0 && prefix.Length > 0 => new(name, prefix),
        [var prefix] when prefix.TrimEnd('_', '.').Length > 0 => new(prefix.TrimEnd('_', '.'), prefix),
        _ => throw new UsageException($"--vector {text}: NAME=PREFIX or PREFIX is wanted"),
    };

    /// <summary>Writes a result where <c>--out</c> says, else to stdout.</summary>
    public void Write(ParseResult given, Cli cli, string text)
    {
        if (given.GetValue(output) is { } path) OutputFile.Write(path, Encoding.UTF8.GetBytes(text));
        else cli.Out.Write(text);
    }

    /// <summary>The report as a table: framed for a terminal, else the report's own text.</summary>
    public void WriteTable(ParseResult given, Cli cli, DriftReport report)
    {
        if (!cli.OutIsTerminal || given.GetValue(output) is not null) { Write(given, cli, report.ToString()); return; }
        var lines = report.ToString().Split('\n');
        cli.Line(lines[0]);
        var table = new TextTable("column", "measure", "value", "reference", "p adjusted", "verdict").Right(2, 3, 4);
        foreach (var reading in report.Readings.OrderByDescending(r => r.Verdict).ThenBy(r => r.PAdjusted ?? 1))
            table.Row(reading.Column, reading.Measure, Short(reading.Value), reading.ReferenceValue is { } before ? Short(before) : "", reading.PAdjusted is { } p ? Short(p) : "",
                reading.Status == ReadingStatus.Ok ? reading.Verdict.ToString().ToLowerInvariant() : reading.Status == ReadingStatus.InsufficientData ? "insufficient data" : reading.Status == ReadingStatus.Failed ? "failed" : "not applicable");
        table.Write(cli);
        if (report.LeftOutLine() is { } leftOut) cli.Line(leftOut);
    }

    static string Short(double value) => double.IsNaN(value) ? "-" : value.ToString("G4", CultureInfo.InvariantCulture);
}
