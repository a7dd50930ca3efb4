using System.CommandLine;
using System.Globalization;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary><c>drift profile</c>: a reference from a data file, and in words what was made of every column.</summary>
static class ProfileCommand
{
    const int MostDistinct = 10_000;
    const int ColumnsAtOnce = 4;

    public static readonly IReadOnlyDictionary<string, BinningRule> Rules = new Dictionary<string, BinningRule>(StringComparer.Ordinal)
    {
        ["default"] = BinningRule.Default, ["quantile"] = BinningRule.Quantile, ["uniform"] = BinningRule.Uniform, ["sturges"] = BinningRule.Sturges, ["doane"] = BinningRule.Doane,
    };

    public static Command Create(Cli cli)
    {
        var data = new Argument<string>("DATA") { Description = "CSV, JSONL or Arrow IPC, also .gz." };
        var output = new Option<string?>("--out") { Description = "Where the profile goes.", HelpName = "R.json" };
        var schemaOut = new Option<string?>("--schema-out") { Description = "Where the schema goes.", HelpName = "S.json" };
        var model = new Option<string?>("--model") { Description = "The model's name.", HelpName = "M" };
        var version = new Option<string?>("--model-version") { Description = "The model's version.", HelpName = "V" };
        var bins = new Option<int>("--bins") { Description = "Cells of a numeric column.", DefaultValueFactory = _ => 10, HelpName = "N" };
        var binning = new Option<string>("--binning") { Description = "How the edges are chosen.", DefaultValueFactory = _ => "default", HelpName = string.Join('|', Rules.Keys) };
        var projection = new Option<bool>("--projection") { Description = "Also what reconstruction_error needs: the main directions of the columns together." };
        var command = new Command("profile", "Makes a reference from a data file and prints what was made of every column.") { data, output };
        var flags = new DataFlags(command);
        var chunks = new ChunkFlags(command);
        foreach (var option in (Option[])[schemaOut, model, version, bins, binning, projection]) command.Add(option);
        var performance = new PerformanceFlags(command, flags, chunks);
        command.SetAction(given =>
        {
            if (given.GetValue(output) is null && given.GetValue(schemaOut) is null) throw new UsageException("nothing to write: give --out R.json, --schema-out S.json or both");
            var (cells, rule) = (Bins(given.GetValue(bins)), Rule(given.GetValue(binning)!));
            using var progress = new Progress(cli, "rows");
            var set = DataFile.Load(given.GetRequiredValue(data), performance.WithMetrics(given, flags.Read(given)) with { Progress = progress.Report });
            progress.Dispose();
            if (set.Rows == 0) throw new InputException($"{set.File}: has no rows");
            var profile = Build(set, cells, rule).With(given.GetValue(model), given.GetValue(version));
            if (profile.Columns.Count == 0) throw new InputException($"{set.File}: no column is left to profile ({string.Join("; ", set.Columns.Select(c => $"{c.Spec.Name}: {c.LeftOut}").Take(20))}); name some by --columns");
            if (given.GetValue(projection))
                profile = ProjectionFormat.AddTo(profile, Projection.Fit(set.Table, chunks.Of(given, set.Table, set.File)) ?? throw new UsageException($"--projection: no compared column of {set.File} varies"));
            if (chunks.IsGiven(given)) profile = MeasureBaselines.Of(profile, set.Table, chunks.Of(given, set.Table, set.File)).AddTo(profile);
            (profile, var said) = ReferenceSide.AddTo(profile, set.File, flags.Read(given), performance, given);
            if (given.GetValue(schemaOut) is { } schemaPath) OutputFile.Write(schemaPath, SchemaFormat.Write(set.Schema));
            if (given.GetValue(output) is { } path) OutputFile.Write(path, ProfileFormat.Write(profile));
            Print(cli, set, profile);
            if (said is not null) cli.Line(said);
            return ExitCode.Fine;
        });
        return command;
    }

    public static int Bins(int bins) => bins is >= 2 and <= 1000 ? bins : throw new UsageException($"--bins {bins}: a number from 2 to 1000");

    public static BinningRule Rule(string name) => Rules.TryGetValue(name, out var rule) ? rule : throw new UsageException($"--binning {name}: one of {string.Join(", ", Rules.Keys)}");

    /// <summary>The reference of a data set; it remembers what was left out, so that the same columns in later data are no surprise.</summary>
    public static Profile Build(DataSet set, int bins = 10, BinningRule rule = BinningRule.Default)
    {
        // A few columns at a time: a builder keeps the values of all its columns until it has chosen their cells.
        var profiled = set.Table.Columns.Where(c => c.Spec.IsProfiled).ToList();
        var times = set.Table.Columns.Where(c => c.Spec.Role == ColumnRole.Time).ToList();
        var parts = profiled.Chunk(ColumnsAtOnce).Select(some => new Table([.. times, .. some])).Select(t => ProfileBuilder.ForReference(t.Schema, bins, rule).Add(t).ToProfile()).ToList();
        var leftOut = set.Columns.Select(c => c.Spec).Where(c => !c.IsProfiled).ToArray();
        return new Profile(parts.SelectMany(p => p.Columns), set.Rows)
        {
            Start = parts.FirstOrDefault()?.Start,
            End = parts.FirstOrDefault()?.End,
            Extras = leftOut.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { [LeftOut.Member] = LeftOut.Write(leftOut) },
        };
    }

    static void Print(Cli cli, DataSet set, Profile profile)
    {
        cli.Line($"{set.File}: {set.Rows:N0} rows, {set.Columns.Count} columns, {profile.Columns.Count} of them profiled" + Span(profile));
        var table = new TextTable("column", "kind", "type", "role", "distinct", "nulls", "remarks").Right(4, 5);
        foreach (var note in set.Columns)
            table.Row(
                note.Spec.Name,
                ColumnNames.Of(note.Spec.Kind), ColumnNames.Of(note.Spec.Type), ColumnNames.Of(note.Spec.Role),
                note.Distinct == 0 ? "-" : note.DistinctIsCapped ? $"{MostDistinct:N0}+" : note.Distinct.ToString("N0", CultureInfo.InvariantCulture),
                note.Nulls.ToString("N0", CultureInfo.InvariantCulture),
                string.Join("; ", new[] { note.LeftOut is null || note.Spec.Role is ColumnRole.Time or ColumnRole.Id ? note.LeftOut : "left out: " + note.LeftOut, note.Remark, Identifier(profile, note) }.Where(s => s is not null)));
        table.Write(cli);
        cli.Line(RecommendedWindow.Describe(profile));
    }

    static string Span(Profile profile) => profile is { Start: { } start, End: { } end } ? $", {start:yyyy-MM-dd HH:mm} to {end:yyyy-MM-dd HH:mm} UTC" : "";

    static string? Identifier(Profile profile, ColumnNote note) =>
        profile.Find(note.Spec.Name)?.Categories is { } counts && counts.Vocabulary.Singletons > counts.Values / 2 ? "mostly values that never repeat: its drift cannot be judged" : null;
}
