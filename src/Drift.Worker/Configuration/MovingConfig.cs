namespace Drift.Worker.Configuration;

/// <summary>What a model's windows are compared with when it is not the reference's own counts. The cells are the reference's in every case.</summary>
public enum MovingKind
{
    /// <summary>The model's first windows, until they span a period; from then on always these.</summary>
    FirstPeriod,

    /// <summary>The model's first windows, until they hold enough rows; from then on always these.</summary>
    FirstRows,

    /// <summary>The last window with rows before this one.</summary>
    Previous,

    /// <summary>The windows that started at the same time of day, on the days before.</summary>
    Hour,

    /// <summary>The windows that started at the same time of the same weekday, in the weeks before.</summary>
    Weekday,

    /// <summary>The windows that started at the same time of day in the same calendar month, in the years before.</summary>
    Month,
}

/// <summary>A reference that comes from the stream itself.</summary>
public sealed record MovingConfig(MovingKind Kind)
{
    /// <summary>How much time the first windows must span.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many rows the first windows must hold.</summary>
    public long Rows { get; init; } = 10_000;

    /// <summary>How many days, weeks or years back a season reaches.</summary>
    public int Last { get; init; } = Kind switch { MovingKind.Hour => 14, MovingKind.Weekday => 8, _ => 3 };

    static readonly (string, MovingKind)[] names =
        [("first_period", MovingKind.FirstPeriod), ("first_rows", MovingKind.FirstRows), ("previous", MovingKind.Previous), ("hour", MovingKind.Hour), ("weekday", MovingKind.Weekday), ("month", MovingKind.Month)];

    /// <summary>Reads <c>{"File":..,"Kind":..}</c>; null moving: the file's own counts.</summary>
    internal static (string? File, MovingConfig? Moving) Read(ConfigSection at, TimeSpan window, TimeSpan step)
    {
        var file = at.File("File");
        if (file is null) at.Problem("File", "a profile is wanted: its cells are what every window is counted in");
        var kind = at.OneOf("Kind", (MovingKind?)null, [("file", null), .. names.Select(n => (n.Item1, (MovingKind?)n.Item2))]);
        MovingConfig? moving = null;
        if (kind is { } chosen)
        {
            moving = new MovingConfig(chosen);
            moving = moving with
            {
                Period = chosen == MovingKind.FirstPeriod ? at.Span("Period", TimeSpan.FromSeconds(2), TimeSpan.FromDays(366)) ?? moving.Period : moving.Period,
                Rows = chosen == MovingKind.FirstRows ? at.Whole("Rows", (int)moving.Rows, 2, int.MaxValue) : moving.Rows,
                Last = chosen >= MovingKind.Hour ? at.Whole("Last", moving.Last, 1, 366) : moving.Last,
            };
            if (window.Ticks % step.Ticks != 0) at.Problem("Kind", $"windows {window:c} long and {step:c} apart overlap in parts: no two of them follow each other");
            if (chosen >= MovingKind.Hour && window > TimeSpan.FromDays(chosen == MovingKind.Weekday ? 7 : 1))
                at.Problem("Kind", $"windows of {window:c} overlap from one {(chosen == MovingKind.Weekday ? "week" : "day")} to the next");
            else if (chosen >= MovingKind.Hour && TimeSpan.FromDays(chosen == MovingKind.Weekday ? 7 : 1).Ticks % step.Ticks != 0)
                at.Problem("Kind", $"no window would have its like: windows {step:c} apart do not fill a {(chosen == MovingKind.Weekday ? "week" : "day")} evenly");
        }
        at.Done();
        return (file, moving);
    }
}
