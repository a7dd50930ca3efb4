using System.Globalization;
using System.Text;
using System.Text.Json;
using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.References;
using Drift.Worker.Stores;
using Drift.Worker.Stores.Memory;
using Drift.Worker.Tests.Commands;
using Drift.Worker.Windows;

namespace Drift.Worker.Tests.Hosting;

/// <summary>A stream with daily and weekly cycles and no drift, in hourly windows: what the default policy makes of it against the same hour of the same weekday, and against an all-day reference.</summary>
public sealed class SeasonTests : IDisposable
{
    const int RowsAnHour = 300;

    /// <summary>A Monday, long enough ago that half a year of hours lies before today.</summary>
    static readonly DateTimeOffset start = Monday(DateTimeOffset.UtcNow.UtcDateTime.Date.AddDays(-7 * 27));

    readonly Folder folder = new();
    readonly Random random = new(26);

    public void Dispose() => folder.Dispose();

    static DateTimeOffset Monday(DateTime day) => new(day.AddDays(-(((int)day.DayOfWeek + 6) % 7)), TimeSpan.Zero);

    /// <summary>One standard deviation of noise on two cycles of 0.8 each.</summary>
    double Value(double hour) => 0.8 * Math.Sin(2 * Math.PI * hour / 24) + 0.8 * Math.Sin(2 * Math.PI * hour / 168) + Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    static string Time(double hour) => start.AddHours(hour).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    string Row(double hour) => string.Create(CultureInfo.InvariantCulture, $$"""{"ts":"{{Time(hour)}}","model":"m","version":"1","features":{"x":{{Value(hour):F4}},"c":"{{"abc"[random.Next(3)]}}"} }""");

    IEnumerable<string> Rows(int hours) => Enumerable.Range(0, hours * RowsAnHour).Select(i => Row(i / (double)RowsAnHour));

    /// <summary>Four weeks, drawn apart from the stream.</summary>
    async Task<Profile> Reference()
    {
        File.WriteAllLines(folder["train.csv"], ["ts,x,c", .. Enumerable.Range(0, 4 * 168 * 30).Select(i => string.Create(CultureInfo.InvariantCulture, $"{Time(i / 30.0)},{Value(i / 30.0):F4},{"abc"[random.Next(3)]}"))]);
        var run = await Run.Of("profile", folder["train.csv"], "--out", folder["r.json"], "--ignore", "ts", "--model", "m");
        Assert.Equal((0, ""), (run.Code, run.Error));
        return ProfileFormat.Read(File.ReadAllBytes(folder["r.json"]));
    }

    [Fact]
    public async Task Against_the_same_hours_of_the_weeks_before_half_a_year_is_quiet()
    {
        const int hours = 26 * 168;
        var model = new WatchedModel("m", new ModelConfig { Reference = "r.json", Moving = new MovingConfig(MovingKind.Weekday), Window = TimeSpan.FromHours(1), Grace = TimeSpan.Zero, Origin = start }, await Reference());
        using var store = new MemoryStore();
        store.SaveReference(model.ReferenceId, "m", model.Document);
        var models = new WatchedModels([model]);
        var (windows, compared) = (0, 0);
        var raised = new List<string>();
        var engine = new WindowEngine(store, models, new Judge(models, () => Policy.Default, TimeProvider.System) { ByWallClock = false }, new RecordLimits(), "test")
        {
            OnJudged = judged =>
            {
                windows += judged.Count;
                compared += judged.Count(j => j.All.Readings.Any(r => r is { Measure: "ks", Column: "x", Status: ReadingStatus.Ok }));
                raised.AddRange(judged.SelectMany(j => j.Judgement.Notices).Select(n => n.Text));
            },
        };
        var source = new SourcePartition("t", 0);
        var fold = engine.Claim(source);
        var read = 0;
        foreach (var row in Rows(hours))
        {
            engine.Take(fold, Encoding.UTF8.GetBytes(row), tombstone: false, read++, DateTimeOffset.UtcNow.UtcTicks);
            if (read % (24 * RowsAnHour) == 0) engine.Commit([source]);
        }
        fold.End();
        engine.Commit([source]);
        Assert.Equal(hours, windows);
        Assert.True(compared > 23 * 168, $"only {compared} of {hours} windows could be compared");
        Assert.Empty(raised);
    }

    [Fact]
    public async Task Against_an_all_day_reference_a_dry_run_lists_what_it_would_have_raised()
    {
        await Reference();
        folder.File("drift.json", $$"""
            {"Drift":{"Models":{"m":{"Reference":"r.json","Window":"01:00:00","Grace":"00:00:00"} },"Store":{"Sqlite":{{JsonSerializer.Serialize(folder["drift.db"])}} } } }
            """);
        File.WriteAllLines(folder["log.jsonl"], Rows(3 * 168));
        var replay = await Run.Of("replay", folder["log.jsonl"], "--config", folder["drift.json"], "--write");
        Assert.Equal((0, ""), (replay.Code, replay.Error));
        var run = await Run.Of("policy", "dryrun", folder.File("p.json", Policy.DefaultText), "--config", folder["drift.json"], "--since", "240d", "--format", "json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var result = JsonDocument.Parse(run.Out);
        Assert.Equal(3 * 168, result.RootElement.GetProperty("windows").GetInt32());
        var raised = result.RootElement.GetProperty("raised").EnumerateArray().ToList();
        Assert.NotEmpty(raised);
        Assert.All(raised, alert => Assert.Equal("x", alert.GetProperty("column").GetString()));
        Assert.StartsWith($"would have raised {raised.Count} alert", (await Run.Of("policy", "dryrun", folder["p.json"], "--config", folder["drift.json"], "--since", "240d")).Out, StringComparison.Ordinal);
    }
}
