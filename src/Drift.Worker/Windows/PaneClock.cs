using Drift.Worker.Configuration;

namespace Drift.Worker.Windows;

/// <summary>
/// The arithmetic of windows and panes, in UTC ticks. Windows start at origin + k x slide and are <c>window</c> long; a pane is the greatest common
/// divisor of the two, so every window is a whole number of panes and panes never overlap. Tumbling windows are one pane each.
/// </summary>
public sealed class PaneClock
{
    readonly long origin;

    public PaneClock(ModelConfig config)
        : this(config.Window, config.Slide ?? config.Window, config.Origin, config.Grace, config.Late == LatePolicy.Revise ? config.ReviseFor : TimeSpan.Zero) { }

    public PaneClock(TimeSpan window, TimeSpan slide, DateTimeOffset origin, TimeSpan grace, TimeSpan keep = default)
    {
        Keep = keep.Ticks;
        Window = window.Ticks;
        Slide = slide.Ticks;
        Grace = grace.Ticks;
        Pane = PaneLength(window, slide).Ticks;
        this.origin = origin.UtcTicks;
    }

    public long Window { get; }

    public long Slide { get; }

    public long Grace { get; }

    /// <summary>How long after a window has closed late rows still change it.</summary>
    public long Keep { get; }

    /// <summary>A pane's length.</summary>
    public long Pane { get; }

    public static TimeSpan PaneLength(TimeSpan window, TimeSpan slide)
    {
        var (a, b) = (window.Ticks, slide.Ticks);
        while (b != 0) (a, b) = (b, a % b);
        return TimeSpan.FromTicks(a);
    }

    /// <summary>Whether every window of this instant lies within the calendar.</summary>
    public bool Covers(long time) => time >= Window + Slide && time <= DateTime.MaxValue.Ticks - Window - Slide - Grace - Keep;

    /// <summary>The start of the pane that an instant belongs to.</summary>
    public long PaneOf(long time) => Floor(time, Pane);

    /// <summary>The start of the first window that holds a pane.</summary>
    public long FirstWindow(long pane)
    {
        var after = pane + Pane - Window; // a window that ends with the pane starts here
        var floor = Floor(after, Slide);
        return floor == after ? after : floor + Slide;
    }

    /// <summary>The start of the last window that holds a pane.</summary>
    public long LastWindow(long pane) => Floor(pane, Slide);

    /// <summary>How many windows hold a pane.</summary>
    public int Windows(long pane) => (int)((LastWindow(pane) - FirstWindow(pane)) / Slide) + 1;

    /// <summary>Whether a window that starts here has closed at a watermark: the one rule of lateness.</summary>
    public bool IsClosed(long windowStart, long watermark) => windowStart + Window + Grace <= watermark;

    /// <summary>How many of a pane's windows take no row any more at a watermark: what a record that comes now has missed.</summary>
    public int Missed(long pane, long watermark)
    {
        var first = FirstWindow(pane);
        var firstEnd = first + Window + Grace + Keep;
        return firstEnd > watermark ? 0 : (int)Math.Min(Windows(pane), (watermark - firstEnd) / Slide + 1);
    }

    /// <summary>The start of the last window that has closed at a watermark.</summary>
    public long LastClosed(long watermark) => Floor(watermark - Window - Grace, Slide);

    long Floor(long time, long step)
    {
        var offset = (time - origin) % step;
        return time - (offset < 0 ? offset + step : offset);
    }
}
