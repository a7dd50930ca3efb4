using System.Globalization;
using System.Text;
using Drift.Alerts;
using Drift.Worker.Configuration;
using Drift.Worker.References;
using Drift.Worker.Stores;
using Drift.Worker.Windows;

namespace Drift.Worker.Tests.Windows;

/// <summary>A clock that stands still until it is told to go on.</summary>
sealed class FakeTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Logs in memory and what they ought to give.</summary>
static class Logs
{
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    public static readonly Profile Reference = ProfileBuilder.ForReference(Schema.Of(ColumnSpec.Numeric("x"), ColumnSpec.Categorical("c")))
        .Add("x", Enumerable.Range(0, 2000).Select(i => i / 20.0).ToArray()).Add("c", Enumerable.Range(0, 2000).Select(i => "abcd"[i % 4].ToString())).ToProfile();

    public static ModelConfig Config(double windowMinutes = 10, double graceMinutes = 2, double? slideMinutes = null) => new()
    {
        Reference = "r.json", Window = TimeSpan.FromMinutes(windowMinutes), Grace = TimeSpan.FromMinutes(graceMinutes), Slide = slideMinutes is { } s ? TimeSpan.FromMinutes(s) : null,
    };

    public static WatchedModels Models(ModelConfig? config = null) => new([new WatchedModel("m", config ?? Config(), Reference)]);

    public static WindowEngine Engine(IDriftStore store, WatchedModels models, TimeProvider? time = null, string owner = "w", List<Judged>? judged = null) =>
        new(store, models, new Judge(models, () => Policy.Default, time ?? new FakeTime(Start)), new RecordLimits(), owner) { OnJudged = judged is null ? null : judged.AddRange };

    public static SourcePartition P(int partition) => new("t", partition);

    /// <summary>A record some minutes after the start.</summary>
    public static byte[] Row(double minutes, double x = 1, string c = "a", string version = "1", string model = "m", string? id = null) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $$$"""{"ts":"{{{EventTime.Format(Start.AddMinutes(minutes).UtcTicks)}}}",{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}"model":"{{{model}}}","version":"{{{version}}}","features":{"x":{{{x}}},"c":"{{{c}}}"}}"""));

    /// <summary>The time of a message that is never too early for its record.</summary>
    public static readonly long Later = Start.AddDays(300).UtcTicks;

    public static void Take(this WindowEngine engine, int partition, byte[] message) =>
        engine.Take(engine.Find(P(partition))!, message, tombstone: false, engine.Find(P(partition))!.Position ?? 0, Later);

    /// <summary>All that must not depend on how the log was cut: windows with their exact counts, totals, alerts. Only the last digits of moments may differ.</summary>
    public static async Task<string> Describe(IResultStore store)
    {
        var text = new StringBuilder();
        foreach (var window in await store.WindowsAsync(new WindowQuery("m") { Limit = 1000 }, CancellationToken.None))
        {
            var w = window.Window;
            text.AppendLine(CultureInfo.InvariantCulture, $"{w.Start:HH:mm} v{w.Version} r{w.Revision} rows {w.Rows} late {w.Late} by {w.ClosedBy} of {w.Partitions}");
            foreach (var column in (await store.ProfileAsync(window, CancellationToken.None))!.Columns) text.AppendLine(Counts(column));
            foreach (var reading in window.Readings.Where(r => r.Column == "")) text.AppendLine(CultureInfo.InvariantCulture, $"  {reading.Measure} {reading.Value:R} of {reading.Rows}");
        }
        foreach (var p in await store.SourcesAsync(CancellationToken.None))
            text.AppendLine(CultureInfo.InvariantCulture, $"{p.Source} at {p.Position} wm {p.Watermark} records {p.Records} rows {p.Rows} late {p.Late} gaps {p.Gaps} invalid {Text(p.Invalid)} skipped {Text(p.Skipped)}");
        foreach (var transition in await store.TransitionsAsync(null, 1000, CancellationToken.None))
            text.AppendLine(CultureInfo.InvariantCulture, $"{transition.Alert.Key} {transition.From}->{transition.To} at {transition.WindowStart:HH:mm} r{transition.Revision}");
        return text.ToString();
    }

    public static string Counts(ColumnProfile column) => column.Histogram is { } h
        ? $"  {column.Name}: {string.Join(",", h.Counts.ToArray())} null {h.Null} nan {h.NaN} below {h.Below} above {h.Above} mismatched {h.Mismatched} n {h.Moments.N}"
        : $"  {column.Name}: {string.Join(",", column.Categories!.Counts.ToArray())} other {column.Categories.Other} unseen {column.Categories.Unseen} null {column.Null}";

    static string Text(IReadOnlyDictionary<string, long> counts) => string.Join(",", counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"));
}
