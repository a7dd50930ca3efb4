using Drift.Worker.Stores;

namespace Drift.Worker.Windows;

/// <summary>
/// How far event time has come over all partitions: the least watermark of those that are not idle. A partition that nobody has claimed yet, or that
/// has records but no watermark, holds it down; an idle one does not. When all are idle, or have ended, time goes on by itself.
/// </summary>
/// <param name="Watermark">In UTC ticks: a window closes when its end plus grace is not after it.</param>
/// <param name="Delivered">The least watermark of every partition that ever delivered a record, idle or not.</param>
/// <param name="Ended">Whether all input has ended.</param>
/// <param name="SomeEnded">Whether part of it has.</param>
/// <param name="Live">Whether the newest events are about as old as their messages; false while a backfill is read.</param>
public readonly record struct Horizon(long Watermark, long Delivered, bool Ended, bool SomeEnded, bool Live)
{
    /// <summary>An owner that has not asked the broker for this long may be dead; its silence says nothing.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(15);

    /// <param name="expected">Every partition of the watched topics.</param>
    /// <param name="states">What is known of partitions; others than the expected ones do not count.</param>
    /// <param name="idleAfter">How long a partition that has been read to its end must be quiet to be idle.</param>
    /// <param name="now">The wall clock: what time goes on by when nothing else moves it.</param>
    /// <param name="window">A window's length: what a stream may lag and still be live.</param>
    public static Horizon Of(IReadOnlyCollection<SourcePartition> expected, IEnumerable<PartitionState> states, TimeSpan idleAfter, DateTimeOffset now, long window)
    {
        var known = states.ToDictionary(s => s.Source);
        var (least, delivered) = (long.MaxValue, long.MaxValue);
        var (waiting, ended, someEnded, live) = (false, true, false, false);
        foreach (var source in expected)
        {
            var state = known.GetValueOrDefault(source);
            if (state?.Watermark is { } watermark)
            {
                delivered = Math.Min(delivered, watermark);
                live |= state.WatermarkSetAt - watermark < window;
            }
            ended &= state is { Ended: true };
            someEnded |= state is { Ended: true };
            if (state is { Ended: true } || IsIdle(state, idleAfter, now) || state?.IsBroken(idleAfter) == true) continue;
            waiting = true;
            least = Math.Min(least, state?.Watermark ?? long.MinValue);
        }
        if (expected.Count == 0) return new Horizon(long.MinValue, long.MinValue, false, false, false);
        return new Horizon(waiting ? least : ended ? long.MaxValue : now.UtcTicks, delivered, ended, someEnded, live);
    }

    static bool IsIdle(PartitionState? state, TimeSpan idleAfter, DateTimeOffset now) =>
        state is { QuietSince: { } since, QuietCheckedAt: { } at } && now - since >= idleAfter && now - at <= Stale;

    public bool HasPassed(long closesAt) => closesAt <= Watermark;

    /// <summary>What closes a window: <c>watermark</c> when every partition with records has passed it, else what took their place.</summary>
    public string ClosedBy(long closesAt) => closesAt <= Delivered ? "watermark" : SomeEnded ? "end" : "idle";
}
