using Drift.Worker.Configuration;
using Drift.Worker.Stores;
using Drift.Worker.Windows;

namespace Drift.Worker.References;

/// <summary>What a window is compared with: a profile in the window's cells, or why there is none yet.</summary>
readonly record struct Counterpart(Profile? Profile, string Wait = "");

/// <summary>
/// A reference made of windows that were judged before, all of one version and in the same cells, so that their counts add up exactly. Which windows those
/// are depends on times and row counts alone, never on what the rows say; only whether a first stretch is calm enough to be kept looks at values.
/// </summary>
sealed class MovingReference(MovingConfig config, Profile cells, PaneClock clock)
{
    const int MostWindows = 5_000;

    /// <summary>What was captured and is committed, by the id that it is stored under.</summary>
    readonly Dictionary<string, Profile> captured = new(StringComparer.Ordinal);

    /// <param name="transaction">The transaction that judges: it sees the windows judged just before.</param>
    /// <param name="like">Model, version, reference and segment.</param>
    /// <param name="group">The starts of the windows that are compared together, UTC ticks; usually one.</param>
    public Counterpart Of(IStoreTransaction transaction, PaneKey like, IReadOnlyList<long> group)
    {
        if (config.Kind < MovingKind.Hour || group.Count == 1) return Of(transaction, like, group[0]);
        var each = group.Select(start => Of(transaction, like, start)).ToList();
        return each.Exists(c => c.Profile is not null) ? new Counterpart(Capture.Sum([.. each.Select(c => c.Profile).OfType<Profile>()])) : each[^1];
    }

    Counterpart Of(IStoreTransaction transaction, PaneKey like, long start) => config.Kind switch
    {
        MovingKind.Previous => Sum(Before(transaction, like, start, 0, clock.Window, 1), "there is no earlier window with rows"),
        MovingKind.Hour => Season(transaction, like, start, TimeSpan.FromDays(1), "no window started at this time of day in the {0} days before"),
        MovingKind.Weekday => Season(transaction, like, start, TimeSpan.FromDays(7), "no window started at this time of this weekday in the {0} weeks before"),
        MovingKind.Month => Months(transaction, like, start),
        _ => First(transaction, like, start),
    };

    Counterpart Season(IStoreTransaction transaction, PaneKey like, long start, TimeSpan season, string otherwise) =>
        Sum(Before(transaction, like, start, start - season.Ticks * config.Last, season.Ticks), Say(otherwise));

    Counterpart Months(IStoreTransaction transaction, PaneKey like, long start)
    {
        var month = new DateTime(start);
        month = new DateTime(month.Year, month.Month, 1);
        var windows = new List<JudgedWindow>();
        for (var year = 1; year <= config.Last && year < month.Year; year++)
        {
            var from = month.AddYears(-year);
            // A window belongs to the month that it starts in.
            windows.AddRange(transaction.History(new HistoryQuery(like, from.Ticks, from.AddMonths(1).Ticks + clock.Window - 1) { Anchor = start, Every = TimeSpan.TicksPerDay, Limit = MostWindows })
                .Where(w => w.Window.Start.UtcTicks < from.AddMonths(1).Ticks));
        }
        return Sum(windows, Say("no window started in this month at this time of day in the {0} years before"));
    }

    string Say(string text) => string.Format(System.Globalization.CultureInfo.InvariantCulture, text, config.Last);

    static IReadOnlyList<JudgedWindow> Before(IStoreTransaction transaction, PaneKey like, long start, long from, long every, int limit = MostWindows) =>
        transaction.History(new HistoryQuery(like, Math.Max(0, from), start) { Anchor = start, Every = every, Limit = limit });

    Counterpart Sum(IReadOnlyList<JudgedWindow> windows, string otherwise) => windows.Count == 0 ? new Counterpart(null, otherwise) : new Counterpart(Capture.Sum([.. windows.Select(Profile)]));

    /// <summary>What the reference file knows beyond its counts is about its own rows: it stays behind.</summary>
    Profile Profile(JudgedWindow window) => ProfileFormat.ReadCounts(window.Counts, cells)
        .With(window.Window.Model, window.Window.Version, window.Window.Start, window.Window.End, new Dictionary<string, string>());

    /// <summary>The first stretch that is long enough and whose halves are alike; kept under a name of its own, and from then on the reference.</summary>
    Counterpart First(IStoreTransaction transaction, PaneKey like, long start)
    {
        var id = $"captured/{like.Model}/{like.Version}/{like.Reference}/{like.Segment}/{(config.Kind == MovingKind.FirstRows ? $"rows {config.Rows}" : $"period {config.Period:c}")}";
        if (captured.TryGetValue(id, out var known)) return new Counterpart(known);
        // Remembered only once it is read back: the transaction that keeps it may still come to nothing.
        if (transaction.Reference(id) is { } document) return new Counterpart(captured[id] = ProfileFormat.Read(document));
        var windows = Stretch(transaction, like, start);
        if (windows.Count == 0) return new Counterpart(null, "the first windows are still being captured as the reference");
        if (Capture.Of([.. windows.Select(Profile)]) is not { Profile: { } profile } refused) return new Counterpart(null, "the reference is still being captured: too few windows");
        if (refused.Drifted.Count > 0) return new Counterpart(null, $"the first windows drift from each other and cannot be the reference yet: {string.Join(", ", refused.Drifted.Take(5))}");
        transaction.SaveReference(id, like.Model, ProfileFormat.Write(profile));
        return new Counterpart(profile);
    }

    /// <summary>The newest windows before this one, oldest first, as many as the capture wants; none while there are not enough.</summary>
    List<JudgedWindow> Stretch(IStoreTransaction transaction, PaneKey like, long start)
    {
        if (config.Kind == MovingKind.FirstPeriod)
        {
            var from = start - config.Period.Ticks;
            var within = Before(transaction, like, start, from, clock.Window);
            var began = within.Count > 0 && (within[^1].Window.Start.UtcTicks < from + clock.Window || Before(transaction, like, from + clock.Window, 0, 1, 1).Count > 0);
            return began ? [.. within.Reverse()] : [];
        }
        var chosen = new List<JudgedWindow>();
        var rows = 0L;
        foreach (var window in Before(transaction, like, start, 0, clock.Window))
        {
            chosen.Insert(0, window);
            if ((rows += window.Window.Rows) >= config.Rows && chosen.Count > 1) return chosen;
        }
        return [];
    }
}
