namespace Drift;

/// <summary>
/// What a profile's service columns say: latency percentiles from <c>latency_ms</c>, the share of errors from <c>error</c>, mean, sum and percentiles of every
/// other one as a business metric, and how many rows came a second.
/// </summary>
/// <remarks>
/// Means and sums are exact. A percentile is interpolated inside the cell that it falls into; the detail's bounds are that cell's edges, so they certainly
/// hold it (below and above the reference's range: the smallest and the largest value). A limit from the service level stands in the detail as <c>sla</c>.
/// </remarks>
public static class ServiceReadings
{
    /// <summary>The readings of a window.</summary>
    /// <param name="window">Its profile.</param>
    /// <param name="reference">The reference, for the values before; null for none.</param>
    /// <param name="duration">How long the window is; zero leaves the throughput out.</param>
    /// <param name="limits">The service level by measure.</param>
    public static IReadOnlyList<Reading> Of(Profile window, Profile? reference, TimeSpan duration, IReadOnlyDictionary<string, double>? limits = null)
    {
        var readings = new List<Reading>();
        foreach (var column in window.Columns)
        {
            if (column.Spec.Role != ColumnRole.Service) continue;
            var before = reference?.Find(column.Name);
            foreach (var (measure, of) in Measures(column.Name))
                if (of(column) is { } value) readings.Add(Reading(measure, value, before is null ? null : of(before), column.Values, limits));
        }
        if (window.Rows > 0 && duration > TimeSpan.Zero) readings.Add(Reading("throughput_rps", new(window.Rows / duration.TotalSeconds), null, window.Rows, limits));
        return readings;
    }

    readonly record struct Value(double Number, double? Lower = null, double? Upper = null);

    static IEnumerable<(string Measure, Func<ColumnProfile, Value?> Of)> Measures(string column)
    {
        if (column == "latency_ms")
            foreach (var percent in (int[])[50, 95, 99]) yield return ($"p{percent}_ms", c => Percentile(c, percent / 100.0));
        else if (column == "error") yield return ("error_rate", ErrorRate);
        else
        {
            var name = column.StartsWith("metric_", StringComparison.Ordinal) ? column : "metric_" + column;
            yield return (name + "_mean", c => c.Histogram is { Moments.N: > 0 } h ? new(h.Moments.Mean) : null);
            yield return (name + "_sum", c => c.Histogram is { Moments.N: > 0 } h ? new(h.Moments.Mean * h.Moments.N) : null);
            foreach (var percent in (int[])[50, 95, 99]) yield return ($"{name}_p{percent}", c => Percentile(c, percent / 100.0));
        }
    }

    /// <summary>Numbers: 0 is none. Categories: null, false and no are none; a message is an error.</summary>
    static Value? ErrorRate(ColumnProfile column)
    {
        if (column.Rows == 0) return null;
        if (column.Histogram is { } h) return h.Moments.N == 0 ? null : new(Math.Min(1, h.Moments.Mean * h.Moments.N / column.Rows));
        var counts = column.Categories!;
        long none = counts.Null;
        for (var i = 0; i < counts.Categories.Count; i++)
            if (ClassCodes.Canonical(counts.Categories[i]) == "0") none += counts.Counts[i];
        return new((double)(column.Rows - none) / column.Rows);
    }

    static Value? Percentile(ColumnProfile column, double share)
    {
        if (column.Histogram is not { Moments.N: > 0 } h) return null;
        var edges = h.Binning.Edges;
        // The cells from the left: what lies below, the cells proper, what lies above. Infinities are no latency.
        var rank = share * (h.Moments.N - 1);
        double before = 0;
        for (var cell = -1; cell <= h.Binning.Count; cell++)
        {
            var count = cell < 0 ? h.Below : cell == h.Binning.Count ? h.Above : h.Counts[cell];
            if (count > 0 && rank < before + count)
            {
                var lower = cell < 0 ? h.Moments.Min : Math.Max(edges[cell], h.Moments.Min);
                var upper = cell < 0 ? edges[0] : cell == h.Binning.Count ? h.Moments.Max : Math.Min(edges[cell + 1], h.Moments.Max);
                return new(lower + (upper - lower) * Math.Min(1, (rank - before + 0.5) / count), lower, upper);
            }
            before += count;
        }
        return new(h.Moments.Max, h.Moments.Max, h.Moments.Max);
    }

    static Reading Reading(string measure, Value value, Value? before, long rows, IReadOnlyDictionary<string, double>? limits)
    {
        List<KeyValuePair<string, double>> numbers = limits is not null && limits.TryGetValue(measure, out var limit) ? [new("sla", limit)] : [];
        return new()
        {
            Measure = measure, Kind = ReadingKind.Service, Value = value.Number, ReferenceValue = before?.Number, Rows = rows,
            Detail = numbers.Count == 0 && value.Lower is null ? null : new() { Lower = value.Lower, Upper = value.Upper, Numbers = numbers },
        };
    }
}
