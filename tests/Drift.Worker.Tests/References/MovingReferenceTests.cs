using Drift.Worker.Configuration;
using Drift.Worker.References;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Windows;
using static Drift.Worker.Tests.Windows.Logs;

namespace Drift.Worker.Tests.References;

/// <summary>References that come from the stream: what a window is compared with, and what it is not.</summary>
public sealed class MovingReferenceTests : IDisposable
{
    const int RowsAnHour = 300;

    readonly MemoryStore store = new();
    readonly List<Judged> judged = [];

    public void Dispose() => store.Dispose();

    /// <summary>Hours of a stream through the engine; <paramref name="x"/> gives the middle of an hour's values.</summary>
    void Stream(MovingConfig? moving, int hours, Func<int, double> x, Func<int, int>? rows = null, Func<int, string>? version = null, IReadOnlyList<string>? segments = null)
    {
        var models = Models(Config(windowMinutes: 60, graceMinutes: 0) with { Moving = moving, Segments = segments ?? [], Measures = ["psi"] });
        store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
        var engine = Engine(store, models, judged: judged);
        engine.Claim(P(0));
        var random = new Random(3);
        for (var hour = 0; hour < hours; hour++)
        {
            var count = rows?.Invoke(hour) ?? RowsAnHour;
            for (var i = 0; i < count; i++)
                engine.Take(0, Row(hour * 60 + i * 59.0 / count, Math.Round(x(hour) + 10 * random.NextDouble(), 3), "ab"[i % 2].ToString(), version?.Invoke(hour) ?? "1"));
            engine.Commit([P(0)]);
        }
        engine.Find(P(0))!.End();
        engine.Commit([P(0)]);
    }

    Reading? Psi(int hour, string segment = "", string version = "1") => judged.Last(j => j.All.Window.Start == Start.AddHours(hour) && j.All.Window.Version == version) is var at && segment == ""
        ? at.All.Readings.SingleOrDefault(r => r is { Measure: "psi", Column: "x" })
        : at.Segments.Single(s => s.Segment == segment).Readings.SingleOrDefault(r => r is { Measure: "psi", Column: "x" });

    string? Wait(int hour) => judged.Last(j => j.All.Window.Start == Start.AddHours(hour)).All.Readings.SingleOrDefault(r => r.Measure == "comparison")?.Detail?.Reason;

    /// <summary>A day that goes from 0 to 92 and back to 0 at midnight.</summary>
    static double Cycle(int hour) => hour % 24 * 3.9;

    [Fact]
    public void The_same_time_of_day_is_no_drift_although_the_day_goes_up_and_down()
    {
        Stream(new MovingConfig(MovingKind.Hour), 72, h => Cycle(h) + (h >= 60 ? 9 : 0));
        for (var hour = 0; hour < 24; hour++) Assert.Equal(("no window started at this time of day in the 14 days before", (Reading?)null), (Wait(hour), Psi(hour)));
        for (var hour = 24; hour < 60; hour++) Assert.InRange(Psi(hour)!.Value, 0, 0.15);
        for (var hour = 60; hour < 70; hour++) Assert.True(Psi(hour)!.Value > 0.5, $"hour {hour} moved: {Psi(hour)!.Value}");
    }

    [Fact]
    public void Against_a_file_the_same_stream_drifts_every_hour()
    {
        Stream(null, 48, Cycle);
        for (var hour = 0; hour < 48; hour++) Assert.True(Psi(hour)!.Value > 0.5);
    }

    [Fact]
    public void A_weekday_is_compared_with_the_same_weekdays_before_and_no_further_back_than_asked()
    {
        Stream(new MovingConfig(MovingKind.Weekday) { Last = 1 }, 24 * 7 * 3, h => h / 24 % 7 >= 5 ? 60 : h < 24 * 7 ? 10 : 20, rows: _ => 60);
        Assert.Null(Psi(24 * 7 - 1));
        Assert.True(Psi(24 * 7)!.Value > 0.5);              // 20 where the week before had 10
        Assert.InRange(Psi(24 * 14)!.Value, 0, 0.3);        // 20 and 20: the first week is too long ago
        Assert.InRange(Psi(24 * (7 + 5))!.Value, 0, 0.3);   // the weekend is high every week
    }

    [Fact]
    public void A_month_is_compared_with_the_same_month_of_other_years()
    {
        // A record at the same hour of one day each month; only November is high.
        var models = Models(Config(windowMinutes: 60, graceMinutes: 0) with { Moving = new MovingConfig(MovingKind.Month), Measures = ["psi"] });
        store.SaveReference(models.All[0].ReferenceId, "m", models.All[0].Document);
        var engine = Engine(store, models, judged: judged);
        engine.Claim(P(0));
        var months = Enumerable.Range(0, 25).Select(i => Start.AddMonths(i)).ToList();
        foreach (var month in months)
            for (var i = 0; i < 200; i++)
                engine.Take(engine.Find(P(0))!, Row((month - Start).TotalMinutes + i * .2, (month.Month == 11 ? 80 : 20) + i % 10), false, engine.Find(P(0))!.Position ?? 0, Start.AddYears(3).UtcTicks);
        engine.Find(P(0))!.End();
        engine.Commit([P(0)]);
        var rows = judged.Where(j => j.All.Window.Rows > 0).ToDictionary(j => j.All.Window.Start, j => j.All.Readings.SingleOrDefault(r => r is { Measure: "psi", Column: "x" })?.Value);
        Assert.Null(rows[Start]);
        Assert.Null(rows[Start.AddMonths(11)]);
        Assert.InRange(rows[Start.AddMonths(12)]!.Value, 0, 0.05);
        Assert.InRange(rows[Start.AddMonths(24)]!.Value, 0, 0.05);
    }

    [Fact]
    public void The_previous_window_is_the_last_one_with_rows_of_the_same_version()
    {
        Stream(new MovingConfig(MovingKind.Previous), 8, h => h < 6 ? 20 : 60, rows: h => h == 4 ? 0 : RowsAnHour, version: h => h == 3 ? "2" : "1");
        Assert.Equal("there is no earlier window with rows", Wait(0));
        Assert.Null(Psi(3, version: "2"));
        Assert.InRange(Psi(5)!.Value, 0, 0.1); // compared with hour 2: 3 is another version, 4 is empty
        Assert.True(Psi(6)!.Value > 0.5);
        Assert.InRange(Psi(7)!.Value, 0, 0.1);
    }

    [Theory]
    [InlineData(MovingKind.FirstRows)]
    [InlineData(MovingKind.FirstPeriod)]
    public async Task The_first_windows_become_the_reference_once_they_are_enough_and_stay_it(MovingKind kind)
    {
        Stream(new MovingConfig(kind) { Rows = 4 * RowsAnHour, Period = TimeSpan.FromHours(4) }, 12, h => h < 8 ? 20 : 60);
        for (var hour = 0; hour < 4; hour++) Assert.Equal("the first windows are still being captured as the reference", Wait(hour));
        for (var hour = 4; hour < 8; hour++) Assert.InRange(Psi(hour)!.Value, 0, 0.05);
        for (var hour = 8; hour < 12; hour++) Assert.True(Psi(hour)!.Value > 0.5, "drift that lasts does not become the reference");
        Assert.Equal(12, (await store.WindowsAsync(new WindowQuery("m"), TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public void First_windows_that_drift_from_each_other_are_refused_until_there_is_a_calm_stretch()
    {
        Stream(new MovingConfig(MovingKind.FirstRows) { Rows = 4 * RowsAnHour }, 12, h => h < 2 ? 20 : 60);
        Assert.Contains("drift from each other", Wait(4), StringComparison.Ordinal);
        Assert.Contains("x", Wait(4), StringComparison.Ordinal);
        for (var hour = 6; hour < 12; hour++) Assert.InRange(Psi(hour)!.Value, 0, 0.05);
    }

    [Fact]
    public void A_segment_is_compared_with_its_own_past()
    {
        Stream(new MovingConfig(MovingKind.Hour), 48, Cycle, segments: ["c"]);
        Assert.Null(Psi(5, "c=a"));
        Assert.Equal("c=a", Psi(30, "c=a")!.Segment);
        Assert.InRange(Psi(30, "c=a")!.Value, 0, 0.3);
    }
}
