using Drift.Worker.Windows;
using FsCheck;
using FsCheck.Fluent;

namespace Drift.Worker.Tests.Windows;

public sealed class PaneClockTests
{
    static readonly DateTimeOffset monday = new(1970, 1, 5, 0, 0, 0, TimeSpan.Zero);

    static long At(int day, double hours = 0) => monday.UtcTicks + TimeSpan.FromDays(day).Ticks + TimeSpan.FromHours(hours).Ticks;

    static PaneClock Clock(double windowHours, double slideHours, double graceHours = 0) =>
        new(TimeSpan.FromHours(windowHours), TimeSpan.FromHours(slideHours), monday, TimeSpan.FromHours(graceHours));

    [Fact]
    public void Tumbling_windows_are_one_pane_each()
    {
        var clock = Clock(24 * 7, 24 * 7);
        Assert.Equal(At(7), clock.PaneOf(At(13, 23.9)));
        Assert.Equal(At(14), clock.PaneOf(At(14)));
        Assert.Equal(At(-7), clock.PaneOf(At(0) - 1));
        Assert.Equal((At(7), At(7), 1), (clock.FirstWindow(At(7)), clock.LastWindow(At(7)), clock.Windows(At(7))));
    }

    [Fact]
    public void A_window_closes_when_the_watermark_reaches_end_plus_grace()
    {
        var clock = Clock(24, 24, graceHours: 2);
        Assert.False(clock.IsClosed(At(0), At(1, 2) - 1));
        Assert.True(clock.IsClosed(At(0), At(1, 2)));
        Assert.Equal(0, clock.Missed(At(0), At(1, 2) - 1));
        Assert.Equal(1, clock.Missed(At(0), At(1, 2)));
        Assert.Equal(1, clock.Missed(At(0), At(100)));
        Assert.Equal(At(0), clock.LastClosed(At(1, 2)));
        Assert.Equal(At(-1), clock.LastClosed(At(1, 2) - 1));
    }

    [Fact]
    public void Sliding_windows_share_panes()
    {
        var clock = Clock(24, 6);
        Assert.Equal(TimeSpan.FromHours(6).Ticks, clock.Pane);
        Assert.Equal((At(0, -18), At(0), 4), (clock.FirstWindow(At(0)), clock.LastWindow(At(0)), clock.Windows(At(0))));
        // At hour 12 the windows that began at -18 and -12 have ended.
        Assert.Equal(2, clock.Missed(At(0), At(0, 12)));
        Assert.Equal(4, clock.Missed(At(0), At(9)));
        Assert.Equal(TimeSpan.FromHours(2).Ticks, Clock(6, 4).Pane);
    }

    /// <summary>The closed forms against the definition, on windows and slides with any divisor.</summary>
    [Fact]
    public void The_arithmetic_is_what_the_definition_says() => Prop.ForAll(
        Gen.Choose(1, 12).Two().Zip(Gen.Choose(-100, 100)).Zip(Gen.Choose(-100, 200)).Zip(Gen.Choose(0, 5)).ToArbitrary(),
        x =>
        {
            var ((((a, b), time), wm), grace) = x;
            var (window, slide) = (Math.Max(a, b), Math.Min(a, b));
            var clock = Clock(window, slide, grace);
            var (t, w) = (At(0, time), At(0, wm));
            var starts = Enumerable.Range(-300, 900).Select(k => At(0, k * slide)).Where(s => s <= t && t < At(0, 0) + (s - At(0)) + TimeSpan.FromHours(window).Ticks).ToList();
            var pane = clock.PaneOf(t);
            var missed = starts.Count(s => s + clock.Window + clock.Grace <= w);
            return (pane <= t && t < pane + clock.Pane && starts[0] == clock.FirstWindow(pane) && starts[^1] == clock.LastWindow(pane)
                && starts.Count == clock.Windows(pane) && missed == clock.Missed(pane, w)
                && clock.IsClosed(clock.LastClosed(w), w) && !clock.IsClosed(clock.LastClosed(w) + clock.Slide, w)).ToProperty();
        }).QuickCheckThrowOnFailure();
}
