using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary>The two sides of a comparison as the user named them: a profile or a data file against a data file.</summary>
static class Sides
{
    /// <summary>Loads both and compares them. With rows on both sides the tests on raw samples are exact; with a profile its cells and counts are what there is.</summary>
    public static DriftReport Compare(string reference, string current, ReadOptions options, CompareOptions compare, int bins, BinningRule rule)
    {
        try
        {
            if (TryProfile(reference, out var profile)) return Compare(profile, current, options, compare);
            var before = Load(reference, options);
            var now = Load(current, options with { Schema = before.Table.Schema, AllMustExist = false, Columns = null, Roles = Others(options, before) });
            return DriftReport.Compare(before.Table, now.Table, compare, bins, rule);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
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

    /// <summary>Whether a file is a profile document. A JSON file that is none is data; a .json file that is none is an error worth explaining.</summary>
    public static bool TryProfile(string path, out Profile profile)
    {
        profile = null!;
        var text = DataFile.Guard(path, () =>
        {
            using var source = new FileSource(path);
            if (!source.IsJson) return null;
            using var stream = source.Open();
            using var head = new MemoryStream();
            var start = new byte[4096];
            head.Write(start.AsSpan(0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
            var isDocument = head.GetBuffer().AsSpan(0, (int)head.Length).IndexOf("\"drift-profile\""u8) >= 0;
            if (!isDocument && !path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return null;
            stream.CopyTo(head);
            return head.ToArray();
        });
        if (text is null) return false;
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
}
