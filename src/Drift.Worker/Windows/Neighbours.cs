using Drift.Worker.References;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>
/// Windows that are too small to say anything, merged with those before them until together they hold enough rows: at most 24, never across a day, and
/// each in one group only. Where a group ends depends on row counts alone: were it to depend on what the rows say, a test would stop when it likes the answer.
/// </summary>
static class Neighbours
{
    /// <summary>The most windows of one group.</summary>
    public const int Most = 24;

    /// <summary>The starts of the windows that are compared together with this one, itself last; empty: this one waits for the next.</summary>
    /// <param name="transaction">Sees the windows judged before.</param>
    /// <param name="model">The model.</param>
    /// <param name="due">The window, not saved yet.</param>
    /// <param name="rows">Its rows.</param>
    public static IReadOnlyList<long> Of(IStoreTransaction transaction, WatchedModel model, DueWindow due, long rows)
    {
        var least = model.Config.LeastRows;
        var step = due.Clock.Window;
        var day = DayOf(model, due.Start);
        var before = new Dictionary<long, long>();
        if (due.Start > day)
            foreach (var window in transaction.History(new HistoryQuery(due.Like with { Segment = "" }, day, due.Start))) before[window.Window.Start.UtcTicks] = window.Window.Rows;
        var (group, sum) = (new List<long>(), 0L);
        for (var start = due.Start - (due.Start - day) / step * step; start <= due.Start; start += step)
        {
            group.Add(start);
            sum += start == due.Start ? rows : before.GetValueOrDefault(start);
            var ends = sum >= least || group.Count == Most || DayOf(model, start + step) != day;
            if (start == due.Start) return ends ? group : [];
            if (ends) (group, sum) = ([], 0);
        }
        return [];
    }

    /// <summary>The day that an instant belongs to; days begin at the origin's time of day.</summary>
    static long DayOf(WatchedModel model, long time)
    {
        var since = (time - model.Config.Origin.UtcTicks) % TimeSpan.TicksPerDay;
        return time - (since < 0 ? since + TimeSpan.TicksPerDay : since);
    }

    /// <summary>The rows of the earlier windows of a group, of one segment.</summary>
    public static IEnumerable<Profile> Profiles(IStoreTransaction transaction, DueWindow due, string segment, IReadOnlyList<long> group, Profile cells) => group.Count < 2
        ? []
        : transaction.History(new HistoryQuery(due.Like with { Segment = segment }, group[0], due.Start)).Select(w => ProfileFormat.ReadCounts(w.Counts, cells));
}
