using Drift.Worker.References;
using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>A window that is due: which panes it may hold, and whether it is known to be empty.</summary>
readonly record struct DueWindow(PaneKey Like, PaneClock Clock, long Start, bool Empty)
{
    public long End => Start + Clock.Window;

    public long ClosesAt => End + Clock.Grace;

    /// <summary>Whether rows of a pane are among its rows.</summary>
    public bool Holds(PaneKey pane) => pane with { Start = 0, Missed = 0, Segment = "" } == Like with { Start = 0, Missed = 0, Segment = "" } && pane.Start >= Start && pane.Start < End;
}

/// <summary>Chooses what to judge now, in the order in which alerts must see it: by end, start, version. Pure.</summary>
static class WindowPlan
{
    /// <summary>Silence is judged this often, then it has said what it has to say.</summary>
    public const int MostEmpty = 48;

    /// <param name="model">The model as configured now.</param>
    /// <param name="unsettled">Its panes with unseen rows.</param>
    /// <param name="last">Its last judged windows.</param>
    /// <param name="horizon">How far time has come.</param>
    public static IReadOnlyList<DueWindow> Of(WatchedModel model, IReadOnlyList<PaneKey> unsettled, (Window? Any, Window? WithRows) last, Horizon horizon)
    {
        var due = new HashSet<DueWindow>();
        foreach (var pane in unsettled)
        {
            var clock = ClockOf(model, pane);
            var first = clock.FirstWindow(pane.Start);
            for (var i = pane.Missed; i < clock.Windows(pane.Start); i++)
            {
                var window = new DueWindow(pane with { Start = 0, Missed = 0 }, clock, first + i * clock.Slide, Empty: false);
                if (horizon.HasPassed(window.ClosesAt)) due.Add(window);
            }
        }
        return [.. due.Concat(Empty(model, due, last, horizon)).OrderBy(w => w.End).ThenBy(w => w.Start).ThenBy(w => w.Like.Version, StringComparer.Ordinal)];
    }

    /// <summary>Panes of a former configuration keep their own length: each is a window of its own.</summary>
    public static PaneClock ClockOf(WatchedModel model, PaneKey pane) => pane.Length == model.Clock.Pane
        ? model.Clock
        : new PaneClock(TimeSpan.FromTicks(pane.Length), TimeSpan.FromTicks(pane.Length), new DateTimeOffset(pane.Start, TimeSpan.Zero), model.Config.Grace);

    /// <summary>
    /// Windows after the last judged one in which no version of the model had a row: they belong to the version that had rows last. Time must have been
    /// moved past them by records, or by the clock of a live stream: the years between a backfill and today are not silence.
    /// </summary>
    static IEnumerable<DueWindow> Empty(WatchedModel model, HashSet<DueWindow> due, (Window? Any, Window? WithRows) last, Horizon horizon)
    {
        var clock = model.Clock;
        var taken = new Dictionary<long, string>();
        foreach (var window in due.Where(w => w.Clock == clock))
            if (!taken.TryGetValue(window.Start, out var version) || string.CompareOrdinal(window.Like.Version, version) > 0) taken[window.Start] = window.Like.Version;
        if (last.WithRows is { } rows) taken.TryAdd(clock.LastWindow(rows.Start.UtcTicks), rows.Version);
        if (taken.Count == 0 || horizon.Ended) yield break;
        var closed = clock.LastClosed(horizon.Live ? horizon.Watermark : Math.Min(horizon.Watermark, horizon.Delivered));
        var newest = taken.Keys.Min();
        for (var start = newest; start <= closed; start += clock.Slide)
        {
            if (taken.ContainsKey(start)) newest = start;
            else if ((start - newest) / clock.Slide > MostEmpty) start = taken.Keys.Where(t => t > start).DefaultIfEmpty(closed + clock.Slide).Min() - clock.Slide;
            else if (!(start <= last.Any?.Start.UtcTicks)) yield return new DueWindow(new PaneKey(model.Name, taken[newest], model.ReferenceId, 0, clock.Pane), clock, start, Empty: true);
        }
    }
}
