using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary>The two sides of a comparison as the user named them: a profile or a data file against a data file.</summary>
static class Sides
{
    /// <summary>Loads both and compares them. With rows on both sides the tests on raw samples are exact; with a profile its cells and counts are what there is.</summary>
    public static DriftReport Compare(string reference, string current, ReadOptions options, CompareOptions compare, int bins, BinningRule rule, Func<Table, string, MeasureBaselines?>? baselines = null)
    {
        try
        {
            if (TryProfile(reference, out var profile, isReference: true))
                return compare.Threshold.Width is null || profile.Extras.ContainsKey("baseline")
                    ? Compare(profile, current, options, compare)
                    : throw new UsageException($"{reference}: --threshold chunks needs the reference's chunks; make the profile with --chunk-size, --chunk-count or --chunk-period");
            if (IsProfile(current)) throw new UsageException($"{current}: is a profile, but {reference} is a data file; a profile can be compared only with the profile that it was made against");
            var (before, now) = Both(reference, current, options);
            var report = DriftReport.Compare(before.Table, now.Table, compare with { Baselines = baselines?.Invoke(before.Table, reference) }, bins, rule);
            return new(report.Reference, report.Current, report.Readings, report.Recipe, report.Options) { LeftOut = compare.Columns is null ? before.LeftOut(options) : new Dictionary<string, string>() };
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    /// <summary>Loads both and compares them row by row.</summary>
    public static DriftReport Paired(string reference, string current, ReadOptions options, CompareOptions compare, string id, double tolerance)
    {
        foreach (var path in (string[])[reference, current])
            if (IsProfile(path)) throw new UsageException($"{path}: --paired needs the rows of both sides; a profile keeps only counts");
        // An id is not kept by itself; a service column is, and is not compared either.
        var roles = options.Roles.Where(r => r.Key != id).Append(KeyValuePair.Create(id, ColumnRole.Service)).ToDictionary();
        var (before, now) = Both(reference, current, options with { Roles = roles });
        try
        {
            var report = DriftReport.ComparePaired(before.Table, now.Table, id, tolerance, compare);
            return report.Readings.Count == 0 || report.Readings.Any(reading => reading.Rows > 0) ? report : throw new InputException($"{reference} and {current} have no id in common");
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    static (DataSet Before, DataSet Now) Both(string reference, string current, ReadOptions options)
    {
        var before = Load(reference, options);
        return (before, Load(current, options with { Schema = before.Table.Schema, AllMustExist = false, Columns = null, Roles = Others(options, before) }));
    }

    /// <summary>A data file, or a profile with the same cells, against a reference's profile. A column that only one side has stays so: it is one violation, not nulls.</summary>
    static DriftReport Compare(Profile reference, string current, ReadOptions options, CompareOptions compare)
    {
        if (TryProfile(current, out var profile))
            return profile.Id == reference.Id ? DriftReport.Compare(reference, profile, compare) : throw new InputException($"{current}: its cells are not the reference's; a profile to compare with must have been made against that reference");
        var schema = new Schema(reference.Columns.Select(c => IsBoolean(c) ? c.Spec with { Type = ColumnType.Bool } : c.Spec));
        var roles = options.Roles.Concat(LeftOut.Read(reference)).DistinctBy(r => r.Key).ToDictionary();
        var set = Load(current, options with { Schema = schema, AllMustExist = false, Columns = null, Roles = roles });
        var report = DriftReport.Compare(reference, set.Table, compare);
        var times = Times(set);
        return new(reference, report.Current.With(start: times?.Start, end: times?.End), report.Readings, report.Recipe, report.Options);
    }

    static DataSet Load(string path, ReadOptions options)
    {
        var set = DataFile.Load(path, options);
        return set.Rows > 0 ? set : throw new InputException($"{path}: has no rows");
    }

    /// <summary>What the reference file left out stays out of the current one: its ids and times are no new columns there.</summary>
    static Dictionary<string, ColumnRole> Others(ReadOptions options, DataSet before) =>
        options.Roles.Concat(before.Columns.Where(c => !c.Spec.IsProfiled).Select(c => KeyValuePair.Create(c.Spec.Name, c.Spec.Role)))
            .DistinctBy(r => r.Key).ToDictionary();

    static bool IsBoolean(ColumnProfile column) =>
        column.Categories is { Categories.Count: > 0 and <= 2 } counts && counts.Categories.All(c => c is "true" or "false");

    static (DateTimeOffset Start, DateTimeOffset End)? Times(DataSet set)
    {
        if (set.Table.Columns.FirstOrDefault(c => c.Spec.Role == ColumnRole.Time) is not NumericColumn times) return null;
        var known = times.Sample();
        return known.Length == 0 ? null : (At(known.Min()), At(known.Max()).AddMilliseconds(1));
    }

    static DateTimeOffset At(double milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);

    /// <summary>Whether a file says of itself, at its start, that it is a profile document.</summary>
    public static bool IsProfile(string path) => Text(path, isReference: false) is not null;

    /// <summary>Whether a file is a profile document; a JSON file that is none is data.</summary>
    /// <param name="path">The file.</param>
    /// <param name="profile">What it holds.</param>
    /// <param name="isReference">Where a profile is usual: there a .json file that is none is an error worth explaining.</param>
    public static bool TryProfile(string path, out Profile profile, bool isReference = false)
    {
        profile = null!;
        if (Text(path, isReference) is not { } text) return false;
        try
        {
            profile = ProfileFormat.Read(text);
            return true;
        }
        catch (FormatException e)
        {
            throw new InputException($"{path}: not a readable profile: {e.Message}", e);
        }
    }

    static byte[]? Text(string path, bool isReference) => DataFile.Guard(path, () =>
    {
        using var source = new FileSource(path);
        if (!source.IsJson) return null;
        using var stream = source.Open();
        using var head = new MemoryStream();
        var start = new byte[4096];
        head.Write(start.AsSpan(0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
        var isDocument = head.GetBuffer().AsSpan(0, (int)head.Length).IndexOf("\"drift-profile\""u8) >= 0;
        if (!isDocument && !(isReference && path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))) return null;
        stream.CopyTo(head);
        return head.ToArray();
    });
}
