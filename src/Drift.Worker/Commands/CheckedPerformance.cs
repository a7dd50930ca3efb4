using System.CommandLine;
using Drift.Worker.Sources.Files;

namespace Drift.Worker.Commands;

/// <summary>The performance that <c>check</c> judges: asked for by --task, or known to the reference and present in the data.</summary>
sealed class CheckedPerformance
{
    readonly PerformanceFlags flags;
    readonly CompareFlags compare;

    public CheckedPerformance(Command command, CompareFlags compare)
    {
        this.compare = compare;
        flags = new PerformanceFlags(command, compare.Data, compare.Chunks, "The truth of the current side, where it stands in a file of its own; joined by --id.");
    }

    /// <summary>The report with the readings of performance, realised where there is truth and estimated where the reference can.</summary>
    public DriftReport AddTo(DriftReport report, ParseResult given)
    {
        var (before, now) = compare.Files(given);
        var options = compare.Data.Read(given);
        var known = Sides.TryProfile(before, out var profile, isReference: true) ? ReferenceSide.Of(before, profile) : null;
        if (Sides.IsProfile(now)) return flags.IsGiven(given) ? throw new UsageException("--task needs rows: --current is a profile") : report;
        if (!flags.IsGiven(given) && known is null) return report;
        var columns = flags.IsGiven(given) ? flags.Columns(given, options) : known!.Performance.Columns;
        if (known is null && columns.Truth is null) throw new UsageException("--truth is missing: --task asks for performance, and the reference knows nothing of it");
        if (known is null && profile is null) known = ReferenceSide.Load(before, options, columns, flags, given);
        options = WithRoles(options, columns);
        // Only a reference that knows performance can do without the truth: by its estimates.
        var rows = flags.Load(given, now, options, columns, known?.Schema, withoutTruth: known is not null);
        if (columns.Truth is { } truth && rows.Table.Find(truth) is null) columns = columns with { Truth = null };
        if (known is not null) columns = known.Performance.Columns with { Truth = columns.Truth };
        var run = new PerformanceRun(rows, columns, options, flags.Metrics(given), known?.Performance.ForRows(rows.Table.Rows, known.Rows), estimate: known?.Performance is { Confidence: not null } or { Loss: not null });
        return new(report.Reference, report.Current, [.. report.Readings, .. run.All()], report.Recipe, report.Options) { LeftOut = report.LeftOut };
    }

    /// <summary>The roles that the reference's document names count as if the user had given them.</summary>
    static ReadOptions WithRoles(ReadOptions options, ModelColumns columns)
    {
        var roles = new Dictionary<string, ColumnRole>(options.Roles, StringComparer.Ordinal);
        foreach (var (name, role) in (ReadOnlySpan<(string?, ColumnRole)>)[(columns.Truth, ColumnRole.Truth), (columns.Prediction, ColumnRole.Prediction)])
            if (name is not null) roles.TryAdd(name, role);
        foreach (var score in columns.Scores) roles.TryAdd(score.Column, ColumnRole.Score);
        return options with { Roles = roles };
    }
}
