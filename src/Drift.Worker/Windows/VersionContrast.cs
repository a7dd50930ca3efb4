using Drift.Worker.References;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>
/// A challenger's window against the champion's of the same time, as readings <c>contrast_X</c>: the value is the challenger's X minus the champion's. Where both
/// versions answered the same ids (shadow) they are contrasted pair by pair.
/// </summary>
static class VersionContrast
{
    /// <summary>Beyond so many answers on both sides the bootstrap would hold up the stream; what has a formula is compared at any size.</summary>
    const int MostResampled = 20_000;

    public static IEnumerable<Reading> Performance(AnswerColumns columns, IReadOnlyList<Answer> champion, IReadOnlyList<Answer> challenger)
    {
        if (champion.Count == 0 || challenger.Count == 0) return [];
        var known = champion.Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        var both = challenger.Where(a => known.Contains(a.Id)).Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        var paired = both.Count * 2 > Math.Min(champion.Count, challenger.Count);
        if (paired) (champion, challenger) = ([.. champion.Where(a => both.Contains(a.Id))], [.. challenger.Where(a => both.Contains(a.Id))]);
        if (!champion.Any(a => a.Truth is not null) || !challenger.Any(a => a.Truth is not null)) return [];
        try
        {
            var (first, second) = (columns.Outcomes(champion), columns.Outcomes(challenger));
            // Rankings of the same queries may be of unequal length; then they are compared like those of different ones.
            var options = new ContrastOptions { Paired = paired && first.Rows == second.Rows, Resample = champion.Count + challenger.Count <= MostResampled };
            return Contrasts.Compare(first, second, options).Select(Named).ToList();
        }
        catch (ArgumentException e)
        {
            return [new Reading { Measure = "contrast_accuracy", Kind = ReadingKind.Performance, Status = ReadingStatus.Failed, Rows = challenger.Count, Detail = new ReadingDetail { Reason = e.Message } }];
        }
    }

    /// <summary>Business metrics by their moments, which the profiles have exactly. Which direction is good nobody has said, so a difference is a warning.</summary>
    public static IEnumerable<Reading> Metrics(Profile champion, Profile challenger)
    {
        var found = new List<Reading>();
        foreach (var column in challenger.Columns)
        {
            if (column.Spec.Role != ColumnRole.Service || column.Name is "latency_ms" or "error" || column.Histogram is not { } own || champion.Find(column.Name)?.Histogram is not { } other) continue;
            var d = Differences.Means(other.Moments, own.Moments);
            if (double.IsNaN(d.PValue)) continue;
            var name = column.Name.StartsWith("metric_", StringComparison.Ordinal) ? column.Name : "metric_" + column.Name;
            found.Add(new()
            {
                Measure = $"contrast_{name}_mean", Kind = ReadingKind.Performance, Value = d.Value, PValue = d.PValue, Rows = own.Moments.N,
                Status = Math.Min(own.Moments.N, other.Moments.N) < SequentialTest.LeastRows ? ReadingStatus.InsufficientData : ReadingStatus.Ok,
                Detail = new() { Recipe = d.Method, Lower = d.Lower, Upper = d.Upper, Numbers = [new("champion", d.First), new("challenger", d.Second), new("reference_rows", other.Moments.N)] },
            });
        }
        var adjusted = new double[found.Count];
        MultipleTesting.BenjaminiHochberg([.. found.Select(r => r.PValue!.Value)], adjusted);
        return found.Select((r, i) => r with { PAdjusted = adjusted[i], Verdict = r.Status != ReadingStatus.Ok ? Verdict.None : adjusted[i] < 1 - Intervals.Level ? Verdict.Warning : Verdict.Ok });
    }

    static Reading Named(Reading reading) => reading with
    {
        Measure = "contrast_" + reading.Measure, Value = reading.Value - reading.ReferenceValue ?? double.NaN, ReferenceValue = null,
        Detail = (reading.Detail ?? new()) with
        {
            Numbers = [new("champion", reading.ReferenceValue ?? double.NaN), new("challenger", reading.Value), .. (reading.Detail?.Numbers ?? []).Where(n => n.Key != "difference")],
        },
    };
}
