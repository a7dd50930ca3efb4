using System.Globalization;

namespace Drift.Worker.Commands;

/// <summary>How long a window should be, so that a drift worth an alert is found in four windows out of five.</summary>
static class RecommendedWindow
{
    /// <summary>Lengths that a person would choose.</summary>
    static readonly (TimeSpan Length, string Name)[] lengths =
    [
        (TimeSpan.FromHours(1), "one hour"), (TimeSpan.FromHours(6), "six hours"), (TimeSpan.FromDays(1), "one day"), (TimeSpan.FromDays(7), "one week"), (TimeSpan.FromDays(28), "four weeks"), (TimeSpan.FromDays(91), "13 weeks"),
    ];

    public static string Describe(Profile profile)
    {
        var floor = CompareOptions.Default.WarningFloor;
        var (rows, column) = Needed(profile, floor);
        if (column is null) return "Recommended window: none, no column is compared for drift.";
        if (rows is not { } needed)
            return $"Recommended window: none. {profile.Rows:N0} rows are too few to judge a drift of {floor} in '{TextTable.Clean(column)}', however large the window; the least that they can judge is {LeastFloor(profile.Find(column)!).ToString("0.###", CultureInfo.InvariantCulture)}.";
        var most = $"('{TextTable.Clean(column)}' needs the most)";
        if (profile is not { Start: { } start, End: { } end } || end <= start) return $"Recommended window: at least {needed:N0} rows {most}.";
        var perDay = profile.Rows / (end - start).TotalDays;
        // Shorter than a day reads the daily cycle as drift, unless the reference is as short.
        var enough = lengths.Where(l => l.Length >= TimeSpan.FromDays(1) && perDay * l.Length.TotalDays >= needed).ToList();
        return enough.Count == 0
            ? $"Recommended window: at least {needed:N0} rows {most}; at {perDay:N0} rows a day that takes {Math.Ceiling(needed / perDay):N0} days."
            : $"Recommended window: {enough[0].Name}: {perDay * enough[0].Length.TotalDays:N0} rows where {needed:N0} are needed {most}.";
    }

    static (long? Rows, string? Column) Needed(Profile profile, double floor)
    {
        (long? Rows, string? Column) worst = (0, null);
        foreach (var column in profile.Columns.Where(c => c.Spec.IsCompared && c.Values > 0))
        {
            var rows = Power.RowsNeeded(column.Values, Cells(column), floor, column.DesignEffect) is { } values ? (long?)Math.Ceiling(values * (column.Rows / (double)column.Values)) : null;
            if (worst.Column is null || rows is null || rows > worst.Rows) worst = (rows, column.Name);
            if (rows is null) break;
        }
        return worst;
    }

    static double LeastFloor(ColumnProfile column) => Power.LeastFloor(column.Values, Cells(column), column.DesignEffect);

    /// <summary>The cells as a comparison will see them: categories with at least one percent, at most 50, and the others together.</summary>
    static int Cells(ColumnProfile column)
    {
        if (column.Histogram is { } histogram) return histogram.Binning.Count;
        var counts = column.Categories!;
        var listed = 0;
        foreach (var count in counts.Counts) listed += count >= .01 * counts.Values ? 1 : 0;
        listed = Math.Min(listed, 50);
        return Math.Max(2, listed + (listed < counts.Counts.Length || counts.Other > 0 ? 1 : 0));
    }
}
