using Drift.Worker.Configuration;
using Drift.Worker.References;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

public sealed partial class Judge
{
    /// <param name="transaction">Sees the windows judged before.</param>
    /// <param name="model">The model.</param>
    /// <param name="reference">The reference in whose cells the window was counted.</param>
    /// <param name="window">The window.</param>
    /// <param name="due">The same as it was planned.</param>
    /// <param name="group">The starts of the windows that are compared together; empty: this one waits for the next.</param>
    /// <param name="parts">All panes of one segment.</param>
    static JudgedWindow Compare(IStoreTransaction transaction, WatchedModel model, Profile reference, Window window, DueWindow due, IReadOnlyList<long> group, IReadOnlyList<PaneState> parts)
    {
        var segment = parts[0].Key.Segment;
        var profile = parts.Select(p => ProfileFormat.ReadCounts(p.Counts, reference)).Aggregate((a, b) => a + b).With(model: window.Model, modelVersion: window.Version, start: window.Start, end: window.End);
        var judged = new JudgedWindow { Window = window with { Rows = profile.Rows }, Segment = segment, Counts = ProfileFormat.WriteCounts(profile) };
        try
        {
            // A window of a former reference has no history in these cells.
            var moving = due.Like.Reference == model.ReferenceId ? model.Moving : null;
            // A segment differs from the whole by nature: it can be compared with its own past and with nothing else. What it measures itself, it has anyway.
            IReadOnlyList<Reading> service = segment.Length > 0
                ? [.. ServiceReadings.Of(profile, null, TimeSpan.Zero, model.Config.Sla).Select(r => r with { Segment = segment })]
                : ServiceReadings.Of(profile, reference, window.End - window.Start, model.Config.Sla);
            if (segment.Length > 0 && moving is null) return judged with { Readings = service };
            if (group.Count == 0) return judged with { Readings = [Waits($"{profile.Rows} rows, fewer than {model.Config.LeastRows}: compared together with the windows after it", segment, profile.Rows), .. service] };
            var grown = Neighbours.Profiles(transaction, due, segment, group, reference).Aggregate(profile, (all, one) => all + one);
            var against = moving?.Of(transaction, due.Like with { Segment = segment }, group) ?? new Counterpart(reference);
            return judged with
            {
                Readings = against.Profile is { } counterpart
                    ? [.. Comparison.Compare(counterpart, grown, new CompareOptions { Measures = model.Config.Measures }).Select(r => r with { Segment = segment }), .. service]
                    : [Waits(against.Wait, segment, grown.Rows), .. service],
            };
        }
        catch (Exception e) when (e is not (OutOfMemoryException or StoreException))
        {
            // One comparison that cannot be made is a finding; it must not stop the stream.
            return judged with { Readings = [new Reading { Measure = "comparison", Segment = segment, Status = ReadingStatus.Failed, Rows = profile.Rows, Detail = new ReadingDetail { Reason = e.Message } }] };
        }
    }

    static Reading Waits(string why, string segment, long rows) =>
        new() { Measure = "comparison", Segment = segment, Status = ReadingStatus.InsufficientData, Rows = rows, Detail = new ReadingDetail { Reason = why } };
}
